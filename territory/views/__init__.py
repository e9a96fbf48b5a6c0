"""Pages of the diagnosis: at a glance and findings (``diagnosis``), the offer (``offer``), the
figures typed here (``figures``), the comparison (``compare``)."""
