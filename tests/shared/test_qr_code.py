"""A QR code holds what it was made of, has its white margin, and nothing that runs."""

import re

from shared.qr_code import qr_code

URL = "https://form.agency.example/cyber-security/quotes/9b1c68f5-07aa-5641-8daf-5f194d5071b5"


def test_the_same_text_is_drawn_the_same_each_time_and_another_text_otherwise() -> None:
    assert qr_code(URL) == qr_code(URL) != qr_code(URL[:-1])


def test_four_squares_of_margin_are_left_free_on_each_side() -> None:
    code = qr_code(URL)

    [size] = set(re.findall(r'(?:width|height)="(\d+)"', code))
    corners = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", code.rpartition("<path")[2])]
    assert min(corners) == (4, 4)
    assert max(max(corner) for corner in corners) < int(size) - 4


def test_each_square_is_as_wide_as_asked_and_the_picture_can_be_styled() -> None:
    plain, wide = qr_code(URL), qr_code(URL, scale=5, css_class="qr")

    [(size, box)] = re.findall(r'width="(\d+)" height="\1" viewBox="0 0 (\d+) \2"', plain)
    assert f'class="qr" width="{int(size) * 5}" height="{int(size) * 5}" viewBox="0 0 {box} {box}"' in wide


def test_there_is_nothing_in_it_but_shapes() -> None:
    assert set(re.findall(r"<(\w+)", qr_code(URL, css_class="qr"))) == {"svg", "path"}
