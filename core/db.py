"""What PostgreSQL holds for us: one agreement per family of rows, French order, French search."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Func
from django.db.models.functions import Cast


class SameAgreement(BaseConstraint):
    """Parent and child belong to the same agreement, and the database holds it.

    Emits ``FOREIGN KEY (agreement_id, <field>_id) REFERENCES parent (agreement_id, id)``, which
    needs the unique constraint that every ``AgreementOwned`` model carries. It is deferred to the
    end of the transaction, so that deleting a whole agreement may go in any order. An empty
    ``<field>`` is not checked.
    """

    sql_body = (
        "CONSTRAINT %(name)s FOREIGN KEY (%(agreement)s, %(column)s) "
        "REFERENCES %(parent)s (%(agreement)s, %(pk)s) DEFERRABLE INITIALLY DEFERRED"
    )
    default_violation_error_message = "Cet élément appartient à une autre convention."
    violation_error_code = "other_agreement"

    def __init__(self, field: str, *, name: str | None = None, **kwargs: Any) -> None:
        self.field = field
        super().__init__(name=name or f"%(app_label)s_%(class)s_{field}_sa", **kwargs)

    def _body(self, model: type[models.Model], schema_editor: Any) -> str:
        field = model._meta.get_field(self.field)
        parent = field.remote_field.model  # type: ignore[union-attr]
        quote = schema_editor.quote_name
        return self.sql_body % {
            "name": quote(self.name),
            "agreement": quote("agreement_id"),
            "column": quote(field.column),  # type: ignore[union-attr]
            "parent": quote(parent._meta.db_table),
            "pk": quote(parent._meta.pk.column),
        }

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Added at the end of the migration, as Django's own foreign keys are: the unique
        constraint of the parent may come after this one in the same migration."""
        schema_editor.deferred_sql.append(
            Statement(
                "ALTER TABLE %(table)s ADD %(body)s",
                table=Table(model._meta.db_table, schema_editor.quote_name),
                body=self._body(model, schema_editor),
            )
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        field = model._meta.get_field(self.field)
        if exclude and self.field in exclude:
            return
        if getattr(instance, field.attname) is None:  # type: ignore[union-attr]
            return
        parent = getattr(instance, self.field)
        if parent.agreement_id != instance.agreement_id:  # type: ignore[attr-defined]
            raise ValidationError(
                {self.field: self.get_violation_error_message()}, code=self.violation_error_code
            )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SameAgreement):
            return self.name == other.name and self.field == other.field
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, tuple(args), kwargs


class FrKey(Func):
    """The sort key of a French label: lower case, no accent (``fr_key``, core's first migration)."""

    function = "fr_key"
    output_field = models.TextField()


def fr_order(field: str) -> tuple[FrKey, str]:
    """``order_by(*fr_order("name"))``: École stands between Ecole and Écoute, ties stay stable."""
    return FrKey(field), field


FRENCH_SEARCH = "fr_search"


def french_search(queryset: models.QuerySet, text: str, *fields: str) -> models.QuerySet:
    """Rows whose ``fields`` match ``text``: by word (French stems, accents ignored) or by a part.

    The part (``fr_key(field) LIKE``) is what makes « vergers » find « Saint-André-les-Vergers »
    while it is still being typed.
    """
    text = text.strip()
    if not text:
        return queryset
    vector = SearchVector(*fields, config=FRENCH_SEARCH)
    query = SearchQuery(text, config=FRENCH_SEARCH, search_type="websearch")
    condition = models.Q(_search=query)
    annotations: dict[str, Any] = {"_search": vector}
    needle = FrKey(models.Value(text))
    for index, field in enumerate(fields):
        annotations[f"_key{index}"] = FrKey(Cast(field, models.TextField()))
        condition |= models.Q(**{f"_key{index}__contains": needle})
    return queryset.annotate(**annotations).filter(condition)
