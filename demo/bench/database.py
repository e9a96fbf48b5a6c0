"""The address of the throwaway database, for the processes that the benchmark starts."""

from __future__ import annotations

from urllib.parse import quote

from django.db import connection


def url() -> str:
    given = connection.settings_dict
    where = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"]
    who = quote(given["USER"], safe="")
    if given["PASSWORD"]:
        who += f":{quote(given['PASSWORD'], safe='')}"
    return f"postgresql://{who}@{where}/{given['NAME']}"
