"""What an instance has imported, as one file that another loads: see docs/decisions/data-pack.md."""
