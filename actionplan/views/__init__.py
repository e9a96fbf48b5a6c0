"""Pages of the plan: the tree and the table (``plan``), the sheet and its forms (``action``),
the grids of its parts (``grids``), orientations and objectives (``levels``)."""
