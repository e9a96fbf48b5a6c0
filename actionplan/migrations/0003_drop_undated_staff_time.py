from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the migration that carries the values over: PostgreSQL refuses to alter a table
    whose rows the same transaction has just touched."""

    dependencies = [("actionplan", "0002_campaigns_versions_variants")]

    operations = [
        migrations.RemoveField(
            model_name="action",
            name="staff_fte",
        ),
        migrations.RemoveField(
            model_name="historicalaction",
            name="staff_fte",
        ),
    ]
