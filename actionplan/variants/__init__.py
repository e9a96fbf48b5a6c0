"""Budget variants: two or three ways to spend, side by side; only the chosen one becomes the plan."""
