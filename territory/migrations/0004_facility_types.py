"""Every agreement gets the list of types, and each facility the type that its word named."""

from django.db import migrations

NAMED = {
    "social_centre": "centre_social",
    "youth": "accueil_jeunes",
    "rights": "acces_droits",
    "other": "autre",
}
"""Former word → national key, where they differ."""


def give_types(apps, schema_editor):
    from opendata.facility_types import TYPES

    Agreement = apps.get_model("agreements", "Agreement")
    FacilityType = apps.get_model("territory", "FacilityType")
    Facility = apps.get_model("territory", "Facility")
    HistoricalFacility = apps.get_model("territory", "HistoricalFacility")
    for agreement in Agreement.objects.all():
        rows = FacilityType.objects.bulk_create(
            FacilityType(
                agreement=agreement, key=fact.key, name=fact.name, mode=fact.mode, unit=fact.unit,
                min_age_months=fact.min_age_months, max_age_months=fact.max_age_months,
                position=position,
            )
            for position, fact in enumerate(TYPES, start=1)
        )
        by_key = {row.key: row for row in rows}
        for model in (Facility, HistoricalFacility):
            words = model.objects.filter(agreement_id=agreement.pk).values_list("former_type", flat=True)
            for word in set(words):
                kept = model.objects.filter(agreement_id=agreement.pk, former_type=word)
                kept.update(type=by_key[NAMED.get(word, word)].pk)


class Migration(migrations.Migration):
    dependencies = [("territory", "0003_offer_figures_workshops")]

    operations = [migrations.RunPython(give_types, migrations.RunPython.noop)]
