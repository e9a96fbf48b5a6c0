"""French order and search, on any PostgreSQL server (no ICU needed)."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

FR_KEY = """
CREATE OR REPLACE FUNCTION fr_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;
"""

FR_SEARCH = """
CREATE TEXT SEARCH CONFIGURATION fr_search (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION fr_search
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(FR_KEY, "DROP FUNCTION IF EXISTS fr_key(text)"),
        migrations.RunSQL(FR_SEARCH, "DROP TEXT SEARCH CONFIGURATION IF EXISTS fr_search"),
    ]
