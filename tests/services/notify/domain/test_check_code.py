import re

import segno

from services.notify.domain.check_code import check_url, qr_code
from tests.services.notify.builders import an_offer

URL = "https://form.agency.example/cyber-security/quotes/9b1c68f5-07aa-5641-8daf-5f194d5071b5"


def test_the_address_is_that_of_intakes_page_of_the_quote() -> None:
    quote = an_offer(quote_id="9b1c68f5-07aa-5641-8daf-5f194d5071b5")

    assert check_url("https://form.agency.example/", quote) == check_url("https://form.agency.example", quote) == URL


def test_where_nobody_says_where_intake_is_there_is_no_address_and_no_code() -> None:
    assert (check_url("", an_offer()), qr_code("")) == ("", "")


def test_the_code_is_one_picture_with_its_white_margin_and_nothing_that_runs() -> None:
    code = qr_code(URL)

    modules = segno.make(URL, error="m", micro=False).symbol_size(border=4)
    assert re.findall(r'width="(\d+)" height="(\d+)"', code) == [tuple(map(str, modules))]
    assert "<script" not in code
    assert "customer" not in code
