"""Does the CTG stand in for the early-childhood scheme? Item by item, what the CTG holds."""
