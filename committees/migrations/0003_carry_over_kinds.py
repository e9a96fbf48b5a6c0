from django.db import migrations

DEFAULTS = [
    # nature, name, meetings a year, has a rétroplanning, national domains of its themes
    ("steering", "Comité de pilotage (COPIL)", 1, True, ()),
    ("technical", "Comité technique (COTECH)", 3, False, ()),
    ("working_group", "Groupe petite enfance", 3, False, ("petite-enfance",)),
    ("working_group", "Groupe enfance et jeunesse", 3, False, ("enfance", "jeunesse")),
    ("working_group", "Groupe parentalité et vie sociale", 3, False, ("parentalite", "animation-vie-sociale")),
    ("working_group", "Groupe accès aux droits", 3, False, ("acces-aux-droits",)),
    ("evaluation", "Temps d'évaluation partagée", 1, True, ()),
    ("caf_point", "Point régulier avec la Caf", 4, False, ()),
]
"""As the services create them on the day of this migration (they may change; this does not)."""
OTHER = {"working_group": "Groupe de travail", "other": "Autre instance"}


def carry_over(apps, schema_editor):
    """Each agreement that has committees receives the usual kinds, and each committee the one that
    bears its name, else the first of its nature. Its own rhythm is kept where it differs."""
    Committee = apps.get_model("committees", "Committee")
    CommitteeKind = apps.get_model("committees", "CommitteeKind")
    KindTheme = apps.get_model("committees", "CommitteeKindTheme")
    Theme = apps.get_model("agreements", "Theme")
    for agreement_id in Committee.objects.order_by().values_list("agreement", flat=True).distinct():
        kinds = []
        for position, (nature, name, rhythm, prepared, domains) in enumerate(DEFAULTS):
            kind = CommitteeKind.objects.create(
                agreement_id=agreement_id, nature=nature, name=name, meetings_per_year=rhythm,
                has_preparation=prepared, position=position,
            )  # fmt: skip
            for theme in Theme.objects.filter(agreement=agreement_id, domain__key__in=domains):
                KindTheme.objects.create(agreement_id=agreement_id, kind=kind, theme=theme)
            kinds.append(kind)
        for committee in Committee.objects.filter(agreement=agreement_id):
            kind = kind_of(committee, kinds, CommitteeKind)
            committee.kind = kind
            if committee.meetings_per_year == kind.meetings_per_year:
                committee.meetings_per_year = None
            committee.save(update_fields=["kind", "meetings_per_year"])


def kind_of(committee, kinds, CommitteeKind):
    nature = committee.former_nature
    named = [k for k in kinds if k.nature == nature and k.name == committee.name]
    if named:
        return named[0]
    if nature not in OTHER:
        return next(k for k in kinds if k.nature == nature)
    general, created = CommitteeKind.objects.get_or_create(
        agreement_id=committee.agreement_id, name=OTHER[nature],
        defaults={"nature": nature, "meetings_per_year": 0, "position": len(kinds)},
    )  # fmt: skip
    if created:
        kinds.append(general)
    return general


def say_what_was_treated(apps, schema_editor):
    """Outcomes did not exist: a point of a meeting already held is not to come back for that."""
    AgendaItem = apps.get_model("committees", "AgendaItem")
    held = AgendaItem.objects.filter(meeting__state="held")
    decided = held.filter(decisions__isnull=False).values("pk")
    AgendaItem.objects.filter(pk__in=decided).update(outcome="decision")
    AgendaItem.objects.filter(pk__in=held.values("pk"), outcome="").update(outcome="information")


def repair_empty_lengths(apps, schema_editor):
    """Nothing refused a length of zero; it meant that nobody had typed it."""
    apps.get_model("committees", "Meeting").objects.filter(duration_minutes=0).update(
        duration_minutes=90
    )
    apps.get_model("committees", "AgendaItem").objects.filter(minutes=0).update(minutes=1)


class Migration(migrations.Migration):
    dependencies = [("committees", "0002_kinds_mandates_preparation")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(say_what_was_treated, migrations.RunPython.noop),
        migrations.RunPython(repair_empty_lengths, migrations.RunPython.noop),
    ]
