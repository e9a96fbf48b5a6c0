"""What the demonstration says. Figures of the territory are real and sourced (``demo/data``);
people, budgets, facilities and actions are invented: « exemple fictif »."""
