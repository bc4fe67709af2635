"""The address of the dashboard as browsers write it in `Origin`, and the provider that staff may log in by."""

from pathlib import Path
from typing import Any

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


def settings(folder: Path, **more: Any) -> Settings:  # noqa: ANN401  # any setting
    return Settings(mongo="mongodb://m", kafka="k:9092", keys=folder, dashboard_url="https://desk.example.jp", **more)


OIDC = {"oidc_issuer": "https://id.example", "oidc_client_id": "desk", "oidc_client_secret": "secret"}


@pytest.mark.parametrize(
    "oidc",
    [
        pytest.param({}, id="nothing"),
        pytest.param(OIDC, id="everything"),
        pytest.param(OIDC | {"oidc_issuer": "http://127.0.0.1:9400"}, id="a provider on this machine"),
    ],
)
def test_a_provider_is_named_with_all_that_it_needs_or_not_at_all(tmp_path: Path, oidc: dict[str, str]) -> None:
    assert settings(tmp_path, **oidc).oidc_client_id == oidc.get("oidc_client_id", "")


@pytest.mark.parametrize(
    "oidc",
    [
        pytest.param(OIDC | {"oidc_client_secret": ""}, id="no secret"),
        pytest.param(OIDC | {"oidc_client_id": ""}, id="no client"),
        pytest.param(OIDC | {"oidc_issuer": ""}, id="no issuer"),
        pytest.param(OIDC | {"oidc_issuer": "http://id.example"}, id="in plain over a network"),
        pytest.param(OIDC | {"oidc_issuer": "id.example"}, id="no address"),
    ],
)
def test_a_provider_that_is_named_by_halves_stops_the_start(tmp_path: Path, oidc: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, **oidc)


def test_the_secret_of_a_provider_may_be_a_file_beside_the_keys(tmp_path: Path) -> None:
    (tmp_path / "mitsumori_oidc_client_secret").write_text("from the file")

    loaded = settings(tmp_path, _secrets_dir=tmp_path, **{key: OIDC[key] for key in ("oidc_issuer", "oidc_client_id")})

    assert loaded.oidc_client_secret == "from the file"
    assert "from the file" not in repr(loaded)
