#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctg.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Erreur : Django manque ; lancez « make demo », puis « .venv/bin/python manage.py »."
        )
    from ctg.errors import explain

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        sys.exit(f"Erreur : {sentence}")


if __name__ == "__main__":
    main()
