"""The address of the dashboard as browsers write it in `Origin`."""

from pathlib import Path

import pytest
from pydantic import HttpUrl

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
    settings = Settings(mongo="mongodb://m", kafka="k:9092", keys=Path(), dashboard_url=HttpUrl(url))

    assert settings.origin == origin
