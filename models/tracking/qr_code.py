import io

from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

# Dots a module: sharp on paper at the size of a stamp.
SCALE = 8


def draw_qr_code(text):
    """Return ``text`` as a QR code without a margin: a black and white PNG.

    The modules are Odoo's library's. Its own picture, which Odoo's `barcode` returns, needs a
    native renderer that newer installations lack, and no invoice may fail to print for that.

    :rtype: bytes
    """
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    size = code.getModuleCount()
    picture = Image.new("1", (size, size))
    picture.putdata([not code.isDark(row, column) for row in range(size) for column in range(size)])
    file = io.BytesIO()
    picture.resize((size * SCALE, size * SCALE), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
