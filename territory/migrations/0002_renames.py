"""The diagnosis taken up from paper becomes one diagnosis among several; types become rows."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial"), ("opendata", "0004_indicator_caution")]

    operations = [
        migrations.RenameModel("SignedDiagnosis", "Diagnosis"),
        migrations.RenameField("Diagnosis", "signed_on", "ends_on"),
        migrations.AddField(
            "Diagnosis",
            "updated_at",
            models.DateTimeField(
                auto_now=True, default=django.utils.timezone.now, verbose_name="modifié le"
            ),
            preserve_default=False,
        ),
        migrations.RenameField("Facility", "type", "former_type"),
        migrations.RenameField("HistoricalFacility", "type", "former_type"),
    ]
