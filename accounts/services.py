"""Accounts are born of an invitation, never of a public form."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from core.errors import DomainError


def find_user(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


@transaction.atomic
def create_account(
    *, email: str, first_name: str = "", last_name: str = "", password: str | None = None
) -> User:
    """Open an account whose address is proved (by the invitation that it received), so that an
    identity provider that vouches for the same address signs in to it.

    ``password`` None: the person signs in through the identity provider, or resets it.
    Raises ``DomainError`` for a weak password or an address already taken.
    """
    if find_user(email):
        raise DomainError("Un compte existe déjà avec cette adresse.", field="email")
    user = User(email=email.strip().lower(), first_name=first_name, last_name=last_name)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise DomainError(" ".join(error.messages), field="password") from error
        user.set_password(password)
    else:
        user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
