"""Real objects for the tests of every room; each room adds its own in ``tests/<room>/``."""

from __future__ import annotations

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from agreements.models import Agreement, AgreementCommune, Membership, Role, Theme
from opendata.models import Domain, Territory


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Personne{n}")
    password = factory.django.Password("un mot de passe long")


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    # Insee codes that no commune bears, so that the real ones may be loaded beside.
    code = factory.Sequence(lambda n: f"{('00', '20', '96', '99')[n // 1000 % 4]}{n % 1000:03d}")
    level = Territory.Level.COMMUNE
    name = factory.Sequence(lambda n: f"Commune {n}")


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = Domain
        django_get_or_create = ("key",)

    key = "petite-enfance"
    label = "Petite enfance"


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    slug = factory.Sequence(lambda n: f"convention-{n}")
    name = factory.Sequence(lambda n: f"Territoire {n}")
    status = Agreement.Status.RUNNING
    starts_on = date(2026, 1, 1)
    ends_on = date(2030, 12, 31)
    lead_commune = factory.SubFactory(TerritoryFactory)

    @factory.post_generation
    def with_lead_commune(self, create: bool, extracted: object, **kwargs: object) -> None:
        AgreementCommune.objects.create(agreement=self, commune=self.lead_commune)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    agreement = factory.SubFactory(AgreementFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.COORDINATOR
    # So that a page costs the same on the first visit as on the next (see ``note_visit``).
    last_seen_at = factory.LazyFunction(timezone.now)


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Thème {n}")
    domain = factory.SubFactory(DomainFactory)
