"""Sends each request of `mitsumori demo` to containers, and waits until all have ended as they must, with their mails.

`smoke.py send` sends; `smoke.py still-there` looks whether the mails are there after the mail catcher was made anew.
`smoke.py restart COMMAND…` sends 75 posts, calls the command, which makes intake anew, and counts what is lost.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import httpx

from deploy.lab.visitor import ThroughProxy
from local.audit import is_complete
from local.intake_client import IntakeClient, SentRequest
from local.scenarios import SCENARIOS

FORM = os.environ.get("FORM_AT", f"http://localhost:{os.environ['MITSUMORI_PORT_FORM']}")
MAILS = f"http://localhost:{os.environ['MITSUMORI_PORT_MAILS']}"
DEADLINE_S = 240
DUE = sum(len(scenario.letters) for scenario in SCENARIOS)
POSTS, EVERY_S = 75, 0.25
MOST_LOST = 3  # a post that the service had begun to read when it ended; without patience at Caddy it is half of them
RESTARTED_AFTER = 20
WAIT_S = 45


def main() -> None:
    """Exit with a sentence when something is missing."""
    with closing(IntakeClient(FORM, transport())) as client:
        match sys.argv[1:]:
            case ["restart", *command]:
                restart(command, client.consent_version())
            case ["send"]:
                before = int(mails())
                consent = client.consent_version()
                # Other customers each time: what one sends again is no new request.
                numbered = enumerate(SCENARIOS, start=1_000 + before)
                sent = [client.send(number, scenario, consent) for number, scenario in numbered]
                until(lambda: not unfinished(client, sent), "ended", lambda: unfinished(client, sent))
                all_mails_are_there(before)
            case _:
                all_mails_are_there(0)


def transport() -> httpx.BaseTransport | None:
    """As whoever trusts the authority of the proxy, where there is one."""
    return ThroughProxy(os.environ["FORM_NAME"], os.environ["FORM_CA"]) if "FORM_CA" in os.environ else None


def all_mails_are_there(before: int) -> None:
    """Wait for them, where *before* were there when the first request was sent."""
    until(lambda: mails() == before + DUE, f"brought {DUE} mails", mails)
    print(f"{len(SCENARIOS)} requests, {DUE} mails")


def restart(command: list[str], consent: str) -> None:
    """Post all the while, as customers do, each once and with patience."""
    with ThreadPoolExecutor(POSTS + 1) as posting:
        ends = []
        for number in range(1, POSTS + 1):
            ends.append(posting.submit(post, number, consent))
            if number == RESTARTED_AFTER:
                restarted = posting.submit(subprocess.run, command, check=True, capture_output=True)
            time.sleep(EVERY_S)
        found = Counter(end.result() for end in ends)
        restarted.result()
    # 429: of one address intake takes 30 in an hour, and says so.
    lost = POSTS - found["202"] - found["429"]
    print(f"{POSTS} posts while intake was made anew: {dict(found)}, {lost} lost")
    if lost > MOST_LOST:
        sys.exit(f"More than {MOST_LOST} of {POSTS} posts were lost.")


def post(number: int, consent: str) -> str:
    """The status of the answer, or the kind of error."""
    answers = SCENARIOS[0].answers_of(number, consent)
    body = {"product": "cyber-security", "answers": answers}
    try:
        with httpx.Client(transport=transport(), base_url=FORM, timeout=WAIT_S) as client:
            answer = client.post("/api/v1/requests", json=body, headers={"Idempotency-Key": str(uuid4())})
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)


def unfinished(client: IntakeClient, sent: list[SentRequest]) -> list[str]:
    """The names of those that have not ended as they must."""
    return [request.label for request in sent if not is_complete(request, client.status(request))]


def mails() -> int | str:
    """How many the mail catcher has, or why it does not say."""
    try:
        answer = httpx.get(f"{MAILS}/api/v1/messages", params={"limit": 1}, trust_env=False)
        return int(answer.json()["total"])
    except httpx.HTTPError as error:
        return type(error).__name__


def until(done: Callable[[], bool], what: str, found: Callable[[], object]) -> None:
    """Return when *done* is true; exit when it is not in time."""
    deadline = time.monotonic() + DEADLINE_S
    while not done():
        if time.monotonic() > deadline:
            sys.exit(f"Not all requests have {what}: {found()}")
        time.sleep(0.3)


if __name__ == "__main__":
    main()
