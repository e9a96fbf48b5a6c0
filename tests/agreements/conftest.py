from __future__ import annotations

import pytest

from agreements.services.defaults import DEFAULT_THEMES
from opendata.models import Domain


@pytest.fixture
def domains(db: None) -> None:
    """The national domains, as the catalogue of open data loads them."""
    for position, (label, key) in enumerate(DEFAULT_THEMES, start=1):
        Domain.objects.get_or_create(key=key, defaults={"label": label, "position": position})
