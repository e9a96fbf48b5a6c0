"""Dataclasses to JSON and back, exactly: Decimal, date, datetime and time carry a tag."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def frozen(value: Any) -> Any:
    """Lists become tuples, all the way down (dicts, as chart specifications, stay as they are)."""
    if isinstance(value, (list, tuple)):
        return tuple(frozen(item) for item in value)
    return value


def encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        encoded = {"$": type(value).__name__}
        for item in fields(value):
            current = getattr(value, item.name)
            if current != item.default:
                encoded[item.name] = encode(current)
        return encoded
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def decode(value: Any, known: dict[str, type]) -> Any:
    """Back to what ``encode`` was given. An unknown class or field raises ``ValueError``."""
    if isinstance(value, list):
        return tuple(decode(item, known) for item in value)
    if not isinstance(value, dict):
        return value
    if "$decimal" in value:
        return Decimal(value["$decimal"])
    if "$datetime" in value:
        return datetime.fromisoformat(value["$datetime"])
    if "$date" in value:
        return date.fromisoformat(value["$date"])
    if "$time" in value:
        return time.fromisoformat(value["$time"])
    if "$" not in value:
        return value  # a chart specification: JSON already, its lists stay lists
    return _build(value, known)


def _build(value: dict[str, Any], known: dict[str, type]) -> Any:
    name = value["$"]
    if name not in known:
        raise ValueError(f"Bloc inconnu dans le document figé : {name}.")
    arguments = {key: decode(item, known) for key, item in value.items() if key != "$"}
    try:
        return known[name](**arguments)
    except TypeError as error:
        raise ValueError(f"Bloc « {name} » illisible dans le document figé.") from error
