#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes skins/t46g/face.svg.

The drawing is a file like any other: a designer may go on from the SVG by hand. This program exists because a face is
full of things that must be exactly alike (37 keys, 13 lamps, one light) and that is easier to keep in a loop.

Usage: draw-t46g.py FACE.SVG   (needs python3-fonttools and fonts-cantarell)
"""

import math
import random
import sys
from statistics import NormalDist

from outlines import font, number as n, words

WIDTH, HEIGHT = 1200, 960

# One light from the upper left; the ink and the materials.
INK_ON_LIGHT = "#20262b"
INK_ON_DARK = "#d3d9de"
PRINT = "#c3cad0"

LINE_KEY_Y = [153 + 43 * i for i in range(5)]
HANDSET_LIFT = (-58, -60)

defs = []
base = []
shadows = []
keys = []
lenses = []
lights = []


def gradient(name, stops, x1=0, y1=0, x2=0, y2=1, units="objectBoundingBox"):
    unit = "" if units == "objectBoundingBox" else f' gradientUnits="{units}"'
    defs.append(f'<linearGradient id="{name}" x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}"{unit}>'
                + "".join(stop(*s) for s in stops) + "</linearGradient>")


def glow(name, stops, cx=0.5, cy=0.5, r=0.5):
    defs.append(f'<radialGradient id="{name}" cx="{n(cx)}" cy="{n(cy)}" r="{n(r)}">'
                + "".join(stop(*s) for s in stops) + "</radialGradient>")


def stop(offset, colour, opacity=1):
    alpha = "" if opacity == 1 else f' stop-opacity="{n(opacity)}"'
    return f'<stop offset="{n(offset)}" stop-color="{colour}"{alpha}/>'


# Soft edges are stacks of thin layers, not filters: a filter costs a canvas-sized buffer each time, and there are 60.
def profile(sigma, opacity, steps, reach=2.1):
    """Layers of a blurred edge, outermost first: (how far out, opacity of the layer), evenly spaced, so that no step
    shows; together they cover as a Gaussian does."""
    covered, layers = 0, []
    for k in range(steps):
        depth = reach * (1 - 2 * k / (steps - 1))
        target = opacity * (1 - NormalDist().cdf(depth - (reach / (steps - 1))))
        layers.append((depth * sigma, 1 - (1 - target) / (1 - covered)))
        covered = target
    return layers


def precise(value):
    return f"{value:.4f}".rstrip("0")


def soft_rect(x, y, w, h, r, sigma, opacity, steps=9, fill="#000"):
    """A blurred rounded rectangle (or circle)."""
    layers = []
    for grow, alpha in profile(sigma, opacity, steps):
        if w + 2 * grow > 0 and h + 2 * grow > 0:
            layers.append(rect(x - grow, y - grow, w + 2 * grow, h + 2 * grow, max(r + grow, 0),
                               fill_opacity=precise(alpha)))
    return group("", layers, fill=fill)


def soft_line(drawing, width, sigma, opacity, steps=10, colour="#000", **style):
    """A blurred line along what @drawing draws when it is given a stroke width and opacity."""
    return group("", [drawing(stroke_width=width + 2 * grow, stroke_opacity=precise(alpha))
                      for grow, alpha in profile(sigma, opacity, steps) if width + 2 * grow > 0.2],
                 fill="none", stroke=colour, **style)


def soft_shape(outline, sigma, opacity, steps=24, **style):
    """A blurred shape; @outline gives its path grown by so many units."""
    return group("", [path(outline(grow), fill_opacity=precise(alpha)) for grow, alpha in
                      profile(sigma, opacity, steps)], fill="#000", **style)


def rect(x, y, w, h, r, **style):
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{n(r)}"{attributes(style)}/>'


def circle(cx, cy, r, **style):
    return f'<circle cx="{n(cx)}" cy="{n(cy)}" r="{n(r)}"{attributes(style)}/>'


def path(d, **style):
    return f'<path d="{d}"{attributes(style)}/>'


def attributes(style):
    def text(value):
        return value if isinstance(value, str) else n(value)
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{text(value)}"' for name, value in style.items())


def group(name, parts, **style):
    ident = f' id="{name}"' if name else ""
    return f"<g{ident}{attributes(style)}>" + "".join(parts) + "</g>"


# --- the object -----------------------------------------------------------------------------------------------------

def body():
    gradient("plastic", [(0, "#4b545c"), (0.06, "#434c54"), (0.5, "#363e45"), (0.9, "#2b3238"), (1, "#252b30")])
    gradient("plastic-edge", [(0, "#ffffff", 0.34), (0.12, "#ffffff", 0.12), (0.5, "#ffffff", 0.04),
                              (0.86, "#000000", 0.2), (1, "#000000", 0.5)])
    gradient("plastic-light", [(0, "#ffffff", 0.07), (0.45, "#ffffff", 0), (1, "#000000", 0.14)], 0, 0, 1, 0.8)
    gradient("lip", [(0, "#181c20"), (0.25, "#2c3339"), (1, "#1a1f23")])
    defs.append('<clipPath id="body-outline">' + rect(30, 40, 1140, 890, 46) + "</clipPath>")
    base.append(soft_rect(36, 54, 1130, 884, 48, 9, 0.5, 30))
    base.append(rect(30, 40, 1140, 890, 46, fill="url(#plastic)", id="body"))
    base.append(rect(30, 40, 1140, 890, 46, fill="url(#plastic-light)"))
    strip()
    base.append(rect(30.5, 40.5, 1139, 889, 45.5, fill="none", stroke="url(#plastic-edge)", stroke_width=1))
    base.append(rect(32, 42, 1136, 886, 44, fill="none", stroke="#fff", stroke_opacity=0.03, stroke_width=2))


def strip():
    """The brushed silver strip along the front edge; the lip of the body below it."""
    gradient("silver", [(0, "#eceff1"), (0.1, "#d4d9dd"), (0.42, "#b4bbc1"), (0.6, "#a7aeb5"), (0.88, "#8b939a"),
                        (1, "#6f777e")])
    gradient("silver-light", [(0, "#fff", 0.0), (0.16, "#fff", 0.34), (0.3, "#fff", 0.04), (0.5, "#000", 0.08),
                              (0.68, "#fff", 0.2), (0.82, "#fff", 0.02), (1, "#000", 0.2)], 0, 0, 1, 0)
    gradient("streak-light", [(0, "#fff", 0), (0.5, "#fff", 1), (1, "#fff", 0)], 0, 0, 1, 0)
    gradient("streak-dark", [(0, "#000", 0), (0.5, "#000", 1), (1, "#000", 0)], 0, 0, 1, 0)
    chance = random.Random(46)
    brushed = []
    for i in range(280):
        length = chance.uniform(160, 700)
        x = chance.uniform(30 - length / 2, 1170 - length / 2)
        y = 872.6 + chance.uniform(0, 28.4)
        brushed.append(f'<rect x="{x:.0f}" y="{y:.1f}" width="{length:.0f}" height="{chance.uniform(0.3, 0.6):.1f}" '
                       f'fill="url(#streak-{chance.choice(("light", "dark"))})" '
                       f'fill-opacity="{chance.uniform(0.05, 0.17):.2f}"/>')
    parts = [rect(30, 866, 1140, 6, 0, fill="url(#strip-above)"),
             rect(30, 872, 1140, 30, 0, fill="url(#silver)"),
             group("", brushed),
             rect(30, 872, 1140, 30, 0, fill="url(#silver-light)"),
             rect(30, 871.5, 1140, 1, 0, fill="#fff", fill_opacity=0.75),
             rect(30, 901, 1140, 1, 0, fill="#000", fill_opacity=0.35),
             rect(30, 902, 1140, 28, 0, fill="url(#lip)")]
    gradient("strip-above", [(0, "#000", 0), (1, "#000", 0.4)])
    base.append(group("strip", parts, clip_path="url(#body-outline)"))


def cradle():
    gradient("trough", [(0, "#121619"), (0.1, "#1b2024"), (0.6, "#22282d"), (1, "#2a3137")], 0, 0, 0.7, 1)
    gradient("trough-rim", [(0, "#000", 0.75), (0.45, "#000", 0.3), (0.6, "#fff", 0.03), (1, "#fff", 0.2)], 0, 0, 0.6, 1)
    gradient("cup", [(0, "#0b0d0f"), (0.5, "#14181b"), (1, "#1e2428")], 0, 0, 0.6, 1)
    gradient("saddle", [(0, "#343b42"), (0.2, "#2b3238"), (1, "#22282d")])
    defs.append('<clipPath id="trough-outline">' + rect(60, 66, 266, 790, 70) + "</clipPath>")
    parts = [rect(60, 66, 266, 790, 70, fill="url(#trough)"),
             # The wall on the side of the light throws its shadow into the trough.
             soft_line(lambda **w: rect(57, 62, 272, 797, 72, **w), 10, 4.5, 0.7, 18,
                       clip_path="url(#trough-outline)"),
             rect(60.5, 66.5, 265, 789, 69.5, fill="none", stroke="url(#trough-rim)", stroke_width=1.5)]
    for y, h in ((106, 168), (648, 168)):
        parts += [rect(105, y, 176, h, 58, fill="url(#cup)"),
                  rect(105.5, y + 0.5, 175, h - 1, 57.5, fill="none", stroke="url(#trough-rim)", stroke_width=1.5)]
    # The bridge between the two cups that carries the grip, and on it the hook switch.
    parts += [soft_rect(100, 302, 188, 322, 30, 4, 0.5, 14),
              rect(97, 296, 192, 322, 30, fill="url(#saddle)"),
              rect(97.5, 296.5, 191, 321, 29.5, fill="none", stroke="url(#plastic-edge)", stroke_width=1)]
    parts += hook_switch(252, 340)
    base.append(group("cradle", parts))


def hook_switch(cx, cy):
    gradient("hook", [(0, "#6d7780"), (0.15, "#525b63"), (1, "#343b41")])
    return [rect(cx - 25, cy - 17, 50, 44, 10, fill="#0c0f11"),
            rect(cx - 24.5, cy - 16.5, 49, 43, 9.5, fill="none", stroke="url(#trough-rim)", stroke_width=1),
            soft_rect(cx - 19, cy - 7, 40, 32, 8, 2, 0.6, 9),
            rect(cx - 20, cy - 12, 40, 32, 8, fill="url(#hook)"),
            rect(cx - 19.5, cy - 11.5, 39, 31, 7.5, fill="none", stroke="#fff", stroke_opacity=0.22),
            rect(cx - 12, cy + 1, 24, 1.5, 0.7, fill="#000", fill_opacity=0.35),
            rect(cx - 12, cy + 6, 24, 1.5, 0.7, fill="#000", fill_opacity=0.35)]


def handset_outline(grow=0):
    """Symmetrical about x = 193; both ends wider than the grip. @grow units larger all around."""
    end, grip, flat, top, bottom = 110 + grow, 84 + grow, 40, 84 - grow, 836 + grow
    right = [(flat, top), "C", (flat + 46, top), (end, top + 20), (end, 150), "L", (end, 260),
             "C", (end, 310), (grip, 322), (grip, 376), "L", (grip, 544),
             "C", (grip, 598), (end, 610), (end, 660), "L", (end, 768),
             "C", (end, bottom - 22), (flat + 46, bottom), (flat, bottom)]

    def side(steps, sign):
        return " ".join(s if isinstance(s, str) else f"{n(193 + sign * s[0])} {n(s[1])}" for s in steps)

    # The same steps backwards: a cubic read from its other end is the same cubic.
    left = [s for s in reversed(right)]
    order = []
    while left:
        point = left.pop(0)
        if isinstance(point, str):
            continue
        order.append(point)
    back = [order[0], "C", *order[1:4], "L", order[4], "C", *order[5:8], "L", order[8], "C", *order[9:12],
            "L", order[12], "C", *order[13:16]]
    return f"M {side(right, 1)} L {side(back, -1)} Z"


def handset():
    outline = handset_outline()
    gradient("shell", [(0, "#4d565e"), (0.05, "#5a646d"), (0.2, "#4b555d"), (0.55, "#3a4249"), (0.85, "#2c3339"),
                       (1, "#22282d")], 0, 0, 1, 0)
    gradient("shell-swell", [(0, "#fff", 0.16), (0.04, "#fff", 0.06), (0.16, "#fff", 0.03), (0.24, "#000", 0.02),
                             (0.31, "#000", 0.26), (0.39, "#000", 0.05), (0.5, "#fff", 0.02), (0.62, "#fff", 0.03),
                             (0.7, "#fff", 0.13), (0.77, "#fff", 0.04), (0.88, "#000", 0.03), (0.97, "#000", 0.2),
                             (1, "#000", 0.34)])
    gradient("shell-edge", [(0, "#fff", 0.55), (0.3, "#fff", 0.18), (0.55, "#fff", 0.03), (0.8, "#000", 0.25),
                            (1, "#000", 0.45)], 0, 0, 1, 1)
    defs.append(f'<clipPath id="shell-outline"><path d="{outline}"/></clipPath>')
    defs.append(f'<path id="shell-path" d="{outline}"/>')
    shell = [use("shell-path", fill="url(#shell)"),
             use("shell-path", fill="url(#shell-swell)"),
             group("", [soft_line(lambda **w: use("shell-path", **w), 8, 6, 0.2, 24, "#fff",
                                  transform="translate(5 6)"),
                        soft_line(lambda **w: use("shell-path", **w), 14, 8, 0.5, 26,
                                  transform="translate(-5 -5)")], clip_path="url(#shell-outline)"),
             use("shell-path", fill="none", stroke="url(#shell-edge)", stroke_width=1.2),
             path(words("HD", 193, 129, 21, "ExtraBold", tracking=1.5), fill="#000", fill_opacity=0.4,
                  transform="translate(-0.6 -0.8)"),
             path(words("HD", 193, 129, 21, "ExtraBold", tracking=1.5), fill="#b9c2c9")]
    defs.append(group("shell-drawing", shell))
    rest = [group("", coil((116, 812), (92, 905), (58, 842), (-24, 858))),
            soft_shape(handset_outline, 6, 0.75, 20, transform="translate(6 10)"),
            group("handset", [use("shell-drawing")])]
    dx, dy = HANDSET_LIFT
    lifted = [group("", [soft_shape(handset_outline, 15, 0.62, 34, transform="translate(-18 -8)")], clip_path="url(#body-outline)"),
              group("", coil((116 + dx, 812 + dy), (76, 900), (34, 850), (-24, 858))),
              group("handset-lifted", [use("shell-drawing", transform=f"translate({dx} {dy})")])]
    return [group("on-hook", rest), group("off-hook", lifted, display="none")]


def use(name, **style):
    return f'<use href="#{name}" xlink:href="#{name}"{attributes(style)}/>'


def coil(p0, p1, p2, p3):
    """A coiled cord along a Bézier curve: turn over turn, each a short slanted stroke lit from above."""
    length, points = 0, []
    for i in range(401):
        t = i / 400
        u = 1 - t
        points.append(tuple(u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t ** 3 * d
                            for a, b, c, d in zip(p0, p1, p2, p3)))
    steps = [0]
    for a, b in zip(points, points[1:]):
        length += math.dist(a, b)
        steps.append(length)
    turns, pitch = [], 6.4
    count = int(length / pitch)
    for k in range(count):
        i = min(range(401), key=lambda j: abs(steps[j] - k * pitch))
        a, b = points[max(i - 2, 0)], points[min(i + 2, 400)]
        angle = math.atan2(b[1] - a[1], b[0] - a[0])
        across = (-math.sin(angle), math.cos(angle))
        lean = (math.cos(angle) * 3, math.sin(angle) * 3)
        x, y = points[i]
        turns.append((x - across[0] * 9 - lean[0], y - across[1] * 9 - lean[1],
                      x + across[0] * 9 + lean[0], y + across[1] * 9 + lean[1]))
    shade = []
    for a, b, c, d in turns:
        # Dark rim first, then the turn itself, then its light: one after the other, so that each lies on the last.
        shade.append(path(f"M {n(a)} {n(b)} L {n(c)} {n(d)}", stroke="#0d1012", stroke_width=7.4))
        shade.append(path(f"M {n(a)} {n(b)} L {n(c)} {n(d)}", stroke="#2f363c", stroke_width=5.4))
        x1, y1 = a + (c - a) * 0.12, b + (d - b) * 0.12
        x2, y2 = a + (c - a) * 0.5, b + (d - b) * 0.5
        if y1 > y2:
            x1, y1, x2, y2 = a + (c - a) * 0.5, b + (d - b) * 0.5, a + (c - a) * 0.88, b + (d - b) * 0.88
        shade.append(path(f"M {n(x1 - 0.8)} {n(y1 - 0.8)} L {n(x2 - 0.8)} {n(y2 - 0.8)}", stroke="#6b757d",
                          stroke_opacity=0.8, stroke_width=1.6))
    spine = "M " + " L ".join(f"{n(x)} {n(y)}" for x, y in points[::20])
    return [soft_line(lambda **w: path(spine, **w), 16, 4, 0.6, 12, transform="translate(4 7)"),
            group("", shade, fill="none", stroke_linecap="round")]


def head():
    gradient("glass", [(0, "#1c2024"), (0.25, "#101316"), (0.6, "#090b0c"), (1, "#050607")], 0, 0, 0.55, 1)
    gradient("glass-edge", [(0, "#ffffff", 0.5), (0.15, "#ffffff", 0.2), (0.5, "#ffffff", 0.07), (1, "#ffffff", 0.14)],
             0, 0, 0.4, 1)
    gradient("sheen", [(0, "#fff", 0.085), (0.55, "#fff", 0.03), (1, "#fff", 0.012)], 0, 0, 0.6, 1)
    defs.append('<clipPath id="head-outline">' + rect(356, 64, 788, 440, 26) + "</clipPath>")
    base.append(soft_rect(360, 74, 786, 440, 28, 8, 0.6, 24))
    base.append(rect(355, 63, 790, 443, 27, fill="#0a0c0d"))
    parts = [rect(356, 64, 788, 440, 26, fill="url(#glass)"),
             path("M 356 64 L 806 64 L 548 504 L 356 504 Z", fill="url(#sheen)", clip_path="url(#head-outline)"),
             path("M 842 64 L 892 64 L 634 504 L 584 504 Z", fill="#fff", fill_opacity=0.014,
                  clip_path="url(#head-outline)"),
             rect(356.5, 64.5, 787, 439, 25.5, fill="none", stroke="url(#glass-edge)", stroke_width=1),
             rect(358.5, 66.5, 783, 435, 23.5, fill="none", stroke="#fff", stroke_opacity=0.025, stroke_width=3),
             path(words("Deskset", 750, 104, 25, "Bold", tracking=0.6), fill="#e6eaed")]
    base.append(group("head", parts))
    gradient("lcd-rim", [(0, "#000"), (0.7, "#15191c"), (1, "#2a3035")])
    base.append(rect(506, 120, 488, 280, 5, fill="#030404"))
    base.append(rect(506.5, 120.5, 487, 279, 4.5, fill="none", stroke="url(#lcd-rim)", stroke_width=1))
    base.append(rect(510, 124, 480, 272, 0, fill="#07090a", id="lcd"))


# --- keys -----------------------------------------------------------------------------------------------------------

def key_styles():
    gradient("cap-glass", [(0, "#4a5158"), (0.1, "#3b4248"), (0.55, "#2c3237"), (1, "#22272b")])
    gradient("cap-light", [(0, "#fbfcfc"), (0.12, "#eff1f3"), (0.7, "#dfe3e6"), (1, "#cbd1d5")])
    gradient("cap-dark", [(0, "#5b656e"), (0.1, "#4a535b"), (0.6, "#3c444b"), (1, "#323940")])
    gradient("edge-light", [(0, "#fff", 1), (0.3, "#fff", 0.4), (0.7, "#fff", 0), (1, "#000", 0.2)])
    gradient("edge-dark", [(0, "#fff", 0.42), (0.25, "#fff", 0.14), (0.7, "#fff", 0.02), (1, "#000", 0.35)])
    gradient("edge-glass", [(0, "#fff", 0.34), (0.3, "#fff", 0.1), (0.75, "#fff", 0.02), (1, "#000", 0.3)])
    gradient("well", [(0, "#000", 0.62), (0.55, "#000", 0.45), (1, "#fff", 0.14)])


STYLES = {
    # fill, edge, skirt, shadow opacity
    "glass": ("url(#cap-glass)", "url(#edge-glass)", "#0d0f11", 0.85),
    "light": ("url(#cap-light)", "url(#edge-light)", "#8b9298", 0.6),
    "dark": ("url(#cap-dark)", "url(#edge-dark)", "#181c20", 0.6),
}


def key(ident, x, y, w, h, r, style, symbol=(), extra=()):
    """A cap on its skirt in a well: the well stays when it goes down, the skirt and the shadow do not."""
    fill, edge, skirt, strength = STYLES[style]
    base.append(rect(x - 2, y - 2, w + 4, h + 5, r + 2, fill="#0b0d0f" if style != "glass" else "#000"))
    base.append(rect(x - 2.5, y - 2.5, w + 5, h + 6, r + 2.5, fill="none", stroke="url(#well)", stroke_width=1))
    round_ = abs(w - h) < 0.01 and abs(r - w / 2) < 0.01
    shadows.append(group(f"shadow-{ident}", [
        soft_rect(x + 0.5, y + 3.5, w + 1, h + 2, r, 2.2, strength, 9),
        rect(x, y + 1, w, h + 1.5, r, fill=skirt)]))
    parts = [rect(x, y, w, h, r, fill=fill),
             rect(x + 0.5, y + 0.5, w - 1, h - 1, r - 0.5, fill="none", stroke=edge, stroke_width=1)]
    keys.append(group(f"key-{ident}", parts + list(extra) + list(symbol), **({"class": "round"} if round_ else {})))


def ball(ident, cx, cy, r, symbol):
    """A round dark key of the navigation disc: slightly domed."""
    base.append(circle(cx, cy + 0.5, r + 2.5, fill="#4e565d"))
    base.append(circle(cx, cy + 0.5, r + 2, fill="#15191c"))
    shadows.append(group(f"shadow-{ident}", [
        soft_rect(cx - r + 0.5, cy - r + 3, 2 * r + 1, 2 * r + 1, r + 0.5, 2.2, 0.55, 9),
        circle(cx, cy + 1.5, r, fill="#14181b")]))
    keys.append(group(f"key-{ident}", [
        circle(cx, cy, r, fill="url(#dome)"),
        circle(cx, cy, r - 0.5, fill="none", stroke="url(#edge-dark)", stroke_width=1)] + symbol, **{"class": "round"}))


def line_keys():
    for i in range(10):
        y = LINE_KEY_Y[i % 5]
        left = i < 5
        x = 392 if left else 1024
        key(f"L{i + 1}", x, y, 84, 26, 13, "glass")
        lamp(f"L{i + 1}", 490 if left else 1010, y + 13, 7)


def lamp(ident, cx, cy, r):
    base.append(circle(cx, cy, r + 1.5, fill="#000"))
    base.append(circle(cx, cy, r + 1.2, fill="none", stroke="url(#well)", stroke_width=0.8))
    lenses.append(group(f"lamp-{ident}", [circle(cx, cy, r, fill="url(#lens)"),
                                          circle(cx - r * 0.3, cy - r * 0.36, r * 0.3, fill="#fff",
                                                 fill_opacity=0.16)]))
    lights.append(group(f"lit-{ident}", [circle(cx, cy, r * 3.3, fill="url(#halo)"),
                                         circle(cx, cy, r + 0.3, fill="currentColor"),
                                         circle(cx, cy, r + 0.3, fill="url(#core)")]))


def lamp_styles():
    glow("lens", [(0, "#2b3331"), (0.6, "#1a201f"), (1, "#0c0f0f")], 0.4, 0.38, 0.65)
    glow("halo", [(0, "currentColor", 0.85), (0.3, "currentColor", 0.55), (0.45, "currentColor", 0.26),
                  (0.7, "currentColor", 0.08), (1, "currentColor", 0)])
    # The glow of a ring lies on the body around it, not on the key in it.
    glow("ring-halo", [(0, "currentColor", 0), (0.615, "currentColor", 0), (0.645, "currentColor", 0.85),
                       (0.7, "currentColor", 0.5), (0.82, "currentColor", 0.15), (1, "currentColor", 0)])
    glow("core", [(0, "#fff", 0.95), (0.25, "#fff", 0.8), (0.8, "#fff", 0.08), (1, "#fff", 0)], 0.44, 0.42, 0.55)


def soft_keys():
    for i in range(4):
        key(f"F{i + 1}", 526 + 120 * i, 428, 88, 30, 15, "glass",
            [rect(570 + 120 * i - 9, 442.25, 18, 1.5, 0.75, fill="#aeb6bc", fill_opacity=0.75)])


LETTERS = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ", "#": "SEND"}


def keypad():
    for i, label in enumerate("123456789*0#"):
        x, y = 396 + 112 * (i % 3), 540 + 78 * (i // 3)
        cx = x + 46
        ident = {"*": "STAR", "#": "POUND"}.get(label, label)
        symbol = []
        if label == "*":
            symbol.append(star(cx, y + 24, 10))
        else:
            symbol.append(path(words(label, cx, y + 33.5, 27, "Bold"), fill=INK_ON_LIGHT))
        if label in LETTERS:
            symbol.append(path(words(LETTERS[label], cx, y + 48.5, 10.5, "Bold", tracking=1.5), fill="#4a525a"))
        elif label == "1":
            symbol.append(group("", [circle(cx - 6.5, y + 44, 3.2), circle(cx + 6.5, y + 44, 3.2),
                                     path(f"M {cx - 6.5} {y + 47.2} H {cx + 6.5}")],
                                fill="none", stroke="#4a525a", stroke_width=1.5))
        elif label == "0":
            symbol.append(path(f"M {cx - 7} {y + 43} v 4.4 h 14 v -4.4", fill="none", stroke="#4a525a",
                               stroke_width=1.5, stroke_linejoin="round", stroke_linecap="round"))
        key(ident, x, y, 92, 58, 12, "light", symbol)


def star(cx, cy, r):
    arms = "".join(f"M {n(cx)} {n(cy)} L {n(cx + r * math.sin(a))} {n(cy - r * math.cos(a))} "
                   for a in (k * math.pi / 3 for k in range(6)))
    return path(arms, stroke=INK_ON_LIGHT, stroke_width=3.4, stroke_linecap="butt", fill="none")


def navigation():
    gradient("disc", [(0, "#f2f4f5"), (0.3, "#d8dde0"), (0.7, "#bcc3c8"), (1, "#9ca4aa")], 0.2, 0, 0.8, 1)
    gradient("disc-edge", [(0, "#fff", 1), (0.35, "#fff", 0.5), (0.65, "#000", 0.05), (1, "#000", 0.4)], 0.2, 0, 0.8, 1)
    glow("dome", [(0, "#59636c"), (0.4, "#434c54"), (1, "#2b3238")], 0.36, 0.3, 0.75)
    cx, cy = 826, 626
    base.append(soft_rect(cx - 83, cy - 79, 174, 174, 87, 5, 0.55, 18))
    base.append(circle(cx, cy, 88, fill="#15191c"))
    base.append(circle(cx, cy, 86, fill="url(#disc)"))
    base.append(circle(cx, cy, 85.4, fill="none", stroke="url(#disc-edge)", stroke_width=1.2))
    # The line from the disc to X.
    base.append(rect(cx - 1, 714, 2, 12, 1, fill="#8e979e"))
    ok = path(words("OK", cx, cy + 6.6, 19, "Bold", tracking=0.5), fill=INK_ON_DARK)
    for ident, dx, dy in (("UP", 0, -60), ("LEFT", -60, 0)):
        ball(ident, cx + dx, cy + dy, 18, [arrow(cx + dx, cy + dy, dx / 60, dy / 60)])
    ball("OK", cx, cy, 32, [ok])
    for ident, dx, dy in (("RIGHT", 60, 0), ("DOWN", 0, 60)):
        ball(ident, cx + dx, cy + dy, 18, [arrow(cx + dx, cy + dy, dx / 60, dy / 60)])
    cross = path(f"M {cx - 5.5} 742.5 l 11 11 m 0 -11 l -11 11", stroke=INK_ON_DARK, stroke_width=2.4,
                 stroke_linecap="round", fill="none")
    ball("X", cx, 748, 20, [cross])


def arrow(cx, cy, ux, uy):
    px, py = -uy, ux
    tip = (cx + 5 * ux, cy + 5 * uy)
    a = (cx - 3 * ux + 6 * px, cy - 3 * uy + 6 * py)
    b = (cx - 3 * ux - 6 * px, cy - 3 * uy - 6 * py)
    return path(f"M {n(a[0])} {n(a[1])} L {n(tip[0])} {n(tip[1])} L {n(b[0])} {n(b[1])}", fill="none",
                stroke=INK_ON_DARK, stroke_width=2.4, stroke_linecap="round", stroke_linejoin="round")


def volume():
    """One bar in one well, split in the middle."""
    x, y, w, h, r = 742, 802, 168, 30, 15
    base.append(rect(x - 3, y - 3, w + 6, h + 7, r + 3, fill="#0b0d0f"))
    base.append(rect(x - 3.5, y - 3.5, w + 7, h + 8, r + 3.5, fill="none", stroke="url(#well)", stroke_width=1))
    halves = (("VOLUME_DOWN", f"M {x + 83.25} {y} V {y + h} H {x + r} A {r} {r} 0 0 1 {x + r} {y} Z", x + 26, False),
              ("VOLUME_UP", f"M {x + 84.75} {y} H {x + w - r} A {r} {r} 0 0 1 {x + w - r} {y + h} H {x + 84.75} Z",
               x + w - 26, True))
    for ident, outline, cx, plus in halves:
        sign = f"M {cx - 6} {y + 15} h 12" + (f" M {cx} {y + 9} v 12" if plus else "")
        shadows.append(group(f"shadow-{ident}", [path(outline, fill="#181c20", transform="translate(0 2)")]))
        keys.append(group(f"key-{ident}", [
            path(outline, fill="url(#cap-dark)"),
            path(outline, fill="none", stroke="url(#edge-dark)", stroke_width=1),
            path(sign, stroke=INK_ON_DARK, stroke_width=2.2, stroke_linecap="round", fill="none")]))
    # A loudspeaker between the signs, half on each side, would be cut by the split: the bar stays plain.


def hard_keys():
    for ident, cx, caption, symbol in (("HEADSET", 1000, "HEADSET", headset), ("MUTE", 1092, "MUTE", microphone)):
        cy = 562
        ring_lamp(ident, cx, cy)
        key(ident, cx - 28, cy - 28, 56, 56, 28, "dark", symbol(cx, cy))
        caption_below(caption, cx, 613)
    for ident, cx, y, caption, symbol in (("MSG", 1000, 630, "MESSAGE", envelope),
                                          ("F_HOLD", 1092, 630, "HOLD", pause),
                                          ("RD", 1000, 714, "REDIAL", redial),
                                          ("F_TRANSFER", 1092, 714, "TRANSFER", transfer)):
        key(ident, cx - 34, y, 68, 44, 10, "dark", symbol(cx, y + 22 - (3 if ident == "MSG" else 0)))
        caption_below(caption, cx, y + 63)
    gradient("bar-lens-dark", [(0, "#101415"), (1, "#1d2324")])
    bar_lamp("MSG", 1000 - 11, 666.5, 22, 3.5, 2.6, "bar-lens-dark")
    key("SPEAKER", 966, 796, 160, 44, 22, "dark", loudspeaker(1046, 818))


def caption_below(text, cx, y):
    base.append(path(words(text, cx, y, 10.5, "Bold", tracking=0.9), fill=PRINT))


def ring_lamp(ident, cx, cy):
    base.append(circle(cx, cy, 34.5, fill="#0b0d0f"))
    base.append(circle(cx, cy, 34.5, fill="none", stroke="url(#well)", stroke_width=1))
    ring = dict(fill="none", stroke_width=3)
    lenses.append(group(f"lamp-{ident}", [circle(cx, cy, 32.2, stroke="#3a4147", **ring),
                                          circle(cx, cy, 33.4, fill="none", stroke="#fff", stroke_opacity=0.08,
                                                 stroke_width=0.6)]))
    lights.append(group(f"lit-{ident}", [
        circle(cx, cy, 50, fill="url(#ring-halo)"),
        circle(cx, cy, 32.2, stroke="currentColor", **ring),
        circle(cx, cy, 32.2, fill="none", stroke="#fff", stroke_opacity=0.6, stroke_width=1.1)]))


def bar_lamp(ident, x, y, w, h, spread, lens):
    r = h / 2
    base.append(rect(x - 1, y - 1, w + 2, h + 2, r + 1, fill="#000", fill_opacity=0.8))
    lenses.append(group(f"lamp-{ident}", [rect(x, y, w, h, r, fill=f"url(#{lens})")]))
    lights.append(group(f"lit-{ident}", [
        soft_rect(x - spread, y - spread, w + 2 * spread, h + 2 * spread, r + spread, spread * 1.4, 0.75, 18,
                  "currentColor"),
        rect(x - 0.5, y - 0.5, w + 1, h + 1, r + 0.5, fill="currentColor"),
        rect(x + r, y + h * 0.28, w - 2 * r, h * 0.44, h * 0.22, fill="#fff", fill_opacity=0.7)]))


def power_lamp():
    gradient("bar-lens", [(0, "#1c1112"), (1, "#2c1a1b")])
    bar_lamp("POWER", 1072, 78, 50, 7, 4, "bar-lens")


# --- symbols, drawn about their middle ------------------------------------------------------------------------------

def strokes(d, width=2.2, **style):
    return path(d, fill="none", stroke=INK_ON_DARK, stroke_width=width, stroke_linecap="round",
                stroke_linejoin="round", **style)


def headset(cx, cy):
    return [strokes(f"M {cx - 11} {cy + 3} v -2 a 11 11 0 0 1 22 0 v 2"),
            rect(cx - 13.5, cy + 1, 6, 10, 2.6, fill=INK_ON_DARK), rect(cx + 7.5, cy + 1, 6, 10, 2.6, fill=INK_ON_DARK),
            strokes(f"M {cx + 11} {cy + 10.5} c 0 3.5 -3 4.5 -7 4.5"),
            circle(cx + 2.4, cy + 15, 2, fill=INK_ON_DARK)]


def microphone(cx, cy):
    return [rect(cx - 4.5, cy - 14, 9, 17, 4.5, fill=INK_ON_DARK),
            strokes(f"M {cx - 9} {cy - 2} v 1.5 a 9 9 0 0 0 18 0 v -1.5 M {cx} {cy + 9} v 5 M {cx - 5} {cy + 14} h 10"),
            strokes(f"M {cx - 12} {cy - 12} L {cx + 12} {cy + 12}", 5.4).replace(INK_ON_DARK, "#3f474e"),
            strokes(f"M {cx - 12} {cy - 12} L {cx + 12} {cy + 12}")]


def envelope(cx, cy):
    return [rect(cx - 12, cy - 8, 24, 16.5, 2, fill="none", stroke=INK_ON_DARK, stroke_width=2),
            strokes(f"M {cx - 11} {cy - 6.5} l 11 8.5 l 11 -8.5", 2)]


def pause(cx, cy):
    return [rect(cx - 8, cy - 10, 5.4, 20, 1.4, fill=INK_ON_DARK), rect(cx + 2.6, cy - 10, 5.4, 20, 1.4,
                                                                      fill=INK_ON_DARK)]


def redial(cx, cy):
    return [strokes(f"M {cx + 8.6} {cy - 3.6} a 9.4 9.4 0 1 0 0.6 5.4"),
            path(f"M {cx + 11.4} {cy - 9.6} l 0.4 8.2 l -7.8 -1.2 z", fill=INK_ON_DARK),
            circle(cx, cy, 2.2, fill=INK_ON_DARK)]


def transfer(cx, cy):
    return [strokes(f"M {cx - 13} {cy + 7} c 0 -9 5 -11 12 -11 h 9"),
            strokes(f"M {cx + 3.5} {cy - 9.5} l 5.5 5.5 l -5.5 5.5"),
            strokes(f"M {cx + 13.5} {cy - 11} v 18.5")]


def loudspeaker(cx, cy):
    return [path(f"M {cx - 12} {cy - 4} h 5 l 7.5 -6.5 v 21 l -7.5 -6.5 h -5 z", fill=INK_ON_DARK,
                 stroke=INK_ON_DARK, stroke_width=1.2, stroke_linejoin="round"),
            strokes(f"M {cx + 5} {cy - 4.6} a 6.6 6.6 0 0 1 0 9.2"),
            strokes(f"M {cx + 9} {cy - 9} a 12.8 12.8 0 0 1 0 18")]


# --- all of it ------------------------------------------------------------------------------------------------------

def write(target):
    key_styles()
    lamp_styles()
    body()
    cradle()
    head()
    power_lamp()
    line_keys()
    soft_keys()
    keypad()
    navigation()
    volume()
    hard_keys()
    over = handset()
    with open(target, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n'
                  "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
                  f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
                  f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">\n<title>Desk phone</title>\n')
        out.write("<defs>\n" + "\n".join(defs) + "\n</defs>\n")
        for name, parts in (("base", base), ("shadows", shadows), ("keys", keys), ("lamps", lenses)):
            out.write(f'<g id="{name}">\n' + "\n".join(parts) + "\n</g>\n")
        out.write("\n".join(over) + "\n")
        out.write('<g id="lights" display="none" color="#3be04f">\n' + "\n".join(lights) + "\n</g>\n")
        out.write("</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(sys.argv[1])
