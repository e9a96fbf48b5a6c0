"""Quick entry: a whole plan typed or pasted as a table."""
