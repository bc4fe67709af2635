"""Pictures of a letter, as `mitsumori letters preview` makes them."""

from pathlib import Path

from local.letter_pictures import drawing
from services.notify.domain.letter_html import letter_html
from tests.journeys.browser import the_chromium


def test_a_picture_is_taken_on_a_phone_on_a_desk_and_in_the_dark(tmp_path: Path) -> None:
    letter = tmp_path / "receipt.html"
    letter.write_text(letter_html("件名", "見本 花子 様\n", []), "utf-8")

    with drawing(the_chromium()) as draw:
        pictures = draw(letter)

    # A PNG says its width in the bytes from 16 on.
    widths = {picture.name: int.from_bytes(picture.read_bytes()[16:20]) for picture in pictures}
    assert widths == {"receipt-phone.png": 320, "receipt-desktop.png": 900, "receipt-dark.png": 420}
