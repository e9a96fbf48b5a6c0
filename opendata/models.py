"""What is published. It belongs to no agreement and is written by importers only."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from core.db import fr_order


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def communes(self) -> TerritoryQuerySet:
        return self.filter(level=Territory.Level.COMMUNE)

    def in_alphabetical_order(self) -> TerritoryQuerySet:
        return self.order_by(*fr_order("name"), "pk")


class Territory(models.Model):
    class Level(models.TextChoices):
        COMMUNE = "commune", "commune"
        EPCI = "epci", "intercommunalité"
        DEPARTEMENT = "departement", "département"
        REGION = "region", "région"
        FRANCE = "france", "France"
        QPV = "qpv", "quartier prioritaire"
        IRIS = "iris", "quartier statistique (IRIS)"

    code = models.CharField("code officiel", max_length=20)
    level = models.CharField("maille", max_length=12, choices=Level)
    name = models.CharField("nom", max_length=200)
    commune = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="commune (d'un quartier)",
    )
    epci = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="member_communes",
        verbose_name="intercommunalité",
    )
    departement = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="département",
    )
    region = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="région",
    )
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    vintage = models.CharField("géographie", max_length=20, blank=True)
    note = models.CharField("précision", max_length=300, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="opendata_territory_code")
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A field of family policy, fixed and national; themes of agreements point at it."""

    key = models.SlugField("clé", unique=True)
    label = models.CharField("domaine", max_length=120)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "domaine"
        verbose_name_plural = "domaines"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class Indicator(models.Model):
    class Direction(models.TextChoices):
        UP = "up", "une hausse est favorable"
        DOWN = "down", "une baisse est favorable"
        NEUTRAL = "neutral", "ni l'une ni l'autre"

    class AskTo(models.TextChoices):
        CAF = "caf", "la Caf"
        SERVICE = "service", "le service de la commune"

    key = models.SlugField("clé", unique=True, max_length=100)
    label = models.CharField("libellé", max_length=200)
    unit = models.CharField("unité", max_length=60, blank=True)
    definition = models.TextField("définition", blank=True)
    domain = models.ForeignKey(
        Domain,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="domaine",
    )
    direction = models.CharField("sens", max_length=8, choices=Direction, default=Direction.NEUTRAL)
    decimals = models.PositiveSmallIntegerField("décimales", default=0)
    is_summable = models.BooleanField(
        "peut être additionné",
        default=False,
        help_text="Jamais vrai d'une médiane, d'un taux ni d'un indice.",
    )
    caution = models.TextField(
        "précaution", blank=True, help_text="Ce à quoi le chiffre ne doit pas servir."
    )
    source = models.CharField("producteur habituel", max_length=200, blank=True)
    ask_to = models.CharField(
        "à demander à",
        max_length=8,
        choices=AskTo,
        blank=True,
        help_text="Vide : un fichier public le donne.",
    )
    is_family_policy = models.BooleanField(
        "au catalogue de la politique familiale",
        default=False,
        help_text="Ceux que le catalogue propose ; les autres viennent des fichiers importés.",
    )
    position = models.PositiveSmallIntegerField(
        "rang parmi les indicateurs usuels",
        null=True,
        blank=True,
        help_text="Vide : l'indicateur ne figure pas dans la comparaison par défaut.",
    )

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label

    @property
    def ask_text(self) -> str:
        """« à demander à la Caf »; empty when a public file gives the figure."""
        texts = {
            Indicator.AskTo.CAF.value: "à demander à la Caf",
            Indicator.AskTo.SERVICE.value: "à demander au service",
        }
        return texts.get(self.ask_to, "")


class Dataset(models.Model):
    key = models.SlugField("clé", unique=True, max_length=100)
    title = models.CharField("jeu de données", max_length=300)
    producer = models.CharField("producteur", max_length=200)
    licence = models.CharField("licence", max_length=100, default="Licence Ouverte 2.0")
    precedence = models.SmallIntegerField(
        "préséance",
        default=0,
        help_text="Entre deux jeux qui donnent le même chiffre, le plus haut l'emporte.",
    )

    class Meta:
        verbose_name = "jeu de données"
        verbose_name_plural = "jeux de données"

    def __str__(self) -> str:
        return f"{self.producer}, {self.title}"


