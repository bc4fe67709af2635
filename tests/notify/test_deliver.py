"""Delivering one letter: what each kind of answer, silence or crash leads to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from services.notify.deliver import DeliverLetter
from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.ports import Letter, LineLost
from shared.errors import Unavailable
from tests.notify.memory import InMemoryAttempts, InMemoryLetters, InMemoryOutcomes
from tests.notify.samples import Clock, a_letter

pytestmark = pytest.mark.anyio

CONTENT = b"Subject: hello\r\n\r\nhello\r\n"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class ScriptedPost:
    """A mail server that answers from a list; an exception in the list is raised instead."""

    answers: list[int | BaseException] = field(default_factory=list)
    envelope_answers: list[int | BaseException] = field(default_factory=list)
    away: bool = False
    received: list[bytes] = field(default_factory=list)

    async def ready(self) -> None:
        if self.away:
            raise Unavailable("smtp")

    async def address(self, letter: Letter, size: int) -> int:
        assert (letter.recipient, size) == ("yoshida@customer.example", len(CONTENT))
        return _say(self.envelope_answers)

    async def transmit(self, content: bytes) -> int:
        answer = self.answers.pop(0) if self.answers else 250
        if answer == 250 or isinstance(answer, BaseException):
            self.received.append(content)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def hang_up(self) -> None:
        pass


def _say(answers: list[int | BaseException]) -> int:
    answer = answers.pop(0) if answers else 250
    if isinstance(answer, BaseException):
        raise answer
    return answer


@dataclass
class AttemptsThatFail(InMemoryAttempts):
    """The process is killed before (or right after) the kind of step named in `die_before` (`die_after`) is kept."""

    die_before: type[Step] | None = None
    die_after: type[Step] | None = None
    away_for: int = 0

    async def keep(self, step: Step) -> bool:
        if self.die_before and isinstance(step, self.die_before):
            raise Killed
        if isinstance(step, Result) and self.away_for:
            self.away_for -= 1
            raise Unavailable("mongo")
        kept = await InMemoryAttempts.keep(self, step)
        if self.die_after and isinstance(step, self.die_after):
            raise Killed
        return kept


@dataclass
class Desk:
    """One letter that waits, and everything around it."""

    letters: InMemoryLetters = field(default_factory=InMemoryLetters)
    attempts: InMemoryAttempts = field(default_factory=InMemoryAttempts)
    outcomes: InMemoryOutcomes = field(default_factory=InMemoryOutcomes)
    clock: Clock = field(default_factory=Clock)
    given_up: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def deliver(self, attempts: InMemoryAttempts | None = None) -> DeliverLetter:
        async def give_up(request_id: str) -> None:
            self.given_up.append(request_id)

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        return DeliverLetter(self.letters, attempts or self.attempts, self.outcomes, give_up, self.clock, pause)

    async def tick(self, post: ScriptedPost, attempts: InMemoryAttempts | None = None, **later: float) -> None:
        """What a postman does *later*, if the letter is due then."""
        self.clock.advance(**later)
        letter = await self.letters.next_due(self.clock(), ())
        if letter:
            await self.deliver(attempts)(letter, post)

    def fate(self) -> tuple[bool, int, bool] | None:
        found = self.outcomes.kept.get(a_letter().id)
        return (found[1].sent, found[1].attempts, found[1].ambiguous) if found else None


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.letters.keep(a_letter(), CONTENT)
    return desk


async def test_an_accepted_letter_is_sent_once_and_put_away(desk: Desk) -> None:
    post = ScriptedPost()

    await desk.tick(post)
    await desk.tick(post, hours=1)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
    assert await desk.letters.pending() == 0


async def test_two_postmen_with_the_same_letter_send_it_once(desk: Desk) -> None:
    """The claim is an insert: the second one to insert it has lost, whatever it had read before."""
    post = ScriptedPost()

    class SlowServer(ScriptedPost):
        async def ready(self) -> None:
            # While this one waits for its line, another process delivers the letter from start to end.
            await desk.deliver()(a_letter(), post)

    await desk.deliver()(a_letter(), SlowServer())

    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["accepted"]


async def test_a_temporary_refusal_is_tried_again_with_the_same_bytes(desk: Desk) -> None:
    post = ScriptedPost(answers=[451])

    await desk.tick(post)
    await desk.tick(post, seconds=29)
    tried_too_early = list(post.received)
    await desk.tick(post, seconds=1)

    assert tried_too_early == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 2, False)


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_a_permanent_refusal_fails_the_letter_and_is_told(desk: Desk, where: str) -> None:
    post = ScriptedPost(answers=[552]) if where == "content" else ScriptedPost(envelope_answers=[550])

    await desk.tick(post)

    assert desk.fate() == (False, 1, False)
    assert desk.given_up == [a_letter().request_id]
    assert await desk.letters.pending() == 0


async def test_a_server_that_is_away_costs_no_attempt(desk: Desk) -> None:
    for _ in range(100):
        with pytest.raises(Unavailable):
            await desk.tick(ScriptedPost(away=True), hours=1)
    back = ScriptedPost()

    await desk.tick(back)

    assert back.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_line_lost_before_the_content_is_no_doubt(desk: Desk) -> None:
    post = ScriptedPost(envelope_answers=[LineLost()])

    await desk.tick(post)
    await desk.tick(post, seconds=30)

    assert desk.attempts.outcomes() == ["line-lost", "accepted"]
    assert desk.fate() == (True, 2, False)


async def test_a_line_lost_after_the_content_is_sent_again_and_counted_as_doubtful(desk: Desk) -> None:
    """RFC 1047: nobody can know whether the server took it. The second copy has the same bytes, so most drop it."""
    post = ScriptedPost(answers=[LineLost()])

    await desk.tick(post)
    await desk.tick(post, seconds=30)

    assert post.received == [CONTENT, CONTENT]
    assert desk.fate() == (True, 2, True)


async def _killed(run: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(Killed):
        await run()


async def test_killed_after_the_claim_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=1)
    waits_for_the_lease = list(post.received)
    await desk.tick(post, seconds=60)

    assert waits_for_the_lease == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_killed_before_the_token_is_kept_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Token)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=61)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_killed_after_the_token_the_letter_is_repeated_and_counted_as_doubtful(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Token)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=659)
    within_the_lease = list(post.received)
    await desk.tick(post, seconds=1)

    assert within_the_lease == []
    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["ambiguous", "accepted"]
    assert desk.fate() == (True, 2, True)


async def test_killed_between_the_servers_yes_and_its_record_both_copies_are_the_same_bytes(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Result)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=660)

    assert post.received == [CONTENT, CONTENT]
    assert desk.fate() == (True, 2, True)


async def test_killed_after_the_result_the_letter_is_only_put_away(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Result)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=1)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
    assert await desk.letters.pending() == 0


async def test_a_sleeper_that_wakes_after_its_lease_sends_nothing(desk: Desk) -> None:
    """Stopped after RCPT, woken when another has long sent the letter: the token it wants is taken."""
    post = ScriptedPost()

    class SleepsBeforeTheContent(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:
            desk.clock.advance(seconds=61)
            await desk.deliver()(letter, post)
            return 250

    sleeper = SleepsBeforeTheContent()
    await desk.tick(sleeper)

    assert sleeper.received == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_sleeper_that_was_refused_cannot_fail_a_letter_that_another_has_sent(desk: Desk) -> None:
    post = ScriptedPost()

    class SleepsThenIsRefused(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:
            desk.clock.advance(seconds=61)
            await desk.deliver()(letter, post)
            return 550

    await desk.tick(SleepsThenIsRefused())

    assert desk.attempts.outcomes() == ["accepted"]
    assert desk.fate() == (True, 1, False)


async def test_the_servers_yes_is_remembered_through_an_outage_of_the_ledger(desk: Desk) -> None:
    """Forgetting it would send the letter again, eleven minutes later."""
    attempts = AttemptsThatFail(steps=desk.attempts.steps, away_for=3)
    post = ScriptedPost()

    await desk.tick(post, attempts)

    assert desk.pauses == [0.1, 0.2, 0.4]
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
