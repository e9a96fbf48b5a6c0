"""French formats: the only way figures, amounts and dates are written for people.

A missing value (``None``) reads « n.d. », never 0. Numbers carry U+00A0 between thousands and
before units, so that neither is ever cut from its figure. Rounding is half up, as people count.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone

Number = Decimal | int | float

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "n.d."
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
AMOUNT = re.compile(r"[+-]?\d+(\.\d+)?")
NOT_AN_AMOUNT = (
    "« {text} » n'est pas un montant : écrivez par exemple 12{nbsp}000 ou 1{nbsp}250,50."
)


def decimal(value: Number) -> Decimal:
    """The same figure as a ``Decimal``; a float is read as it prints, not as it is stored."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def rounded(value: Number, decimals: int = 0) -> Decimal:
    return decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Number | None, decimals: int = 0) -> str:
    """« 12 806 », « 1 234,5 »."""
    if value is None:
        return MISSING
    exact = rounded(value, decimals)
    text = f"{abs(exact):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if exact < 0 else text


def with_unit(value: Number | None, unit: str, decimals: int = 0) -> str:
    """« 37 places », « 12,5 % »: the figure and its unit, never parted."""
    if value is None or not unit:
        return number(value, decimals)
    return f"{number(value, decimals)}{NBSP}{unit}"


def euros(value: Number | None, decimals: int = 0) -> str:
    return with_unit(value, "€", decimals)


def keuros(value: Number | None, decimals: int = 1) -> str:
    """An amount in euros, told in thousands: 21 440 → « 21,4 k€ »."""
    return with_unit(None if value is None else decimal(value) / 1000, "k€", decimals)


def file_size(count: int) -> str:
    """« 13,6 ko », « 2,4 Mo »."""
    if count < 1024:
        return plural(count, "octet")
    if rounded(count / 1024, 1) < 1024:
        return with_unit(count / 1024, "ko", 1)
    return with_unit(count / 1024**2, "Mo", 1)


def percent(value: Number | None, decimals: int = 1) -> str:
    """A share already in percent: 17 → « 17,0 % »."""
    return with_unit(value, "%", decimals)


def inhabitants(value: Number | None) -> str:
    return with_unit(value, "hab.")


def signed(value: Number | None, decimals: int = 0, unit: str = "") -> str:
    """A difference with its sign: « +3 », « −1,5 % », « 0 »."""
    text = with_unit(value, unit, decimals)
    return f"+{text}" if value is not None and rounded(value, decimals) > 0 else text


def date_long(value: date | None) -> str:
    """« 12 mars 2026 », « 1er mars 2026 »."""
    if value is None:
        return MISSING
    value = _local(value)
    return f"{_day(value)}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def date_short(value: date | None) -> str:
    return MISSING if value is None else f"{_local(value):%d/%m/%Y}"


def datetime_long(value: datetime | None) -> str:
    """« 12 mars 2026 à 14 h 30 », in the time zone of the instance."""
    if value is None:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{date_long(local)} à {clock(local)}"


def clock(value: time | datetime | None) -> str:
    """« 14 h », « 9 h 05 »: an hour of the day."""
    if value is None:
        return MISSING
    return f"{value.hour}{NBSP}h" + (f"{NBSP}{value.minute:02d}" if value.minute else "")


def hours_between(start: time, end: time) -> str:
    """« de 14 h à 15 h 30 »."""
    return f"de {clock(start)} à {clock(end)}"


def period(start: date | int | None, end: date | int | None) -> str:
    """« 2026-2030 » for years, « du 1er mars au 4 avril 2026 » for dates; one bound is enough."""
    if isinstance(start, int) or isinstance(end, int):
        return str(start or end) if start == end or not (start and end) else f"{start}-{end}"
    if start is None and end is None:
        return MISSING
    if start is None or end is None:
        return f"depuis le {date_long(start)}" if start else f"jusqu'au {date_long(end)}"
    if start == end:
        return f"le {date_long(start)}"
    if start.year != end.year:
        return f"du {date_long(start)} au {date_long(end)}"
    if start.month == end.month:
        return f"du {_day(start)} au {date_long(end)}"
    return f"du {_day(start)}{NBSP}{MONTHS[start.month - 1]} au {date_long(end)}"


