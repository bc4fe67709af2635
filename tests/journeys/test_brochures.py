"""A brochure that is too big for a mail: asked for on the form, linked to in the receipt, and downloaded."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.services import ServiceProcess
from services.notify.domain.brochure import ENCLOSED_BYTES
from tests.journeys.world import Accepted, World, brochure_only, until
from tests.shared.products.builders import copy_of_the_product

PAMPHLET = b"%PDF-1.7\n".ljust(ENCLOSED_BYTES) + b"\n%%EOF\n"


def restart(notify: ServiceProcess) -> None:
    notify.child.stop()
    notify.spawn()
    notify.wait_until_ready()


@pytest.fixture
def notify(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceProcess]:
    """It has the insurer's pamphlet among its brochures, for as long as the test lasts."""
    folder = copy_of_the_product(tmp_path / "products")
    (folder / "brochures" / "パンフレット.pdf").write_bytes(PAMPHLET)
    notify = world.system.services["notify"]
    with monkeypatch.context() as environment:
        environment.setenv("MITSUMORI_PRODUCTS", str(folder.parent))
        restart(notify)
    yield notify
    restart(notify)


def link_in(world: World, request: Accepted, notify: ServiceProcess) -> str | None:
    """The link in the receipt, once it has come."""
    texts = " ".join(mail.text for mail in world.mails(request))
    found = re.search(rf"{re.escape(notify.url)}/brochures/\S+", texts)
    return found and found[0]


def test_whoever_asks_for_a_brochure_of_some_megabytes_downloads_it_from_the_mail(
    world: World, notify: ServiceProcess
) -> None:
    request = world.submit(brochure_only())

    [text] = until(
        lambda: [mail.text for mail in world.mails(request) if f"{notify.url}/brochures/" in mail.text] or None
    )
    [link] = re.findall(rf"{re.escape(notify.url)}/brochures/\S+", text)
    found, page = world.http.get(link), world.http.get(f"{link}0")

    assert (found.status_code, found.content) == (200, PAMPHLET)
    assert found.headers["content-type"] == "application/pdf"
    assert page.status_code == 404
    assert "メールに記載のURLをご確認" in page.text
    assert world.http.get(f"{notify.url}/metrics").status_code == 404
