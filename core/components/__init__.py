"""The components of the screens, one module a family; `{% load ui %}` brings them all."""