def hours_minutes(minutes: int | None) -> str:
    """« 45 min », « 2 h », « 1 h 35 »."""
    if minutes is None:
        return MISSING
    sign, (hours, rest) = MINUS if minutes < 0 else "", divmod(abs(int(minutes)), 60)
    if not hours:
        return f"{sign}{rest}{NBSP}min"
    return f"{sign}{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


SPACES = re.compile(r"[ \t\r\n]+")
"""Those that a line may break at: a no-break space keeps a figure and its unit together."""

TIED = re.compile(r" (?=[:;?!»%€])|(?<=«) |(?<=\d) (?=\d{3}\b)")


def tied(text: str) -> str:
    """A sentence whose double punctuation never begins a line (« carte ; », not « carte / ; »), and
    whose numbers hold together (« 38 000 € »)."""
    return TIED.sub(NBSP, str(text))


def shortened(text: str, length: int) -> str:
    """The text on one line, cut between two words when it is longer than ``length`` characters;
    a single endless word is cut where it must."""
    line = SPACES.sub(" ", str(text)).strip()
    if len(line) <= length:
        return line
    kept = line[: length - 2]
    head, space, _ = kept.rpartition(" ")
    return f"{(head if space and len(head) > length // 2 else kept).rstrip(' ,;:.(')}{NBSP}…"


def fitted(text: str, length: int) -> str:
    """``shortened`` where it is needed only: a text that is short enough keeps its own spaces."""
    return text if len(text) <= length else tied(shortened(text, length))


def plural(count: Number | None, singular: str, many: str = "") -> str:
    """« 1 action », « 3 actions », « 0 action »: in French the plural begins at two."""
    if count is None:
        return f"{MISSING} {singular}"
    word = singular if abs(Decimal(count)) < 2 else many or f"{singular}s"
    return f"{number(count)}{NBSP}{word}"


def ordinal(value: int, feminine: bool = False) -> str:
    """« 1er » (or « 1re »), « 2e »."""
    return f"{value}{('re' if feminine else 'er') if value == 1 else 'e'}"


def parse_amount(text: str) -> Decimal:
    """Read « 12 000 € », « 1 250,50 » or « 1250.5 », narrow spaces included.

    A single separator followed by exactly three digits (« 1.250 ») could be thousands or cents:
    it is refused rather than guessed. Raises ``ValueError`` with a sentence for the user.
    """
    compact = re.sub(r"\s", "", text).replace(MINUS, "-").removesuffix("€").removesuffix("euros")
    if re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", compact):
        raise ValueError(
            f"« {text.strip()} » peut se lire de deux façons : écrivez les milliers avec une espace "
            "et les centimes avec une virgule."
        )
    compact = compact.replace(",", ".", 1)
    if not AMOUNT.fullmatch(compact):
        raise ValueError(NOT_AN_AMOUNT.format(text=text.strip(), nbsp=NBSP))
    try:
        return Decimal(compact)
    except InvalidOperation:
        raise ValueError(NOT_AN_AMOUNT.format(text=text.strip(), nbsp=NBSP)) from None


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)


SHORT = 200  # characters: longer texts are no names, and would fill the memory


def plain_key(text: str) -> str:
    """Lower case, without accents nor doubled spaces: to recognise a word as people type it.

    An import asks it of the same few hundred titles and names thousands of times.
    """
    return _known_key(text) if len(text) <= SHORT else _plain_key(text)


def _plain_key(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split())


_known_key = lru_cache(maxsize=5000)(_plain_key)
