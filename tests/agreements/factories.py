"""Objects of the room."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from agreements.models import (
    Amendment,
    Annex,
    Competence,
    Invitation,
    JournalEntry,
    Role,
    Signatory,
    Snapshot,
)
from agreements.services.tokens import hash_token
from core.audience import Audience
from core.documents.content import Content
from core.models import Job, OutgoingMail
from tests.factories import AgreementFactory


class _Owned(DjangoModelFactory):
    class Meta:
        abstract = True

    agreement = factory.SubFactory(AgreementFactory)


class SignatoryFactory(_Owned):
    class Meta:
        model = Signatory

    name = factory.Sequence(lambda n: f"Signataire {n}")
    kind = Signatory.Kind.MUNICIPALITY


class AmendmentFactory(_Owned):
    class Meta:
        model = Amendment

    number = factory.Sequence(lambda n: n + 1)
    subject = "Ajout d'une action"


class AnnexFactory(_Owned):
    class Meta:
        model = Annex

    title = factory.Sequence(lambda n: f"Annexe {n}")
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7", name="plan-signe.pdf"))


class CompetenceFactory(_Owned):
    class Meta:
        model = Competence

    subject = factory.Sequence(lambda n: f"Compétence {n}")


class InvitationFactory(_Owned):
    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"jeton-{n}")

    email = factory.Sequence(lambda n: f"invite{n}@example.org")
    role = Role.READER
    token_hash = factory.LazyAttribute(lambda o: hash_token(o.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class JournalEntryFactory(_Owned):
    class Meta:
        model = JournalEntry

    actor_label = "Camille Durand"
    verb = "update"
    sentence = "a modifié la fiche 12"


EMPTY = Content(identifier="essai", title="Bilan annuel 2026")


class SnapshotFactory(_Owned):
    class Meta:
        model = Snapshot

    kind = "essai"
    number = factory.Sequence(lambda n: n + 1)
    title = "Bilan annuel 2026"
    audience = Audience.PUBLIC
    schema_version = 1
    content = factory.LazyFunction(lambda: EMPTY.to_json())
    content_hash = EMPTY.content_hash


class MailFactory(DjangoModelFactory):
    class Meta:
        model = OutgoingMail

    class Params:
        agreement = factory.SubFactory(AgreementFactory)

    realm = factory.LazyAttribute(lambda o: o.agreement.realm)
    unique_key = factory.Sequence(lambda n: f"message:{n}")
    recipient = "elu@example.org"
    subject = "Relance"
    body = "Bonjour."
    state = OutgoingMail.State.DRAFT


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    class Params:
        agreement = factory.SubFactory(AgreementFactory)

    realm = factory.LazyAttribute(lambda o: o.agreement.realm)
    kind = "essai"
    label = "Documents du COPIL"
