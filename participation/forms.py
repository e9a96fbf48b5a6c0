from __future__ import annotations

from agreements.forms import ServiceModelForm
from core.forms import FrenchModelForm
from participation import services
from participation.models import Consultation


class ConsultationForm(ServiceModelForm):
    create_with = services.create_consultation
    update_with = services.update_consultation

    class Meta(FrenchModelForm.Meta):
        model = Consultation
        fields = [
            "title", "method", "degree", "target_public", "starts_on", "ends_on", "participants", "theme",
            "lessons", "answer", "answered_on", "actions",
        ]  # fmt: skip
        help_texts = {
            "lessons": "Jamais de nom d'habitant, ni de propos qui permettrait de le reconnaître."
        }
