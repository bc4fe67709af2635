"""The address of the dashboard as browsers write it in `Origin`."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.dashboard.settings import Settings


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        pytest.param("http://127.0.0.1:8081", "http://127.0.0.1:8081", id="on this machine"),
        pytest.param("https://desk.example.jp:443/", "https://desk.example.jp", id="a port that goes without saying"),
        pytest.param("https://desk.example.jp/mitsumori", "https://desk.example.jp", id="a path is no part of it"),
    ],
)
def test_the_origin_is_what_browsers_send(url: str, origin: str) -> None:
    settings = Settings(mongo="mongodb://m", kafka="k:9092", keys=Path(), dashboard_url=url)

    assert settings.origin == origin


@pytest.mark.parametrize(
    "url",
    ["https://desk.example.jp./", "https://desk@desk.example.jp/", "https://a.example/?b", "https://a.example:0/"],
)
def test_an_address_that_no_browser_has_as_its_origin_stops_the_start(url: str) -> None:
    """Each log-in would be refused as one from another site."""
    with pytest.raises(ValidationError, match="dashboard_url"):
        Settings(mongo="mongodb://m", kafka="k:9092", keys=Path(), dashboard_url=url)
