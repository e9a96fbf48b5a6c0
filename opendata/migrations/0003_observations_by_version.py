"""Partition the observations by version: see docs/decisions/observations-by-version.md."""

from django.db import migrations, models

PARTITION = """
ALTER TABLE opendata_observation RENAME TO opendata_observation_whole;
CREATE TABLE opendata_observation (
    version_id bigint NOT NULL,
    indicator_id bigint NOT NULL,
    territory_id bigint NOT NULL,
    period smallint NOT NULL CONSTRAINT opendata_observation_period_check CHECK (period >= 0),
    value numeric(18, 4),
    reason varchar(16) NOT NULL,
    estimated boolean NOT NULL,
    lower_bound boolean NOT NULL,
    note varchar(300) NOT NULL,
    CONSTRAINT opendata_observation_value_or_reason CHECK (
        (value IS NOT NULL AND reason = '') OR (value IS NULL AND reason <> '')
    )
) PARTITION BY LIST (version_id);
CREATE TABLE opendata_observation_by_hand PARTITION OF opendata_observation DEFAULT;
INSERT INTO opendata_observation
SELECT version_id, indicator_id, territory_id, period, value, reason, estimated, lower_bound, note
FROM opendata_observation_whole;
DROP TABLE opendata_observation_whole;
ALTER TABLE opendata_observation
    ADD PRIMARY KEY (version_id, indicator_id, territory_id, period),
    ADD CONSTRAINT opendata_observation_version_fk
        FOREIGN KEY (version_id) REFERENCES opendata_datasetversion (id),
    ADD CONSTRAINT opendata_observation_indicator_fk
        FOREIGN KEY (indicator_id) REFERENCES opendata_indicator (id),
    ADD CONSTRAINT opendata_observation_territory_fk
        FOREIGN KEY (territory_id) REFERENCES opendata_territory (id);
CREATE INDEX observation_lookup
    ON opendata_observation (territory_id, indicator_id, period DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("opendata", "0002_imports")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITION, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint("observation", "opendata_observation_once"),
                migrations.RemoveField("observation", "id"),
                migrations.AddField(
                    "observation",
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id",
                        "indicator_id",
                        "territory_id",
                        "period",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        )
    ]
