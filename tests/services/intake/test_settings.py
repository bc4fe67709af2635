from pathlib import Path

import pytest
from pydantic import ValidationError

from services.intake.settings import Settings


def settings(keys: Path, public_url: str, allowed_origins: str) -> Settings:
    return Settings(
        mongo="mongodb://localhost",
        kafka="localhost:9092",
        keys=keys,
        public_url=public_url,
        allowed_origins=allowed_origins,
    )


def test_our_own_pages_and_those_of_the_agency_may_post(tmp_path: Path) -> None:
    found = settings(tmp_path, "https://form.example/quotes/", " https://agency.example/ ,https://www.agency.example,")

    assert found.origins == {"https://form.example", "https://agency.example", "https://www.agency.example"}


def test_without_an_agency_s_page_only_our_own_may_post(tmp_path: Path) -> None:
    assert settings(tmp_path, "http://127.0.0.1:8000", "").origins == {"http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        pytest.param("https://見積.example.jp", "https://xn--5pz252a.example.jp", id="a Japanese name"),
        pytest.param("https://見積。example。jp/", "https://xn--5pz252a.example.jp", id="with Japanese stops"),
        pytest.param("HTTPS://WWW.Agency.Example", "https://www.agency.example", id="capitals"),
        pytest.param("https://agency.example:443/", "https://agency.example", id="the port of https"),
        pytest.param("http://agency.example:80", "http://agency.example", id="the port of http"),
        pytest.param("https://agency.example:", "https://agency.example", id="no port after the colon"),
        pytest.param("https://agency.example:80", "https://agency.example:80", id="the port of the other scheme"),
        pytest.param("https://[2001:DB8:0:0::7]:8443", "https://[2001:db8::7]:8443", id="a long address"),
    ],
)
def test_an_origin_is_compared_as_browsers_send_it(tmp_path: Path, written: str, sent: str) -> None:
    """`https://見積.example.jp` was accepted at the start, and each post from that page was answered with 403."""
    assert sent in settings(tmp_path, "http://127.0.0.1:8000", written).origins
    assert settings(tmp_path, written, "").origins == {sent}


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://*.agency.example", id="a pattern"),
        pytest.param("https://user@agency.example", id="a user"),
        pytest.param("https://agency.example?from=us", id="a query"),
        pytest.param("https://agency.example/form", id="a path"),
        pytest.param("https://agency.example:99999", id="no such port"),
        pytest.param("https://agency.example.", id="the last dot of a name server"),
        pytest.param("https://agency..example", id="a name with a hole"),
        pytest.param("https://127.1", id="an address that browsers write otherwise"),
        pytest.param("https://[::1", id="half an address"),
        pytest.param("https://" + "見" * 60 + ".jp", id="a name that is too long"),
        pytest.param("agency.example", id="no scheme"),
        pytest.param("null", id="what sandboxed pages send"),
    ],
)
def test_an_origin_that_no_browser_sends_stops_the_start(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ValidationError, match="allowed_origins"):
        settings(tmp_path, "http://127.0.0.1:8000", origin)


@pytest.mark.parametrize(
    "url",
    ["form.example", "https://", "https://a@form.example", "https://form.example/?a", "https://x/見積", "https://*"],
)
def test_an_address_under_which_nobody_finds_the_form_stops_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="public_url"):
        settings(tmp_path, url, "")


def test_the_address_of_the_form_can_stand_in_a_header_whatever_its_name(tmp_path: Path) -> None:
    """With a Japanese name the API stored the request, failed to write `Location`, and answered 500."""
    assert (
        settings(tmp_path, "https://見積.example.jp:443/form/", "").public_url == "https://xn--5pz252a.example.jp/form"
    )
