"""Who may change the diagnosis, said once."""

from agreements.roles import Capability as C


class Change:
    capability = C.DIAGNOSIS_CHANGE
    refusal = "modifier le diagnostic"
