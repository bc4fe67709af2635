"""QR codes (ISO/IEC 18004) as SVG, drawn by one library in one place: on a 見積書, and for a log-in's second step."""

from typing import Final

from zxingcpp import BarcodeFormat, create_barcode

_CORRECTION: Final = "M"
"""15 % of the code may be unreadable: it is printed small, and copied."""


def qr_code(text: str, *, scale: int = 1, css_class: str = "") -> str:
    """*text* as black squares on white, with the margin that readers need; each square is *scale* units wide."""
    drawn = create_barcode(text, BarcodeFormat.QRCode, ec_level=_CORRECTION).to_svg()
    size, squares = int(_between(drawn, 'width="')), _between(drawn, '<path d="')
    marked = f' class="{css_class}"' if css_class else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{marked} width="{size * scale}" height="{size * scale}"'
        f' viewBox="0 0 {size} {size}"><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path d="{squares}"/></svg>'
    )


def _between(drawn: str, begin: str) -> str:
    return drawn.partition(begin)[2].partition('"')[0]
