"""What goes wrong before any page exists, told in one French sentence instead of a traceback."""

from __future__ import annotations

import os
import re

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

CAUSES = (
    (r"Connection refused", "aucun serveur n'écoute à cette adresse"),
    (r"could not translate host name|Name or service not known", "ce nom d'hôte est inconnu"),
    (r"password authentication failed", "le mot de passe ou l'utilisateur est refusé"),
    (r'database "[^"]*" does not exist', "cette base n'existe pas sur le serveur"),
    (r'role "[^"]*" does not exist', "cet utilisateur n'existe pas sur le serveur"),
    (r"timeout expired|timed out", "le serveur ne répond pas"),
)


def hide_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def explain(error: BaseException) -> str | None:
    """The sentence for an error that the person at the keyboard can mend; None for the others."""
    if isinstance(error, OperationalError):
        return _database(str(error))
    if isinstance(error, PermissionError):
        return f"{error.filename} n'est pas accessible : vérifiez les droits sur ce dossier."
    if isinstance(error, OSError) and error.errno == 30:
        return f"{error.filename} est sur un disque en lecture seule."
    if isinstance(error, ImproperlyConfigured):
        return str(error)
    return None


def _database(text: str) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return text.strip().splitlines()[0]
    for pattern, cause in CAUSES:
        if re.search(pattern, text):
            return f"La base de données {hide_password(url)} ne répond pas : {cause}."
    return f"La base de données {hide_password(url)} ne répond pas : {text.strip().splitlines()[0]}"
