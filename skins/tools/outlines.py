# SPDX-License-Identifier: GPL-3.0-or-later
"""Words as SVG paths, so that a face looks the same where its font is not installed."""

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

# Cantarell is under the SIL Open Font License: its outlines may be part of a drawing.
FOLDER = "/usr/share/fonts/opentype/cantarell/"
_fonts = {}


def number(value):
    """Shortest decimal that is exact to a hundredth of a unit."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


class Font:
    def __init__(self, weight):
        self.font = TTFont(f"{FOLDER}Cantarell-{weight}.otf")
        self.glyphs = self.font.getGlyphSet()
        self.names = self.font.getBestCmap()
        self.em = self.font["head"].unitsPerEm
        self.cap_height = self.font["OS/2"].sCapHeight / self.em

    def width(self, text, size, tracking=0):
        advance = sum(self.glyphs[self.names[ord(c)]].width for c in text) * size / self.em
        return advance + tracking * (len(text) - 1)

    def path(self, text, x, y, size, tracking=0):
        pen = SVGPathPen(self.glyphs, ntos=number)
        scale = size / self.em
        for c in text:
            glyph = self.glyphs[self.names[ord(c)]]
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            x += glyph.width * scale + tracking
        return pen.getCommands()


def font(weight):
    if weight not in _fonts:
        _fonts[weight] = Font(weight)
    return _fonts[weight]


def words(text, x, y, size, weight="Regular", anchor="middle", tracking=0):
    """Path data of @text with its baseline at @y."""
    face = font(weight)
    width = face.width(text, size, tracking)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return face.path(text, left, y, size, tracking)
