"""What the templates of documents need beyond the French formats."""

from django import template

from core.documents.page import inline

register = template.Library()
register.filter("inline", inline)
