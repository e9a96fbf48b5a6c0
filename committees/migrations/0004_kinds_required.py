import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the migration that carries the values over: PostgreSQL refuses to alter a table
    whose rows the same transaction has just touched."""

    dependencies = [("committees", "0003_carry_over_kinds")]

    operations = [
        migrations.RemoveField("committee", "former_nature"),
        migrations.AlterField(
            "committee",
            "kind",
            models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="committees",
                to="committees.committeekind",
                verbose_name="sorte d'instance",
            ),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='committees_item_minutes', violation_error_message='Un point dure une minute au moins.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('duration_minutes__gte', 1)), name='committees_meeting_duration', violation_error_message='Une réunion dure une minute au moins.'),
        ),
    ]
