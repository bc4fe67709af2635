from services.notify.domain.check_url import check_url
from tests.services.notify.builders import an_offer

URL = "https://form.agency.example/cyber-security/quotes/9b1c68f5-07aa-5641-8daf-5f194d5071b5"


def test_the_address_is_that_of_intakes_page_of_the_quote() -> None:
    quote = an_offer(quote_id="9b1c68f5-07aa-5641-8daf-5f194d5071b5")

    assert check_url("https://form.agency.example/", quote) == check_url("https://form.agency.example", quote) == URL


def test_where_nobody_says_where_intake_is_there_is_no_address() -> None:
    assert check_url("", an_offer()) == ""
