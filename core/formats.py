from decimal import Decimal


def parse_amount(text: str) -> Decimal:
    return Decimal(text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("€", "").replace(",", "."))
