"""The results as a picture: each measured value over its limit, on a logarithmic scale; the line is the limit."""
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, ROW = 980, 420, 30


def write(path, results):
    rows = [r for r in results if r[3]]
    height = 70 + ROW * len(rows)
    middle = LEFT + (WIDTH - LEFT - 140) * 0.62
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
           f'<text x="{middle}" y="24" text-anchor="middle" fill="#555">the limit</text>']
    for i, (name, measured, unit, limit, kind, _) in enumerate(rows):
        y = 40 + i * ROW
        share = measured / limit if kind == "at most" else limit / max(measured, 1e-9)
        end = middle + math.log10(max(share, 1e-3)) * (WIDTH - LEFT - 140) * 0.3
        end = max(LEFT + 4, min(end, WIDTH - 130))
        colour = "#2f7d5b" if share <= 1 else "#b3372f"
        out += [f'<text x="{LEFT - 12}" y="{y + 17}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LEFT}" y="{y + 4}" width="{end - LEFT:.0f}" height="{ROW - 12}" rx="3" fill="{colour}"/>',
                f'<text x="{max(end, middle) + 8:.0f}" y="{y + 17}" fill="#333">{measured:.3g} {escape(unit)} ({kind} {limit:g})</text>']
    out += [f'<line x1="{middle:.0f}" y1="32" x2="{middle:.0f}" y2="{height - 20}" stroke="#333" stroke-dasharray="4 3"/>', "</svg>"]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(out))
