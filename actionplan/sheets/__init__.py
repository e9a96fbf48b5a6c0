"""The plan as a workbook that goes out, and comes back: by the coordinator, by a partner for the
actions that they lead, or made by someone else.

``book`` says which sheets and cells are whose, ``rows`` fills them, ``adapt`` makes a file's lines
comparable with them, ``writer`` writes a line through the services, ``look`` ties these together.
"""

from actionplan.sheets.book import Book, book_of, own_book, whole_book
from actionplan.sheets.look import Look, export, look
from actionplan.sheets.options import Options, options_of

__all__ = [
    "Book", "Look", "Options", "book_of", "export", "look", "options_of", "own_book", "whole_book",
]  # fmt: skip
