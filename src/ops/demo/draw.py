#!/usr/bin/env python3
"""Draws the pictures of the demo network into src/ops/demo/pictures. They are kept in the repository; run this only to change them.

Landscapes are layers of noise seen through haze; the others are drawings (SVG). Needs python3-numpy, python3-pil and librsvg2-bin.
"""
import io
import math
import pathlib
import random
import subprocess

import numpy as np
from PIL import Image, ImageFilter

OUT = pathlib.Path(__file__).parent / "pictures"
W, H = 1280, 853


def noise1(n, octaves, seed, rough=0.5):
    """A ridge line: midpoints of random values, finer and weaker each octave; about -1 to 1."""
    r, line, strength = np.random.default_rng(seed), np.zeros(n), 1.0
    for o in range(octaves):
        points = 2 ** (o + 1) + 2
        line += strength * np.interp(np.linspace(0, points - 1, n), np.arange(points), r.uniform(-1, 1, points))
        strength *= rough
    return line / 1.8


def noise2(h, w, octaves, seed, rough=0.55):
    r, field, strength = np.random.default_rng(seed), np.zeros((h, w)), 1.0
    for o in range(octaves):
        size = 2 ** (o + 2)
        small = Image.fromarray(r.uniform(-1, 1, (size, int(size * w / h) + 2)).astype(np.float32))
        field += strength * np.asarray(small.resize((w, h), Image.BICUBIC))
        strength *= rough
    return field / 2


def mix(a, b, t):
    return np.asarray(a, float) * (1 - t) + np.asarray(b, float) * t


def gradient(stops, h=H, w=W):
    """Colours down the picture: [(position 0..1, (r, g, b)), …]"""
    y = np.linspace(0, 1, h)
    channels = [np.interp(y, [s[0] for s in stops], [s[1][c] for s in stops]) for c in range(3)]
    return np.repeat(np.stack(channels, -1)[:, None, :], w, 1)


def glow(img, x, y, radius, colour, strength):
    yy, xx = np.mgrid[0 : img.shape[0], 0 : img.shape[1]]
    d = np.exp(-(((xx - x) ** 2 + (yy - y) ** 2) / (2 * radius**2)))[..., None] * strength
    return img * (1 - d) + np.asarray(colour, float) * d


def ridge(img, line, colour, haze=None, depth=160):
    """Fills below the line; towards its foot the colour goes over into the haze."""
    yy = np.mgrid[0 : img.shape[0], 0 : img.shape[1]][0]
    below = np.clip(yy - line[None, :] + 0.5, 0, 1)[..., None]
    t = np.clip((yy - line[None, :]) / depth, 0, 1)[..., None]
    body = np.asarray(colour, float) * (1 - t) + np.asarray(haze if haze is not None else colour, float) * t
    return img * (1 - below) + body * below


def save(name, img, size=None, quality=80, grain=2.2):
    if not isinstance(img, Image.Image):
        noisy = img + np.random.default_rng(1).normal(0, grain, img.shape[:2])[..., None]
        img = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    if size:
        img = img.resize(size, Image.LANCZOS)
    img.convert("RGB").save(OUT / f"{name}.jpg", quality=quality, optimize=True, progressive=True)


def dawn():
    img = gradient([(0, (62, 84, 128)), (0.25, (140, 140, 176)), (0.42, (232, 176, 160)), (0.52, (255, 214, 158)), (1, (255, 224, 180))])
    img = glow(img, 830, 430, 210, (255, 236, 190), 0.85)
    img = glow(img, 830, 438, 46, (255, 250, 232), 0.95)
    clouds = np.clip(noise2(H, W, 6, 5) + 0.05, 0, 1)[..., None] * np.clip(1.2 - np.abs(np.mgrid[0:H, 0:W][0] - 200) / 170, 0, 1)[..., None]
    img = img * (1 - 0.5 * clouds) + np.array([250, 190, 175.0]) * 0.5 * clouds
    x = np.arange(W)
    for i in range(7):
        t = i / 6
        base = 440 + 62 * i + 6 * i * i * 0.6
        line = base + noise1(W, 8, 40 + i, 0.52) * (34 + 26 * i) - 30 * np.exp(-(((x - (300 + 130 * i) % W) / 180) ** 2)) * (1 + i * 0.4)
        colour = mix((196, 164, 168), (22, 34, 52), t**0.8)
        haze = mix((250, 208, 170), (60, 78, 104), t**0.9)
        img = ridge(img, line, colour, mix(colour, haze, 0.75), 120 + 30 * i)
    save("dawn", img)


def spruce(img, x, foot, height, colour, seed):
    r = np.random.default_rng(seed)
    y0 = int(foot - height)
    for y in range(max(y0, 0), min(int(foot), img.shape[0])):
        t = (y - y0) / height
        tier = (t * 11) % 1
        half = height * (0.03 + 0.22 * t) * (0.45 + 0.55 * tier) * (1 + r.uniform(-0.12, 0.12))
        a, b = int(max(x - half, 0)), int(min(x + half + 1, img.shape[1]))
        img[y, a : max(a, b)] = colour


def fog():
    img = gradient([(0, (214, 222, 214)), (0.5, (196, 210, 202)), (1, (150, 172, 164))])
    r = np.random.default_rng(7)
    for layer in range(6):
        t = layer / 5
        colour = mix((182, 199, 191), (24, 40, 38), t**1.15)
        slope = 330 + 105 * layer + (np.arange(W) - W / 2) * (-0.2 + 0.012 * layer) + noise1(W, 6, 90 + layer) * 34
        for x in np.sort(r.uniform(-40, W + 40, int(70 - 8 * layer))):
            spruce(img, x, slope[int(np.clip(x, 0, W - 1))] + 30, (80 + 44 * layer) * r.uniform(0.6, 1.15), colour, int(x * 7 + layer) + 1000)
        img = ridge(img, slope + 10, colour, mix(colour, (204, 216, 208), 0.5 - 0.4 * t), 260)
        veil = np.clip(noise2(H, W, 5, 20 + layer) + 0.35, 0, 1)[..., None] * 0.42 * (1 - t)
        img = img * (1 - veil) + np.array([212, 222, 214.0]) * veil
    save("fog", img)