class DatasetVersion(models.Model):
    """One vintage of a dataset, as it was loaded. Which one is current is said here, not by the
    observations: they never change.

    A version that a later file of the same vintage replaces stays, and comes back when that file
    is undone. One that was undone keeps its row (who, when, which file) and loses its figures.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    vintage = models.CharField("millésime", max_length=40)
    geography_vintage = models.CharField("géographie", max_length=40, blank=True)
    perimeter = models.CharField("périmètre", max_length=300, blank=True)
    file_hash = models.CharField("empreinte du fichier", max_length=64, blank=True)
    consulted_on = models.DateField("consulté le", null=True, blank=True)
    is_current = models.BooleanField("version courante", default=True)
    loaded_at = models.DateTimeField("chargée le", auto_now_add=True)
    loaded_by = models.CharField("chargée par", max_length=200, blank=True)
    file_name = models.CharField("fichier", max_length=250, blank=True)
    level = models.CharField(
        "maille du fichier", max_length=12, choices=Territory.Level, blank=True
    )
    report = models.JSONField("compte rendu", default=dict, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="remplace",
    )
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)
    undone_by = models.CharField("annulée par", max_length=200, blank=True)

    class Meta:
        verbose_name = "version d'un jeu de données"
        verbose_name_plural = "versions des jeux de données"
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "vintage", "perimeter", "file_hash"],
                condition=Q(undone_at__isnull=True),
                name="opendata_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset}, {self.vintage}"


class Reason(models.TextChoices):
    """Why there is no value. None of them is a zero."""

    SECRET = "secret", "secret statistique"
    MISSING = "missing", "non disponible"
    NOT_APPLICABLE = "not_applicable", "non concerné"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def current(self) -> ObservationQuerySet:
        return self.filter(version__is_current=True)


class Observation(models.Model):
    """indicator × territory × period → a value **or** a reason, never both, never neither.

    The table is partitioned by version: an import fills a table apart and attaches it, undoing
    drops it, and figures loaded by hand go to the default partition. See
    docs/decisions/observations-by-version.md.
    """

    pk = models.CompositePrimaryKey("version_id", "indicator_id", "territory_id", "period")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="observations")
    period = models.PositiveSmallIntegerField("année")
    version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="observations"
    )
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    reason = models.CharField(
        "raison de l'absence", max_length=16, choices=Reason, blank=True, default=""
    )
    estimated = models.BooleanField("estimée", default=False)
    lower_bound = models.BooleanField("minorant", default=False)
    note = models.CharField("précision", max_length=300, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "observation"
        verbose_name_plural = "observations"
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="")
                | (Q(value__isnull=True) & ~Q(reason="")),
                name="opendata_observation_value_or_reason",
                violation_error_message="Une observation porte une valeur ou une raison.",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "indicator", "-period"], name="observation_lookup")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.territory} {self.period}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An observation is immutable: load another dataset version.")
        super().save(*args, **kwargs)


class Movement(models.Model):
    """A code that became part of another commune (Insee, « mouvements de communes »)."""

    former_code = models.CharField("ancien code", max_length=5)
    commune = models.ForeignKey(
        Territory, on_delete=models.CASCADE, related_name="movements", verbose_name="commune"
    )
    effective_on = models.DateField(
        "date d'effet",
        null=True,
        blank=True,
        help_text="Vide : le découpage d'Etalab nomme l'ancien code sans en dire la date.",
    )

    class Meta:
        verbose_name = "mouvement de commune"
        verbose_name_plural = "mouvements de communes"
        constraints = [
            models.UniqueConstraint(
                fields=["former_code", "commune"], name="opendata_movement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.former_code} → {self.commune}"


class Contour(models.Model):
    """The outline of a territory, as simplified as a small map needs."""

    territory = models.OneToOneField(
        Territory, on_delete=models.CASCADE, related_name="contour", verbose_name="territoire"
    )
    geometry = models.JSONField("géométrie GeoJSON (WGS 84)")
    source = models.CharField("source", max_length=200)

    class Meta:
        verbose_name = "contour"
        verbose_name_plural = "contours"

    def __str__(self) -> str:
        return str(self.territory)


class ColumnMapping(models.Model):
    """How to read a table that we do not know: kept, so that the next vintage reads by itself."""

    dataset = models.OneToOneField(
        Dataset, on_delete=models.CASCADE, related_name="mapping", verbose_name="jeu de données"
    )
    header = models.CharField(
        "en-tête reconnu",
        max_length=64,
        unique=True,
        help_text="Empreinte des noms de colonnes, années mises à part.",
    )
    level = models.CharField("maille", max_length=12, choices=Territory.Level)
    columns = models.JSONField(
        "colonnes", help_text="code, année, et les indicateurs par nom de colonne."
    )
    marks = models.JSONField("marques", default=dict, blank=True)

    class Meta:
        verbose_name = "description d'un tableau"
        verbose_name_plural = "descriptions de tableaux"

    def __str__(self) -> str:
        return str(self.dataset)


class ImportFile(models.Model):
    """A file handed over by an administrator of the instance, from its arrival to its effect."""

    class State(models.TextChoices):
        RECEIVED = "received", "reçu"
        TO_DESCRIBE = "to_describe", "colonnes à décrire"
        ASKED = "asked", "une réponse est attendue"
        CHECKED = "checked", "vérifié, à charger"
        UNCHANGED = "unchanged", "rien à charger"
        APPLIED = "applied", "chargé"
        REFUSED = "refused", "refusé"

    file = models.FileField("fichier", upload_to="imports/%Y/")
    name = models.CharField("nom", max_length=250)
    state = models.CharField("état", max_length=12, choices=State, default=State.RECEIVED)
    report = models.JSONField("compte rendu", default=dict, blank=True)
    message = models.TextField("motif", blank=True)
    options = models.JSONField("options", default=dict, blank=True)
    version = models.ForeignKey(
        DatasetVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name="version",
    )
    job = models.ForeignKey(
        "core.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField("reçu le", auto_now_add=True)
    received_by = models.CharField("remis par", max_length=200)

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.name


class Unit(models.TextChoices):
    """What a service is counted in. Units are never added up with one another."""

    PLACES = "places", "places"
    HOURS = "hours", "heures"
    FTE = "fte", "ETP"
    SESSIONS = "sessions", "séances"
    GROUPS = "groups", "groupes"


class FundingRate(models.Model):
    """A Caf rate of one year. Rates change yearly, so none is ever written in the code.

    ``amount`` is in euros for one ``unit`` (``PER_UNIT``), or in percent of what a unit costs, the
    cost being taken into account up to ``ceiling`` euros (``SHARE``: the PSU pays 66 % of the hourly
    cost price up to a ceiling).
    """

    class Calculation(models.TextChoices):
        PER_UNIT = "per_unit", "montant par unité (€)"
        SHARE = "share", "part du prix de revient (%), plafonné"

    scheme = models.CharField("dispositif", max_length=120)
    year = models.PositiveSmallIntegerField("exercice")
    unit = models.CharField("unité", max_length=8, choices=Unit)
    calculation = models.CharField(
        "calcul", max_length=8, choices=Calculation, default=Calculation.PER_UNIT
    )
    amount = models.DecimalField(
        "montant ou taux", max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    ceiling = models.DecimalField(
        "prix de revient plafond par unité (€)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Pour un taux : le coût pris en compte ne le dépasse pas.",
    )
    facility_keys = models.JSONField(
        "types d'équipement concernés",
        default=list,
        blank=True,
        help_text="Clés nationales des types (micro_creche_psu, laep…).",
    )
    source = models.CharField("source", max_length=300)
    note = models.CharField("précision", max_length=300, blank=True)

    class Meta:
        verbose_name = "barème de la Caf"
        verbose_name_plural = "barèmes de la Caf"
        ordering = ["-year", "scheme", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year", "unit"],
                name="opendata_rate_once",
                violation_error_message="Ce barème est déjà donné pour cette année.",
            ),
            models.CheckConstraint(
                condition=~Q(calculation="share") | Q(amount__lte=100),
                name="opendata_rate_share",
                violation_error_message="Un taux est un pourcentage : 100 au plus.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"
