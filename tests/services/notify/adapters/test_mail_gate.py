"""The gate before the mail server: the pace that it allows, and the rest that it gets when it refuses everything."""

from dataclasses import dataclass, field

import pytest

from services.notify.adapters.mail_gate import REFUSALS, GatedConnection, MailGate
from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.mail_server import MailServer
from services.notify.ports import ConnectionLost
from shared.errors import Unavailable
from tests.local.scripted_smtp_server import ScriptedServer
from tests.services.notify.builders import a_letter

pytestmark = pytest.mark.anyio

CONTENT = b"Subject: hello\r\n\r\nhello\r\n"


@dataclass
class Time:
    """Goes on when somebody waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)


def gated(server: ScriptedServer, gate: MailGate) -> GatedConnection:
    return GatedConnection(SmtpConnection(MailServer.from_url(server.url), "agency.example"), gate)


async def send(connection: GatedConnection, times: int = 1) -> int:
    """How many times the server was asked."""
    for number in range(times):
        try:
            await connection.ensure_ready()
        except Unavailable:
            return number
        try:
            if (await connection.send_envelope(a_letter(), len(CONTENT))).code == 354:
                await connection.send_content(CONTENT)
        except ConnectionLost:
            await connection.close()
    return times


async def test_letters_leave_at_the_pace_that_the_provider_allows() -> None:
    time = Time()
    gate = MailGate(30, time, time.pause)

    for _ in range(3):
        await gate.passed()
    time.now = 60.0
    await gate.passed()

    assert time.waits == [0.0, 2.0, 4.0, 0.0]


async def test_without_a_pace_nobody_waits() -> None:
    time = Time()

    await MailGate(None, time, time.pause).passed()

    assert time.waits == []


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param({"MAIL": "421 4.3.2 busy"}, id="421 to MAIL"),
        pytest.param({"RCPT": "421 4.7.0 slow down"}, id="421 to RCPT"),
        pytest.param({"content": "452 4.3.1 full"}, id="452 after the dot"),
        pytest.param({"DATA": ""}, id="breaks off"),
    ],
)
async def test_a_server_that_refuses_every_letter_is_left_alone_for_a_while(replies: dict[str, str]) -> None:
    """Each letter has its own schedule: with a thousand that wait, a server in trouble was asked a thousand times."""
    time = Time()
    async with ScriptedServer(dict(replies)) as server:
        connections = [gated(server, gate := MailGate(None, time)), gated(server, gate)]

        at_first = await send(connections[0], 1000)
        by_the_other = await send(connections[1], 1000)
        time.now = 30.0
        after_half_a_minute = await send(connections[0], 1000)
        time.now = 89.0
        before_a_minute_more = await send(connections[1], 1000)
        for connection in connections:
            await connection.close()

    assert (at_first, by_the_other, after_half_a_minute, before_a_minute_more) == (REFUSALS, 0, 1, 0)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({}, id="accepted"),
        pytest.param({"RCPT": "550 5.1.1 no such user"}, id="its recipient is refused"),
        pytest.param({"content": "554 5.6.0 refused"}, id="its content is refused"),
    ],
)
async def test_the_first_letter_that_is_judged_lets_all_others_follow(later: dict[str, str]) -> None:
    time = Time()
    async with ScriptedServer({"MAIL": "450 4.2.1 slow down"}) as server:
        connection = gated(server, MailGate(None, time))
        await send(connection, 1000)
        server.replies.clear()
        server.replies |= later
        time.now = 30.0

        sent = await send(connection, 25)
        await connection.close()

    assert sent == 25


async def test_while_the_first_is_on_its_way_the_others_wait() -> None:
    time = Time()
    async with ScriptedServer({"MAIL": "450 4.2.1 slow down"}) as server:
        first, other = (gated(server, gate := MailGate(None, time)), gated(server, gate))
        await send(first, 1000)
        time.now = 30.0

        await first.ensure_ready()
        asked = await send(other, 5)
        for connection in (first, other):
            await connection.close()

    assert asked == 0


async def test_letters_that_were_on_their_way_do_not_make_the_rest_longer() -> None:
    """Four connections are refused at the same moment, and that is one rest of half a minute, not four."""
    time = Time()
    gate = MailGate(None, time)
    for _ in range(REFUSALS + 3):
        gate.refused()

    time.now = 30.0

    await gate.passed()


async def test_a_few_refused_recipients_among_others_change_nothing() -> None:
    time = Time()
    async with ScriptedServer() as server:
        connection = gated(server, MailGate(None, time))
        asked = 0
        for _ in range(5):
            server.replies["RCPT"] = "450 4.2.0 greylisted"
            asked += await send(connection, REFUSALS - 1)
            server.replies.clear()
            asked += await send(connection)
        await connection.close()

    assert asked == 5 * REFUSALS


@pytest.mark.parametrize("refusal", ["550 5.1.1 no such user", "450 4.1.2 domain not found", "452 4.2.2 mailbox full"])
async def test_recipients_that_are_refused_do_not_make_the_server_rest(refusal: str) -> None:
    """Forty mistyped domains, which the server answers with 450 for three days, made all other letters wait."""
    async with ScriptedServer({"RCPT": refusal}) as server:
        connection = gated(server, MailGate(None, Time()))

        asked = await send(connection, 3 * REFUSALS)
        await connection.close()

    assert asked == 3 * REFUSALS
