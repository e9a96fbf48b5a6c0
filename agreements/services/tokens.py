"""Secrets of links: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """(what goes in the address, what is stored)."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    """SHA-256 is enough for a secret of 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
