"""The example of a receiver, as a program of its own, against what the desk really sends."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Final

import pytest

from services.dashboard.adapters.http_post import HttpPosts
from services.dashboard.domain.public_address import networks_in
from services.dashboard.domain.webhook import headers_of, message_of, new_secret
from shared.clock import utc_now
from tests.architecture.repository import ROOT
from tests.services.dashboard.builders import an_offer

pytestmark = pytest.mark.anyio

SECRET: Final = new_secret()
POSTS: Final = HttpPosts(networks_in("127.0.0.0/8"))


@dataclass
class Program:
    url: str
    output: IO[str]


@pytest.fixture
def program() -> Iterator[Program]:
    command = [sys.executable, "-m", "examples.webhook_receiver"]
    settings = {"WEBHOOK_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            yield Program(f"http://127.0.0.1:{process.stdout.readline().split()[1]}/", process.stdout)
        finally:
            process.kill()


async def test_what_the_desk_has_signed_is_accepted_and_nothing_else(program: Program) -> None:
    message = message_of(an_offer())
    assert message
    now = utc_now()
    right = headers_of(message.id, message.body, SECRET, now)
    others = headers_of(message.id, message.body, new_secret(), now)
    old = headers_of(message.id, message.body, SECRET, now - timedelta(minutes=6))
    two = right | {"webhook-signature": f"v1,bm9uZQ== {right['webhook-signature']}"}

    async def status(headers: dict[str, str], body: str = message.body) -> int | None:
        return (await POSTS.post(program.url, body.encode(), headers)).status

    answers = [await status(one) for one in (right, two, others, old)]
    changed = await status(right, message.body.replace("offered", "referred"))

    assert (answers, changed) == ([204, 204, 401, 401], 401)
    assert program.output.readline() == f"{message.id} {message.body}\n"