def river():
    top = int(H * 0.55)
    sky = gradient([(0, (38, 52, 92)), (0.35, (104, 92, 128)), (0.7, (232, 140, 100)), (1, (255, 200, 120))], top)
    sky = glow(sky, 470, top - 18, 240, (255, 220, 140), 0.8)
    clouds = np.clip(noise2(top, W, 6, 33) - 0.1, 0, 1)[..., None]
    sky = sky * (1 - 0.6 * clouds) + np.array([120, 78, 104.0]) * 0.6 * clouds
    for i in range(3):
        line = top - 100 + 34 * i + noise1(W, 7, 60 + i, 0.48) * (46 - 8 * i)
        sky = ridge(sky, line, mix((118, 92, 118), (22, 24, 40), i / 2), mix((190, 124, 112), (40, 36, 52), i / 2), 90)
    water = sky[::-1][: H - top] * np.array([0.78, 0.82, 0.9])
    rows = np.arange(H - top)
    wave = (noise2(H - top, W, 6, 8) * (1 + rows[:, None] / 24)).astype(int)
    xx = np.clip(np.arange(W)[None, :] + wave * 3, 0, W - 1)
    yy = np.clip(rows[:, None] + wave, 0, H - top - 1)
    img = np.concatenate([sky, mix(water[yy, xx], (20, 26, 48), 0.0) * (1 - 0.35 * (rows / (H - top)))[:, None, None]])
    boat = svg_image(f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}"><g fill="#14141f"><path d="M820 566q70 26 150 0q-14 30 -44 32h-64q-30 -4 -42 -32z"/>'
                     '<path d="M884 566q4 -34 14 -36q12 0 14 36z"/><circle cx="898" cy="522" r="10"/><path d="M870 548l84 26-2 4-86-26z"/></g>'
                     '<g fill="#14141f" opacity=".45"><path d="M824 602q70 -10 144 0q-20 26 -46 28h-60q-28 -4 -38 -28z"/></g></svg>')
    base = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).convert("RGBA")
    base.alpha_composite(boat)
    save("river", np.asarray(base.convert("RGB")).astype(float))


def milkyway():
    img = gradient([(0, (8, 10, 26)), (0.6, (20, 26, 52)), (0.85, (58, 60, 78)), (1, (70, 66, 74))])
    yy, xx = np.mgrid[0:H, 0:W]
    angle = math.radians(-62)
    across = (xx - 700) * math.cos(angle + math.pi / 2) + (yy - 300) * math.sin(angle + math.pi / 2)
    dust = noise2(H, W, 7, 3, 0.62)
    band = np.exp(-(((across + dust * 60) / 120) ** 2)) * (0.75 + 0.5 * noise2(H, W, 6, 4))
    lane = np.exp(-(((across - 10 + dust * 90) / 26) ** 2)) * np.clip(noise2(H, W, 6, 9) + 0.6, 0, 1)
    light = np.clip(band - 0.75 * lane, 0, 1)[..., None]
    img += light * mix((120, 116, 150), (214, 176, 150), np.clip(yy / H, 0, 1)[..., None]) * 0.9
    r = np.random.default_rng(2)
    for count, size, most in ((9000, 0, 120), (1400, 1, 210), (90, 2, 255)):
        xs, ys, b = r.uniform(0, W, count), r.uniform(0, H * 0.92, count), r.uniform(0.15, 1, count) ** 2 * most
        keep = r.uniform(0, 1, count) < 0.35 + 0.65 * light[ys.astype(int), xs.astype(int), 0]
        for x, y, v in zip(xs[keep].astype(int), ys[keep].astype(int), b[keep]):
            tint = np.array([1, 0.94, 0.86]) if (x * 7 + y) % 5 else np.array([0.8, 0.9, 1])
            img[y : y + max(size, 1), x : x + max(size, 1)] += v * tint
    img = np.asarray(Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.5))).astype(float)
    line = 730 + noise1(W, 8, 71, 0.5) * 60
    img = ridge(img, line - 30, (24, 26, 36), (14, 16, 22), 100)
    img = glow(img, 930, 772, 34, (255, 190, 110), 0.7)
    img = ridge(img, line + 46 + noise1(W, 7, 77) * 20, (8, 9, 13))
    tent = svg_image(f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#ffb35c"/><stop offset="1" stop-color="#ffe2a8"/></linearGradient></defs>'
                     '<path d="M902 792l28-42 34 42z" fill="url(#g)"/><path d="M930 750l-4 42h10z" fill="#a65a1e"/></svg>')
    base = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).convert("RGBA")
    base.alpha_composite(tent)
    save("milkyway", np.asarray(base.convert("RGB")).astype(float), quality=76)


def moon():
    size, r = 1000, 400
    yy, xx = np.mgrid[0:size, 0:size]
    x, y = (xx - size / 2) / r, (yy - size / 2) / r
    inside = x**2 + y**2 < 1
    z = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
    height = noise2(size, size, 7, 12, 0.6) * 0.05
    rng = np.random.default_rng(15)
    for _ in range(330):
        a, b = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform(0, 0.97))
        cx, cy, cr = b * math.cos(a), b * math.sin(a), 0.012 + 0.07 * rng.uniform() ** 4
        d = np.sqrt((x - cx) ** 2 + (y - cy) ** 2) / cr
        height += np.where(d < 1, (d**2 - 1) * 0.5, np.exp(-((d - 1) * 3)) * 0.28) * cr * 0.35 * (d < 3)
    gy, gx = np.gradient(height)
    nx, ny = x - gx * 90, y - gy * 90
    n = np.sqrt(nx**2 + ny**2 + z**2) + 1e-6
    sun = np.array([0.96, -0.12, 0.1])
    light = np.clip((nx * sun[0] + ny * sun[1] + z * sun[2]) / n / np.linalg.norm(sun), 0, 1) ** 0.8
    seas = np.clip(noise2(size, size, 4, 21) * 1.4 + 0.1, 0, 1)
    albedo = 0.9 - 0.42 * seas + noise2(size, size, 7, 30) * 0.1
    v = np.where(inside, light * albedo, 0)
    img = v[..., None] * np.array([252, 246, 232.0]) + np.array([5, 6, 10.0])
    save("moon", np.asarray(Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))).astype(float))


