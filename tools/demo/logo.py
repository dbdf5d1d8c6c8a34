"""A logo drawn on the spot, so that no picture has to be kept or licensed."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont

GREEN = (31, 94, 84)


def draw() -> bytes:
    """A lark's wing over the company's name, as a base64 PNG."""
    image = Image.new("RGB", (900, 240), "white")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((10, 20, 210, 220), radius=44, fill=GREEN)
    pen.pieslice((50, 60, 250, 260), 180, 270, fill="white")
    pen.pieslice((90, 100, 210, 220), 180, 270, fill=GREEN)
    pen.text((245, 38), "Larkfield", font=ImageFont.load_default(104), fill=GREEN)
    pen.text((251, 156), "WORKSPACES", font=ImageFont.load_default(46), fill=(120, 130, 128))
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue())
