"""Draw a bar chart of counts by day as a PNG picture, with the extra `charts` (Pillow)."""

from collections.abc import Sequence
from io import BytesIO

try:
    from PIL import Image, ImageDraw, ImageFont
except ImportError:
    HAS_CHARTS = False
else:
    HAS_CHARTS = True

WIDTH, HEIGHT = 640, 360  # pixels; a phone shows half as many
MARGIN, LABEL_HEIGHT, FONT_SIZE = 40, 32, 28  # pixels
GAP = 0.2  # of the width of a bar and the gap behind it
BACKGROUND, BAR, LINE, INK = "#ffffff", "#2f7dc1", "#c9d3dc", "#33414d"


def draw_bars(bars: Sequence[tuple[str, int]]) -> bytes:
    """Draw a bar for each count, with the highest count, and the labels at both ends.

    Args:
        bars: The label and the count of each, at least one of them above 0. Labels are figures:
            the font has no Vietnamese letters.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(FONT_SIZE)
    most = max(count for _, count in bars)
    left, right, top, bottom = MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN - LABEL_HEIGHT
    step = (right - left) / len(bars)
    for line in (top, bottom):
        draw.line((left, line, right, line), fill=LINE, width=2)
    for place, (_, count) in enumerate(bars):
        start = left + place * step
        height = (bottom - top) * count / most
        if count:
            draw.rectangle((start, bottom - height, start + step * (1 - GAP), bottom), fill=BAR)
    draw.text((left, top - 8), str(most), fill=INK, font=font, anchor="ls")
    draw.text((left, bottom + 8), bars[0][0], fill=INK, font=font, anchor="la")
    draw.text((right, bottom + 8), bars[-1][0], fill=INK, font=font, anchor="ra")
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