# ── drawings ──


def svg_image(text):
    png = subprocess.run(["rsvg-convert", "-f", "png"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    return Image.open(io.BytesIO(png)).convert("RGBA")


def drawing(name, w, h, body, paper="#f4efe2", texture=6.0, quality=76):
    """An SVG on paper, with the paper's grain over it."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}"><rect width="{w}" height="{h}" fill="{paper}"/>{body}</svg>'
    img = np.asarray(svg_image(text).convert("RGB")).astype(float)
    img += (noise2(h, w, 7, len(name) + w, 0.75) * texture)[..., None]
    save(name, img, quality=quality, grain=texture * 0.35)


def cuts(rng, x0, y0, x1, y1, n, colour, width=2.4):
    """Stray strokes of the gouge, as at the edges of a linocut."""
    out = []
    for _ in range(n):
        x, y, a, l = rng.uniform(x0, x1), rng.uniform(y0, y1), rng.uniform(-0.5, 0.5), rng.uniform(10, 38)
        out.append(f'<path d="M{x:.0f} {y:.0f}l{l * math.cos(a):.0f} {l * math.sin(a):.0f}" stroke="{colour}" stroke-width="{width * rng.uniform(0.5, 1.3):.1f}" stroke-linecap="round"/>')
    return "".join(out)


def heron():
    rng = random.Random(4)
    ink = "#1d4038"
    reeds = "".join(
        f'<path d="M{x} 1140Q{x + rng.randint(-30, 30)} {900 - rng.randint(0, 200)} {x + rng.randint(-70, 70)} {620 - rng.randint(0, 260)}" stroke="{ink}" stroke-width="{rng.uniform(5, 12):.1f}" fill="none" stroke-linecap="round"/>'
        for x in list(range(60, 330, 26)) + list(range(640, 900, 24))
    )
    cattails = "".join(f'<rect x="{x}" y="{y}" width="24" height="110" rx="12" fill="{ink}"/>' for x, y in ((118, 470), (220, 400), (716, 380), (812, 470)))
    water = "".join(f'<path d="M{rng.randint(80, 500)} {y}h{rng.randint(120, 340)}" stroke="#f1e8d2" stroke-width="7" stroke-linecap="round"/>' for y in range(1010, 1130, 24))
    bird = f"""<g fill="{ink}"><path d="M470 1010L462 760q-90 -40 -96 -150q-4 -120 84 -190q70 -54 92 -120q14 -48 -14 -84q-22 -24 -50 -8q-24 14 -22 40l-140 -16q72 -54 160 -64
      q62 -6 96 44q36 58 6 146q-24 70 -28 132q76 70 84 172q8 92 -78 108l14 240h-20l-22 -236h-22l-8 236z"/></g>
      <path d="M500 196q54 -36 128 -10q-66 -2 -104 34z" fill="{ink}"/><circle cx="498" cy="214" r="8" fill="#f1e8d2"/>
      <g stroke="#f1e8d2" stroke-width="8" fill="none" stroke-linecap="round"><path d="M420 560q40 80 130 110"/><path d="M408 610q46 80 130 100"/><path d="M420 660q40 60 106 76"/><path d="M470 480q20 60 80 96"/><path d="M512 330q26 60 4 120"/></g>"""
    body = f'<rect x="40" y="40" width="880" height="1120" fill="#efe5cc"/><circle cx="640" cy="330" r="150" fill="#c4452f"/>{reeds}{cattails}<rect x="40" y="990" width="880" height="170" fill="{ink}"/>{water}{bird}'
    body += cuts(rng, 50, 60, 900, 1150, 120, ink, 1.6) + f'<rect x="40" y="40" width="880" height="1120" fill="none" stroke="{ink}" stroke-width="10"/>'
    drawing("heron", 960, 1200, body, "#f7f1e3")


def poppies():
    rng = random.Random(11)
    body = '<rect x="50" y="50" width="900" height="1100" fill="#f0e7d3"/>'
    for x, y, s in ((250, 420, 1.1), (480, 300, 1.35), (720, 460, 1.0)):
        body += f'<path d="M{x} {y}Q{x + rng.randint(-50, 50)} {y + 380} {x + rng.randint(-40, 40)} 1150" stroke="#191919" stroke-width="10" fill="none"/>'
        petals = "".join(f'<ellipse cx="0" cy="-62" rx="86" ry="76" fill="#d2321f" transform="rotate({a})"/>' for a in (20, 110, 200, 290))
        folds = "".join(f'<path d="M0 0Q{30 * math.cos(a):.0f} {30 * math.sin(a):.0f} {110 * math.cos(a + 0.15):.0f} {110 * math.sin(a + 0.15):.0f}" stroke="#f0e7d3" stroke-width="3.4" fill="none"/>' for a in [i * math.pi / 11 for i in range(22)])
        stamens = "".join(f'<circle cx="{44 * math.cos(i * 0.52):.0f}" cy="{44 * math.sin(i * 0.52):.0f}" r="6" fill="#191919"/>' for i in range(12))
        body += f'<g transform="translate({x} {y}) scale({s})">{petals}{folds}<circle r="30" fill="#191919"/>{stamens}</g>'
    for x, y in ((360, 660), (610, 720)):
        body += f'<path d="M{x} {y}q-30 -60 20 -70q50 10 20 76" fill="#191919"/><path d="M{x + 6} {y - 30}q14 30 30 0" stroke="#d2321f" stroke-width="9" fill="none"/><path d="M{x + 18} {y}Q{x - 30} {y + 240} {x + 20} 1150" stroke="#191919" stroke-width="8" fill="none"/>'
    for _ in range(26):
        x, y = rng.randint(100, 860), rng.randint(820, 1120)
        body += f'<path d="M{x} {y}q{rng.randint(20, 60)} -{rng.randint(40, 90)} {rng.randint(60, 110)} -{rng.randint(10, 40)}q-40 60 -{rng.randint(50, 90)} 40z" fill="#191919"/>'
    drawing("poppies", 1000, 1200, body + cuts(rng, 60, 60, 930, 1130, 90, "#191919", 1.5), "#f8f2e6")


def poster():
    rays = "".join(f'<path d="M500 700L{500 + 1400 * math.cos(a):.0f} {700 + 1400 * math.sin(a):.0f}L{500 + 1400 * math.cos(a + 0.11):.0f} {700 + 1400 * math.sin(a + 0.11):.0f}z" fill="#e9c46a"/>' for a in [i * math.pi / 14 for i in range(28)])
    horn = """<g transform="rotate(-24 500 700)" fill="none" stroke="#16213e" stroke-width="26" stroke-linecap="round"><path d="M170 640H760"/><path d="M170 760H830"/><path d="M170 640q-70 0 -70 60t70 60"/><path d="M760 640q60 0 60 60"/>
      <path d="M760 560q80 20 210 -70v290q-130 -90 -210 -70z" fill="#16213e"/><path d="M300 610v180M420 610v180" stroke-width="16"/></g>"""
    word = lambda y, size, text, colour: f'<text x="500" y="{y}" text-anchor="middle" font-family="DejaVu Sans Condensed,DejaVu Sans,sans-serif" font-weight="bold" font-size="{size}" fill="{colour}" textLength="{min(860, size * len(text) * 0.62):.0f}" lengthAdjust="spacingAndGlyphs">{text}</text>'
    body = f'<rect x="30" y="30" width="940" height="1240" fill="#f4e8cf"/><g opacity=".55">{rays}</g><rect x="30" y="30" width="940" height="330" fill="#c8402f"/>{word(170, 112, "CANAL STREET", "#f4e8cf")}{word(315, 128, "STOMPERS", "#f4e8cf")}{horn}'
    body += f'<rect x="30" y="1010" width="940" height="260" fill="#16213e"/>{word(1115, 82, "SATURDAY 8 PM", "#f4e8cf")}{word(1190, 48, "COURTYARD AT THE MILL", "#e9c46a")}{word(1244, 32, "FREE · BRING A CHAIR", "#f4e8cf")}'
    drawing("poster", 1000, 1300, body, "#efe2c6", 9)


def tomatoes():
    rng = random.Random(3)
    kinds = [("#d83a2a", "#8f1d14"), ("#f08a24", "#b4560e"), ("#f3c63c", "#b98a12"), ("#7fa345", "#45661f"), ("#5a2430", "#2b0f18"), ("#e2543d", "#9c2517")]
    defs = "".join(f'<radialGradient id="t{i}" cx=".36" cy=".3" r=".8"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset=".16" stop-color="{a}"/><stop offset="1" stop-color="{b}"/></radialGradient>' for i, (a, b) in enumerate(kinds))
    boards = "".join(f'<rect y="{y}" width="1280" height="168" fill="{c}"/><path d="M0 {y + 60}q320 {rng.randint(-22, 22)} 640 0t640 0M0 {y + 112}q300 {rng.randint(-22, 22)} 640 0t640 0" stroke="#6d4526" stroke-opacity=".35" stroke-width="3" fill="none"/>' for y, c in ((0, "#a87748"), (170, "#9c6c40"), (340, "#ad7d4e"), (510, "#a07044"), (680, "#a97a4b")))
    body = f"<defs>{defs}</defs>{boards}"
    for row in range(4):
        for col in range(6):
            x, y = 130 + col * 204 + rng.randint(-22, 22), 120 + row * 204 + rng.randint(-18, 18)
            k, r = (col + row * 2 + rng.randint(0, 1)) % 6, rng.randint(66, 92)
            squash = rng.uniform(0.84, 1)
            star = "".join(f'<path d="M0 0q10 -{r * 0.3:.0f} 4 -{r * 0.5:.0f}q-16 {r * 0.16:.0f} -4 {r * 0.5:.0f}" transform="rotate({a + rng.randint(-14, 14)})" fill="#3d5a24"/>' for a in range(0, 360, 62))
            stripes = "".join(f'<path d="M0 0Q{r * 0.7 * math.cos(a):.0f} {r * 0.7 * math.sin(a):.0f} {r * 0.96 * math.cos(a + 0.3):.0f} {r * 0.96 * math.sin(a + 0.3):.0f}" stroke="#d8c65a" stroke-opacity=".75" stroke-width="7" fill="none"/>' for a in [i * 0.7 for i in range(9)]) if k == 3 else ""
            body += f'<g transform="translate({x} {y}) rotate({rng.randint(-30, 30)}) scale(1 {squash:.2f})"><ellipse cx="10" cy="18" rx="{r}" ry="{r}" fill="#2c170a" opacity=".38"/><circle r="{r}" fill="url(#t{k})"/>{stripes}{star}<circle cx="0" cy="-6" r="7" fill="#4c6b2c"/></g>'
    drawing("tomatoes", 1280, 853, body, "#a07044", 10)


def wheel():
    cx, cy, r = 640, 430, 350
    body = '<defs><linearGradient id="w" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#cdbfae"/><stop offset="1" stop-color="#8d7f72"/></linearGradient><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fafafa"/><stop offset=".5" stop-color="#8c9196"/><stop offset="1" stop-color="#dfe3e6"/></linearGradient></defs><rect width="1280" height="853" fill="url(#w)"/><rect y="760" width="1280" height="93" fill="#6a5c50"/>'
    body += f'<ellipse cx="{cx + 60}" cy="790" rx="330" ry="22" fill="#000" opacity=".28"/><circle cx="{cx + 34}" cy="{cy + 24}" r="{r - 6}" fill="none" stroke="#000" stroke-opacity=".14" stroke-width="34"/>'
    for i in range(36):
        a, out = i * math.tau / 36, i * math.tau / 36 + (0.62 if i % 2 else -0.62)
        body += f'<path d="M{cx + 34 * math.cos(out):.1f} {cy + 34 * math.sin(out):.1f}L{cx + (r - 22) * math.cos(a):.1f} {cy + (r - 22) * math.sin(a):.1f}" stroke="#eef1f3" stroke-width="2.6"/><rect x="-5" y="-3" width="16" height="6" fill="#b08a4a" transform="translate({cx + (r - 30) * math.cos(a):.1f} {cy + (r - 30) * math.sin(a):.1f}) rotate({math.degrees(a):.1f})"/>'
    body += f'<circle cx="{cx}" cy="{cy}" r="{r}" fill="none" stroke="#26221f" stroke-width="36"/><circle cx="{cx}" cy="{cy}" r="{r - 21}" fill="none" stroke="url(#s)" stroke-width="15"/><circle cx="{cx}" cy="{cy}" r="{r + 9}" fill="none" stroke="#4c443d" stroke-width="5"/>'
    body += f'<circle cx="{cx}" cy="{cy}" r="46" fill="url(#s)"/><circle cx="{cx}" cy="{cy}" r="30" fill="#3a3d40"/><circle cx="{cx}" cy="{cy}" r="13" fill="url(#s)"/><path d="M{cx} {cy + r - 24}v-58" stroke="#26221f" stroke-width="7"/>'
    drawing("wheel", 1280, 853, body, "#cdbfae", 9)


def ramen():
    rng = random.Random(6)
    cx, cy = 640, 427
    table = "".join(f'<rect x="0" y="{y}" width="1280" height="140" fill="{c}"/>' for y, c in ((0, "#4a2f22"), (142, "#452b1f"), (284, "#4f3325"), (426, "#482e21"), (568, "#4c3123"), (710, "#462c20")))
    body = f'<defs><radialGradient id="b"><stop offset="0" stop-color="#e7b45a"/><stop offset=".75" stop-color="#cf8c35"/><stop offset="1" stop-color="#9d5f1f"/></radialGradient></defs>{table}<circle cx="{cx + 22}" cy="{cy + 30}" r="372" fill="#000" opacity=".35"/><circle cx="{cx}" cy="{cy}" r="372" fill="#23303a"/><circle cx="{cx}" cy="{cy}" r="340" fill="#dfe4df"/><circle cx="{cx}" cy="{cy}" r="322" fill="url(#b)"/>'
    for _ in range(46):
        x, y, a = rng.uniform(-150, 60), rng.uniform(-30, 210), rng.uniform(-0.5, 0.5)
        body += f'<path d="M{cx + x - 120:.0f} {cy + y:.0f}q70 {rng.randint(-70, 70)} 130 {40 * a:.0f}t140 {rng.randint(-30, 30)}" stroke="{rng.choice(["#f4dfa0", "#f0d58c", "#f8e8b6"])}" stroke-width="9" fill="none" stroke-linecap="round"/>'
    for _ in range(70):
        x, y = rng.uniform(-270, 270), rng.uniform(-270, 270)
        if x * x + y * y < 290**2:
            body += f'<circle cx="{cx + x:.0f}" cy="{cy + y:.0f}" r="{rng.uniform(3, 13):.0f}" fill="#f6cf7a" opacity=".42"/>'
    for x, y in ((150, -130), (196, -40)):
        body += f'<g transform="translate({cx + x} {cy + y}) rotate({rng.randint(-20, 40)})"><ellipse rx="84" ry="66" fill="#fdfaf2"/><ellipse cx="4" rx="50" ry="42" fill="#ef9d2d"/><ellipse cx="-6" cy="-8" rx="26" ry="18" fill="#f8c055"/></g>'
    body += f'<g transform="translate({cx - 150} {cy - 150}) rotate(-18)"><rect x="-120" y="-78" width="230" height="150" rx="60" fill="#8a4a33"/><path d="M-96 -40q100 -40 190 10M-100 6q100 -36 200 12M-90 44q90 -26 170 6" stroke="#e4b59a" stroke-width="15" fill="none" stroke-linecap="round"/></g>'
    pts = " ".join(f"{78 * (1 + 0.09 * math.cos(10 * a)) * math.cos(a):.1f},{78 * (1 + 0.09 * math.cos(10 * a)) * math.sin(a):.1f}" for a in [i * math.tau / 120 for i in range(120)])
    body += f'<g transform="translate({cx + 30} {cy - 205})"><polygon points="{pts}" fill="#fffdf8"/><path d="M0 0q20 -26 36 0t-30 36q-52 -4 -44 -52q20 -44 74 -24" stroke="#e2618a" stroke-width="13" fill="none" stroke-linecap="round"/></g>'
    body += f'<path d="M{cx + 176} {cy + 60}l150 -36 30 190-150 30z" fill="#1d2b22"/><path d="M{cx + 190} {cy + 80}l120 -28M{cx + 200} {cy + 130}l120 -28M{cx + 210} {cy + 180}l120 -28" stroke="#2d4435" stroke-width="6"/>'
    for _ in range(58):
        a, d = rng.uniform(0, math.tau), rng.uniform(0, 92)
        x, y, r = cx - 60 + d * math.cos(a), cy - 10 + d * math.sin(a) * 0.8, rng.uniform(9, 17)
        body += f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="none" stroke="{rng.choice(["#7fae4a", "#a8cc6a", "#5d8f38", "#cfe3a4"])}" stroke-width="6"/>'
    body += f'<g transform="rotate(-32 1130 430)"><rect x="1110" y="30" width="16" height="800" rx="8" fill="#b8824e"/><rect x="1148" y="30" width="16" height="800" rx="8" fill="#a97442"/></g>'
    drawing("ramen", 1280, 853, body, "#4a2f22", 8)


def chart():
    levels = [142, 141, 140, 143, 147, 151, 150, 148, 146, 145, 149, 156, 164, 170, 173, 171, 166, 161, 157, 153, 150, 148, 146, 144, 142, 141, 140, 139, 138, 138]
    x, y = lambda i: 110 + i * 1080 / 29, lambda v: 640 - (v - 130) * 10.5
    grid = "".join(f'<path d="M110 {y(v):.0f}H1190" stroke="#d8d2c2"/><text x="96" y="{y(v) + 8:.0f}" text-anchor="end" font-family="DejaVu Sans" font-size="22" fill="#6f7a72">{v}</text>' for v in range(130, 181, 10))
    line = " ".join(f"{x(i):.0f},{y(v):.0f}" for i, v in enumerate(levels))
    days = "".join(f'<text x="{x(i):.0f}" y="690" text-anchor="middle" font-family="DejaVu Sans" font-size="22" fill="#6f7a72">{i + 1}</text>' for i in range(0, 30, 5))
    body = f'<text x="110" y="74" font-family="DejaVu Sans" font-weight="bold" font-size="34" fill="#23453c">Old bridge, level in cm, 30 days</text>{grid}{days}<polygon points="110,640 {line} 1190,640" fill="#2f7d6b" opacity=".16"/><polyline points="{line}" fill="none" stroke="#2f7d6b" stroke-width="6" stroke-linejoin="round"/><circle cx="{x(14):.0f}" cy="{y(173):.0f}" r="10" fill="#c8622f"/><text x="{x(14) + 20:.0f}" y="{y(173) - 10:.0f}" font-family="DejaVu Sans" font-size="24" fill="#c8622f">173, after the rain</text>'
    drawing("chart", 1280, 740, body, "#fbf8f0", 0)


def allotment():
    rng = random.Random(9)
    body = '<rect width="1280" height="900" fill="#f6f0df"/><rect x="50" y="50" width="1180" height="800" fill="#e6d9b8" stroke="#6b5636" stroke-width="5"/>'

    def bed(x, y, w, h, plant, step, label):
        out = f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="10" fill="#8a6542" stroke="#5b4027" stroke-width="4"/>'
        yy = y + step * 0.6
        while yy < y + h - step * 0.3:
            xx = x + step * 0.6
            while xx < x + w - step * 0.3:
                out += plant(xx + rng.uniform(-4, 4), yy + rng.uniform(-4, 4))
                xx += step
            yy += step
        return out + f'<text x="{x + w / 2}" y="{y + h + 30}" text-anchor="middle" font-family="URW Chancery L,DejaVu Serif,serif" font-style="italic" font-size="26" fill="#3f3320">{label}</text>'

    leafy = lambda c, r: lambda x, y: "".join(f'<ellipse cx="{x + r * 0.45 * math.cos(a):.0f}" cy="{y + r * 0.45 * math.sin(a):.0f}" rx="{r * 0.55:.0f}" ry="{r * 0.4:.0f}" fill="{c}" stroke="#3e5a22" stroke-width="1.6" transform="rotate({math.degrees(a):.0f} {x + r * 0.45 * math.cos(a):.0f} {y + r * 0.45 * math.sin(a):.0f})"/>' for a in [i * math.tau / 7 for i in range(7)])
    carrot = lambda x, y: f'<path d="M{x:.0f} {y:.0f}q-14 -14 -10 -22M{x:.0f} {y:.0f}q0 -16 2 -26M{x:.0f} {y:.0f}q14 -12 12 -22" stroke="#5f8c34" stroke-width="3.4" fill="none"/><circle cx="{x:.0f}" cy="{y + 2:.0f}" r="6.5" fill="#e57f2c"/>'
    bean = lambda x, y: f'<path d="M{x - 16:.0f} {y + 16:.0f}L{x:.0f} {y - 20:.0f}L{x + 16:.0f} {y + 16:.0f}" stroke="#6b4a2a" stroke-width="3" fill="none"/><circle cx="{x - 6:.0f}" cy="{y - 2:.0f}" r="8" fill="#79a343"/><circle cx="{x + 7:.0f}" cy="{y + 5:.0f}" r="7" fill="#5f8a33"/><circle cx="{x:.0f}" cy="{y - 14:.0f}" r="5" fill="#c94f5e"/>'
    pumpkin = lambda x, y: leafy("#6d9a3f", 44)(x - 30, y + 14) + f'<ellipse cx="{x + 14:.0f}" cy="{y - 4:.0f}" rx="36" ry="30" fill="#e88a2a" stroke="#a3530f" stroke-width="3"/><path d="M{x + 14:.0f} {y - 34:.0f}q-16 30 0 60M{x + 14:.0f} {y - 34:.0f}q16 30 0 60" stroke="#a3530f" stroke-width="2" fill="none"/>'
    body += bed(90, 90, 330, 210, leafy("#a9cf6a", 34), 62, "lettuce, four kinds") + bed(470, 90, 330, 210, carrot, 38, "carrots &amp; the odd radish") + bed(850, 90, 340, 210, bean, 54, "runner beans")
    body += bed(90, 380, 330, 400, pumpkin, 132, "pumpkins, again too many") + bed(470, 380, 330, 180, leafy("#8fb98a", 42), 80, "kale") + bed(470, 620, 330, 160, leafy("#c7d36b", 30), 56, "herbs")
    body += '<circle cx="1020" cy="580" r="120" fill="#9cc3cf" stroke="#56808c" stroke-width="5"/><path d="M950 560q40 -20 80 0t80 0M960 610q40 -20 70 0t60 0" stroke="#f6f0df" stroke-width="5" fill="none"/><text x="1020" y="744" text-anchor="middle" font-family="DejaVu Serif" font-style="italic" font-size="26" fill="#3f3320">rain barrel (frog)</text>'
    drawing("allotment", 1280, 900, body, "#f6f0df", 12)


def loaves():
    rng = random.Random(8)
    body = '<defs><radialGradient id="l" cx=".4" cy=".35" r=".75"><stop offset="0" stop-color="#d99a55"/><stop offset=".55" stop-color="#a9622c"/><stop offset="1" stop-color="#56290f"/></radialGradient></defs><rect width="1280" height="853" fill="#ddd5c6"/>'
    body += "".join(f'<path d="M{x} 0q{rng.randint(-30, 30)} 420 0 860" stroke="#cbc2b1" stroke-width="{rng.randint(6, 20)}" fill="none"/>' for x in range(30, 1280, 88))
    scores = [
        '<path d="M-90 0Q0 -46 90 0" /><path d="M-70 46Q0 14 70 46"/><path d="M-70 -52Q0 -92 70 -52"/>',
        '<path d="M-100 -30L100 30M-100 30L100 -30M0 -104V104"/>',
        "".join(f'<path d="M0 90Q{20 * s} 20 {62 * s} {-10 - 26 * i}" transform="translate(0 {-28 * i})"/>' for i in range(3) for s in (-1, 1)) + '<path d="M0 100V-96"/>',
        '<path d="M-64 -64H64V64H-64z"/>',
        '<path d="M-96 20Q-20 -120 96 -40"/>',
        "".join(f'<path d="M0 0L{100 * math.cos(a):.0f} {100 * math.sin(a):.0f}"/>' for a in [i * math.tau / 8 for i in range(8)]),
    ]
    for i, (x, y) in enumerate(((240, 235), (640, 220), (1040, 240), (236, 620), (640, 632), (1044, 616))):
        r = rng.randint(164, 180)
        flour = "".join(f'<circle cx="{rng.gauss(0, 72):.0f}" cy="{rng.gauss(0, 72):.0f}" r="{rng.uniform(1, 5):.1f}" fill="#fff6e6" opacity="{rng.uniform(0.2, 0.7):.2f}"/>' for _ in range(170))
        body += f'<g transform="translate({x} {y}) rotate({rng.randint(-40, 40)})"><ellipse cx="12" cy="20" rx="{r}" ry="{r}" fill="#4d4234" opacity=".35"/><circle r="{r}" fill="url(#l)"/><circle r="{r - 26}" fill="none" stroke="#fbeed6" stroke-opacity=".22" stroke-width="20"/>{flour}<g stroke="#f0d9ae" stroke-width="17" fill="none" stroke-linecap="round">{scores[i]}</g><g stroke="#7d4218" stroke-width="4" fill="none" stroke-linecap="round" transform="translate(5 7)">{scores[i]}</g></g>'
    drawing("loaves", 1280, 853, body, "#ddd5c6", 11)


def dial():
    cities = ["Oslo", "Hilversum", "Wien", "Praha", "Lyon", "Milano", "København", "Beromünster", "Kraków", "Stockholm"]
    rows = ""
    for r in range(3):
        y = 250 + r * 106
        rows += f'<path d="M130 {y}H990" stroke="#f5dfa6" stroke-opacity=".6" stroke-width="2"/>' + "".join(f'<path d="M{130 + i * 43} {y}v-{16 if i % 5 else 28}" stroke="#f5dfa6" stroke-opacity=".7" stroke-width="2.4"/>' for i in range(21))
        rows += "".join(f'<text x="{180 + i * 250}" y="{y + 42}" font-family="DejaVu Sans Condensed,DejaVu Sans" font-size="31" fill="#ffe9b0">{cities[(r * 4 + i) % 10]}</text>' for i in range(3 if r == 1 else 4) if 180 + i * 250 < 900)
    knob = '<g transform="translate(1130 430)"><circle cx="10" cy="16" r="112" fill="#000" opacity=".4"/><circle r="108" fill="#e9dcc0"/><circle r="108" fill="none" stroke="#b7a782" stroke-width="7"/>' + "".join(f'<path d="M{98 * math.cos(a):.0f} {98 * math.sin(a):.0f}L{108 * math.cos(a):.0f} {108 * math.sin(a):.0f}" stroke="#9f8e68" stroke-width="4"/>' for a in [i * math.tau / 48 for i in range(48)]) + '<circle r="66" fill="#f4ead2"/><path d="M0 -58v30" stroke="#7d2418" stroke-width="9" stroke-linecap="round"/></g>'
    body = f'<defs><radialGradient id="g" cx=".45" cy=".5" r=".7"><stop offset="0" stop-color="#a5682a"/><stop offset=".6" stop-color="#5d3516"/><stop offset="1" stop-color="#21120a"/></radialGradient><linearGradient id="wood" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#6a3b1c"/><stop offset="1" stop-color="#3a1d0c"/></linearGradient></defs><rect width="1280" height="853" fill="url(#wood)"/>'
    body += "".join(f'<path d="M0 {y}q320 {10 - (y * 7) % 21} 640 0t640 0" stroke="#2b1407" stroke-opacity=".4" stroke-width="3" fill="none"/>' for y in range(14, 853, 22))
    body += f'<rect x="80" y="150" width="930" height="440" rx="26" fill="url(#g)" stroke="#c6a25a" stroke-width="9"/>{rows}<path d="M420 176V566" stroke="#e2452f" stroke-width="7"/><ellipse cx="420" cy="370" rx="150" ry="190" fill="#ffcf7a" opacity=".14"/>{knob}'
    body += '<g>' + "".join(f'<rect x="{150 + i * 150}" y="660" width="112" height="74" rx="12" fill="#eadfc4" stroke="#a99464" stroke-width="5"/><text x="{206 + i * 150}" y="710" text-anchor="middle" font-family="DejaVu Sans" font-weight="bold" font-size="28" fill="#4e3a1d">{t}</text>' for i, t in enumerate(("LW", "MW", "KW", "UKW", "TA"))) + "</g>"
    drawing("dial", 1280, 853, body, "#3a1d0c", 9)


# ── faces ──


def face(name, back, skin, hair, cloth, style, glasses=False, beard=None):
    hairs = {
        "bun": f'<circle cx="200" cy="62" r="44" fill="{hair}"/><path d="M104 190q-8 -120 96 -124q104 4 96 124q-20 -70 -96 -74q-76 4 -96 74z" fill="{hair}"/>',
        "short": f'<path d="M106 178q-16 -112 94 -116q110 4 94 116q-10 -44 -34 -58q-70 20 -124 -8q-20 18 -30 66z" fill="{hair}"/>',
        "long": f'<path d="M98 330q-30 -272 102 -272t102 272h-44q22 -120 -4 -206q-60 30 -118 6q-14 90 6 200z" fill="{hair}"/>',
        "curls": "".join(f'<circle cx="{200 + 92 * math.cos(a):.0f}" cy="{150 + 82 * math.sin(a):.0f}" r="36" fill="{hair}"/>' for a in [math.pi + i * math.pi / 9 for i in range(10)]) + f'<path d="M110 150q90 -90 180 0q-90 -40 -180 0z" fill="{hair}"/>',
        "cap": f'<path d="M100 150q4 -92 100 -92t100 92q-100 -26 -200 0z" fill="{hair}"/><path d="M96 152q110 -34 216 4l46 12q-10 18 -50 10q-110 -30 -212 -6z" fill="{hair}"/>',
        "bob": f'<path d="M92 262q-22 -200 108 -202t108 202q-30 10 -40 -10q12 -90 -12 -130q-60 22 -112 -4q-22 50 -10 132q-12 22 -42 12z" fill="{hair}"/>',
        "bald": f'<path d="M106 200q-14 -30 -2 -62q6 44 14 62zM294 200q14 -30 2 -62q-6 44 -14 62z" fill="{hair}"/>',
    }
    g = '<g fill="none" stroke="#2a2523" stroke-width="7"><circle cx="164" cy="196" r="30"/><circle cx="236" cy="196" r="30"/><path d="M194 192q6 -6 12 0"/></g>' if glasses else ""
    b = f'<path d="M112 214q6 110 88 116q82 -6 88 -116q-14 44 -44 44q-44 -16 -88 0q-30 0 -44 -44z" fill="{beard}"/>' if beard else ""
    back_hair = hairs[style] if style == "long" else ""
    front = "" if style == "long" else hairs[style]
    fringe = f'<path d="M108 176q10 -100 92 -104q82 4 92 104q-30 -60 -92 -62q-62 2 -92 62z" fill="{hair}"/>' if style == "long" else ""
    body = f'<circle cx="330" cy="70" r="150" fill="#fff" opacity=".14"/>{back_hair}<path d="M30 420q10 -110 120 -120h100q110 10 120 120z" fill="{cloth}"/><path d="M164 270h72v50q-36 30 -72 0z" fill="{skin}"/><path d="M164 290q36 30 72 0v14q-36 28 -72 0z" fill="#000" opacity=".12"/><ellipse cx="200" cy="196" rx="94" ry="112" fill="{skin}"/>{b}<circle cx="166" cy="198" r="8" fill="#241f1d"/><circle cx="234" cy="198" r="8" fill="#241f1d"/><path d="M148 172q18 -12 34 -2M218 170q18 -10 34 2" stroke="#241f1d" stroke-opacity=".7" stroke-width="6" fill="none" stroke-linecap="round"/><path d="M200 204q-10 30 -4 34h10" stroke="#000" stroke-opacity=".22" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M168 262q32 24 64 0" stroke="#8b3d34" stroke-width="7" fill="none" stroke-linecap="round"/>{fringe}{front}{g}'
    drawing(name, 400, 400, body, back, 5, 84)


def buoy():
    body = '<path d="M0 250q50 -26 100 0t100 0t100 0t100 0V400H0z" fill="#2f7d8b"/><path d="M0 300q50 -22 100 0t100 0t100 0t100 0V400H0z" fill="#23636f"/><rect x="176" y="60" width="48" height="240" fill="#f5efe0"/>' + "".join(f'<rect x="176" y="{y}" width="48" height="24" fill="#c8402f"/>' for y in range(60, 300, 48)) + "".join(f'<path d="M224 {y}h26" stroke="#23453c" stroke-width="5"/>' for y in range(72, 300, 24))
    drawing("pegel", 400, 400, body, "#cfe3e2", 5, 84)


def main():
    OUT.mkdir(exist_ok=True)
    for picture in (dawn, fog, river, milkyway, moon, heron, poppies, poster, tomatoes, wheel, ramen, chart, allotment, loaves, dial, buoy):
        picture()
    face("mara", "#e7b98a", "#f3cdb0", "#b5642c", "#f5f0e6", "bun")
    face("jonas", "#7fa5a0", "#efc4a4", "#3a2a22", "#274060", "cap", beard="#5a3a28")
    face("priya", "#3d3a6b", "#b27a52", "#1c1718", "#d9a441", "long", glasses=True)
    face("tomasz", "#c9a66b", "#f1cba8", "#a57c4f", "#5b6d4a", "short", beard="#8f6638")
    face("elif", "#8fb36b", "#dca67c", "#5a2e2a", "#b23a48", "curls")
    face("owen", "#93a8bd", "#f2c9ae", "#8a8580", "#3e5c50", "short", beard="#b9b4ad")
    face("greta", "#b98fa5", "#f6d5bd", "#c9c3ba", "#38405f", "bob", glasses=True)
    face("sam", "#e0a73d", "#6f4630", "#16110f", "#7d2d3c", "short")
    face("ines", "#c95f45", "#d79c74", "#221a1a", "#f0e4cf", "bob")
    face("kenji", "#9db7a1", "#e9c19a", "#17151a", "#22303f", "cap")
    face("ruth", "#6f86a8", "#f1cfb8", "#e8e4dd", "#8c5a7c", "curls", glasses=True)


if __name__ == "__main__":
    main()
