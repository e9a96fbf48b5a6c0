"""A thousand agreements like the example, by INSERT … SELECT: services would take hours."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models

from agreements.models import Agreement, AgreementOwned

STEP = 1_000_000
"""Copy n of row r has the key r + n × STEP: links follow without being looked up."""


def clone_agreement(agreement: Agreement, copies: int) -> None:
    """Copies of the agreement and of all that it holds, its members included."""
    owned: list[type[models.Model]] = [
        model for model in apps.get_models() if issubclass(model, AgreementOwned)
    ]
    shifted: set[type[models.Model]] = {Agreement, *owned}
    with connection.cursor() as cursor:
        # Each copy satisfies what its original does: nothing is checked again, and bulk copy is
        # what a benchmark may do with a database that it throws away.
        cursor.execute("SET session_replication_role = replica")
        tables: list[type[models.Model]] = [Agreement, *owned]
        for model in tables:
            name = "id" if model is Agreement else "agreement_id"
            cursor.execute(_statement(model, shifted, name), [copies, agreement.pk])
        cursor.execute("SET session_replication_role = DEFAULT")


def settle() -> None:
    """What the server would do in the minutes that follow, so that it does not do it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _statement(model: type[models.Model], shifted: set[type[models.Model]], owner: str) -> str:
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        columns.append(f'"{field.column}"')
        values.append(_value(field, shifted))
    table = model._meta.db_table
    return (
        f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} '
        f'FROM "{table}" AS t, generate_series(1, %s) AS n WHERE t."{owner}" = %s'
    )


def _value(field: models.Field, shifted: set[type[models.Model]]) -> str:
    column = f't."{field.column}"'
    if field.primary_key or (field.is_relation and field.related_model in shifted):
        return f"{column} + n * {STEP}"
    if field.unique:  # a slug, the print of a token
        return f"left({column}, {(field.max_length or 50) - 6}) || '-' || n"
    return column
