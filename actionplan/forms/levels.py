"""Forms of the levels."""

from __future__ import annotations

from actionplan import services
from actionplan.models import (
    Objective,
    Orientation,
)
from agreements.forms import ServiceModelForm
from core.forms import FrenchModelForm


class OrientationForm(ServiceModelForm):
    create_with = services.create_orientation
    update_with = services.update_orientation

    class Meta(FrenchModelForm.Meta):
        model = Orientation
        fields = ["code", "title", "description", "challenges"]


class ObjectiveForm(ServiceModelForm):
    create_with = services.create_objective
    update_with = services.update_objective

    class Meta(FrenchModelForm.Meta):
        model = Objective
        fields = ["orientation", "code", "title", "description"]
