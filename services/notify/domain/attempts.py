"""The three facts of an attempt to send a letter.

Each fact is kept by one insert, and the insert is the lock (docs/adr/0008-three-insert-mail-attempts.md):

* `Claim`   a worker has begun; until its lease ends nobody else works on the letter. The process that has just written
            a letter needs none: nobody else looks at it yet
* `Token`   the content is about to be transmitted; only the holder of the token transmits
* `Result`  what became of the attempt

A claim without a token was certainly not sent. Before any other worker may go on, it must win that attempt's token
itself (void). A worker that was frozen then finds the token taken and stops: this needs no clocks. A refusal before
the content is recorded under a void token too, for the same reason. After a token without a result the letter may
have been sent or not (RFC 1047); it is sent again, with the same bytes, and counted as ambiguous. A second
copy has no other cause: the mail server did not answer, or the worker died, froze or lost the ledger after its token.

When it is too late for a letter, its attempt is claimed like any other, so that nobody else is sending it, and closed
under a void token: the outcome is *lapsed*, which ends the letter.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

CLAIM_LEASE: Final = timedelta(seconds=900)
"""Longer than the twelve minutes that RFC 5321 gives a server to answer MAIL, RCPT and DATA."""
TOKEN_LEASE: Final = timedelta(seconds=660)
"""Longer than the ten minutes that RFC 5321 gives a server to answer the final dot."""

Outcome = Literal["accepted", "later", "refused", "line-lost", "ambiguous", "lapsed", "away"]
"""What became of an attempt. `away`: the server refused us, whatever the letter, so the attempt does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Attempt *number* has begun, leased until *until*.

    `by` is a new id for each claim: it shows whose insert came first. `worker` is the id of the process.
    """

    letter_id: str
    number: int
    by: str
    worker: str
    at: datetime
    until: datetime

    @property
    def id(self) -> str:
        """One claim for each attempt."""
        return f"{self.letter_id}:{self.number}"

    def token(self, now: datetime, *, void: bool) -> "Token":
        """The token of this attempt, with its lease from *now* on."""
        return Token(
            letter_id=self.letter_id,
            number=self.number,
            by=self.by,
            worker=self.worker,
            at=now,
            until=now + TOKEN_LEASE,
            void=void,
        )

    def result(self, now: datetime, outcome: Outcome, code: int | None = None) -> "Result":
        """The result of this attempt; *code* is the server's reply code, when it gave one."""
        return Result(letter_id=self.letter_id, number=self.number, by=self.by, at=now, outcome=outcome, code=code)


def new_claim(letter_id: str, number: int, *, by: str, worker: str, now: datetime) -> Claim:
    """The claim of attempt *number*, with its lease from *now* on."""
    return Claim(letter_id=letter_id, number=number, by=by, worker=worker, at=now, until=now + CLAIM_LEASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The right to transmit the content in attempt *number*. Void: taken so that nobody transmits any more."""

    letter_id: str
    number: int
    by: str
    worker: str
    at: datetime
    until: datetime
    void: bool = False

    @property
    def id(self) -> str:
        """One token for each attempt."""
        return f"{self.letter_id}:{self.number}:tx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of attempt *number*, with the server's reply code when it gave one."""

    letter_id: str
    number: int
    by: str
    at: datetime
    outcome: Outcome
    code: int | None = None

    @property
    def id(self) -> str:
        """One result for each attempt."""
        return f"{self.letter_id}:{self.number}:res"


Step = Claim | Token | Result
