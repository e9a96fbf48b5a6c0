import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territory", "0004_facility_types")]

    operations = [
        migrations.RemoveField("Facility", "former_type"),
        migrations.RemoveField("HistoricalFacility", "former_type"),
        migrations.AlterField(
            "Facility",
            "type",
            models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="facilities",
                to="territory.facilitytype",
                verbose_name="type",
            ),
        ),
    ]
