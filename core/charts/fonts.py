"""Our letters inside an SVG: a picture in a page cannot use the fonts of that page.

Only the letters that the drawing uses are put in, some 10 kB a weight.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

from django.conf import settings
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FACES = {"400": "Regular", "600": "Semibold"}
TEXT = re.compile(r">([^<]+)<")
BOLD = re.compile(r'font-weight="(?:bold|[67]00)"')


def embedded_fonts(drawing: str) -> str:
    """The drawing with an ``@font-face`` for each weight that it uses."""
    letters = "".join(sorted(set(unescape("".join(TEXT.findall(drawing)))) - {"\n"}))
    weights = ["400", "600"] if BOLD.search(drawing) else ["400"]
    faces = "".join(
        "@font-face{font-family:'Source Sans 3';font-weight:"
        f"{weight};src:url(data:font/woff2;base64,{subset(weight, letters)}) format('woff2')}}"
        for weight in weights
    )
    head, sign, rest = drawing.partition(">")
    return f"{head}{sign}<style>{faces}</style>{rest}"


@cache
def subset(weight: str, letters: str) -> str:
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "tnum"]
    options.hinting = False
    options.notdef_outline = True
    path = Path(settings.NODE_MODULES) / "source-sans" / "TTF" / f"SourceSans3-{FACES[weight]}.ttf"
    font = TTFont(path, lazy=True)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    target = BytesIO()
    font.save(target)
    return base64.b64encode(target.getvalue()).decode()
