"""The plan as signed and the plan today: facts frozen by version, their differences, avenants."""
