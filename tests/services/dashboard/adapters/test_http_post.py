"""Webhooks over a real HTTP server: what is sent, and where nothing is ever sent to."""

import asyncio
from collections.abc import Sequence
from typing import Final

import pytest

from services.dashboard.adapters.http_post import HttpPosts
from services.dashboard.domain.public_address import networks_in
from services.dashboard.ports.api import PostAnswer
from tests.services.dashboard.receiver import Received, Receiver

pytestmark = pytest.mark.anyio

LOOPBACK: Final = networks_in("127.0.0.0/8")
FORBIDDEN: Final = PostAnswer(None, "forbidden-address")


async def test_a_message_arrives_as_it_was_signed() -> None:
    async with Receiver().running() as receiver:
        answer = await HttpPosts(LOOPBACK).post(receiver.url, '{"会社":1}'.encode(), {"webhook-id": "msg_1"})

    [one] = receiver.received
    assert answer == PostAnswer(204)
    assert (one.line, one.body.decode()) == ("POST /hook HTTP/1.1", '{"会社":1}')
    assert one.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (one.headers["content-type"], one.headers["webhook-id"]) == ("application/json", "msg_1")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize(("scheme", "problem"), [("http", "not-https"), ("https", "forbidden-address")])
async def test_nothing_is_sent_to_this_machine_however_it_is_written(host: str, scheme: str, problem: str) -> None:
    async with Receiver().running() as receiver:
        answer = await HttpPosts(()).post(f"{scheme}://{host}:{receiver.port}/", b"{}", {})

    assert (answer.status, answer.problem) == (None, problem)
    assert receiver.received == []


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1", "192.168.0.1", "[fd00:ec2::254]", "[::1]"])
async def test_nothing_is_sent_to_metadata_or_private_addresses(address: str) -> None:
    assert await HttpPosts(LOOPBACK).post(f"https://{address}/latest/meta-data", b"{}", {}) == FORBIDDEN


async def test_plain_http_goes_nowhere_but_to_what_is_allowed() -> None:
    async def public(_host: str, _port: int) -> Sequence[str]:
        return ["203.0.114.7"]

    answer = await HttpPosts(LOOPBACK, look_up=public).post("http://crm.example.jp/", b"{}", {})

    assert answer == PostAnswer(None, "not-https")


async def test_a_name_that_leads_somewhere_else_after_the_check_gains_nothing() -> None:
    """DNS rebinding: the first look shows a public address, the next one this machine."""
    looks: list[list[str]] = [["203.0.114.7"], ["127.0.0.1"]]

    async def rebinding(_host: str, _port: int) -> Sequence[str]:
        return looks.pop(0)

    async with Receiver().running() as receiver:
        posts = HttpPosts((), look_up=rebinding, whole_s=0.2)
        answers = [await posts.post(f"https://crm.example.jp:{receiver.port}/", b"{}", {}) for _ in range(2)]

    assert answers[0].status is None
    assert answers[1] == FORBIDDEN
    assert (looks, receiver.received) == ([], [])


async def test_of_several_addresses_only_those_are_used_that_are_allowed() -> None:
    async def mixed(_host: str, _port: int) -> Sequence[str]:
        return ["10.0.0.1", "127.0.0.1"]

    async with Receiver().running() as receiver:
        answer = await HttpPosts(LOOPBACK, look_up=mixed).post(f"http://crm.example.jp:{receiver.port}/", b"{}", {})

    assert (answer, receiver.received[0].headers["host"]) == (PostAnswer(204), f"crm.example.jp:{receiver.port}")


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async def redirect(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 307 T\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")

    async with Receiver(redirect).running() as receiver:
        answer = await HttpPosts(LOOPBACK).post(receiver.url, b"{}", {})

    assert (answer.status, answer.is_accepted, len(receiver.received)) == (307, False, 1)


async def test_an_endless_answer_is_not_read() -> None:
    async def endless(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with Receiver(endless).running() as receiver:
        answer = await HttpPosts(LOOPBACK, whole_s=10).post(receiver.url, b"{}", {})

    assert answer == PostAnswer(200)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="says nothing"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3, id="goes on and on"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: ", id="does not come to an end"),
    ],
)
async def test_a_receiver_that_does_not_answer_is_left_in_time(first: bytes) -> None:
    async def slow(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await asyncio.Event().wait()

    async with Receiver(slow).running() as receiver, asyncio.timeout(5):
        answer = await HttpPosts(LOOPBACK, whole_s=0.2).post(receiver.url, b"{}", {})

    assert answer == PostAnswer(None, "timed-out")


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000])
async def test_what_is_no_answer_is_a_failed_attempt(said: bytes) -> None:
    async def broken(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(said)

    async with Receiver(broken).running() as receiver:
        answer = await HttpPosts(LOOPBACK).post(receiver.url, b"{}", {})

    assert answer == PostAnswer(None, "connection-failed")


async def test_who_is_not_there_is_a_failed_attempt() -> None:
    async with Receiver().running() as receiver:
        url = receiver.url

    posts = HttpPosts(LOOPBACK)
    answers = [await posts.post(url, b"{}", {}), await posts.post("https://nobody.invalid/", b"{}", {})]

    assert answers == [PostAnswer(None, "connection-failed"), PostAnswer(None, "no-address")]
