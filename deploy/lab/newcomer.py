"""Does what docs/operating tells somebody who has never seen the project, and proves what came of it.

`newcomer.py FOLDER`, by deploy/lab/try, where FOLDER has a copy of the code. What is not run, and why: commands.py.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import httpx

from deploy.lab.follower import PAGES, SERVICES, Follower
from deploy.lab.mail_server import mails_to, refuses_whom_it_does_not_know
from deploy.lab.pages import blocks
from deploy.lab.visitor import Staff, ThroughProxy
from local.audit import is_complete
from local.intake_client import IntakeClient
from local.scenarios import SCENARIOS

LATEST_S: Final = 15 * 60
PROXY: Final = os.environ["FORM_AT"]
MAILS: Final = f"http://127.0.0.1:{os.environ['MITSUMORI_PORT_MAILS']}"
PROMETHEUS: Final = "http://127.0.0.1:9090"
AS_EXAMPLES_ARE: Final = re.compile(r"見本のドメイン|example\.jp")
"""What is wrong of doctor's as long as names are those of examples: install.md, section 7, says so."""


def main(folder: Path) -> None:
    """Exit with a sentence where a page does not lead to what it promises."""
    follower = Follower(folder)
    install(follower)
    watch(follower)
    back_up(follower)
    while_the_alarm_takes_its_time(follower)
    hears_an_alarm(follower)
    if follower.took_s > LATEST_S:
        sys.exit(f"The three pages took {follower.took_s:.0f} s: more than {LATEST_S}.")
    follower.says("TLS, log-in, mails by STARTTLS with a password, backup and alarms are there")
    other_pages(follower)
    smoke(follower, "restart", "docker", "compose", "up", "-d", "--no-deps", "--force-recreate", "intake")
    follower.follow("install", "9.")


def install(follower: Follower) -> None:
    """The page install.md, and then a form, its mails, and its case for whoever logs in."""
    follower.follow("install", "2.")
    follower.write_settings({**follower.settings("install", "3."), **follower.settings("install", "7.")})
    follower.follow("install", "4.", "5.")
    follower.waits_until_healthy()
    wrote = follower.follow("install", "7.", "6.")
    doctor_finds_examples_only(wrote.values())
    if not refuses_whom_it_does_not_know(follower.folder / "tls" / "certificate.pem"):
        sys.exit("The mail server takes mails without STARTTLS or without a password: nothing would be proved.")
    if "【テスト】" not in "".join(mails_to("you@example.jp", MAILS)):
        sys.exit("The test mail of doctor has not come.")

    smoke(follower, "send")
    root = os.environ["FORM_CA"]
    numbers = [send_one(follower, root, customer) for customer in (101, 102)]
    for sample, number in zip(("K7M2P4XR", "P3QRS7TU"), numbers, strict=True):
        follower.learns(sample, number)
    [password] = [text.split()[-1] for command, text in wrote.items() if "staff add" in command]
    staff = Staff(PROXY, "desk.localhost", root)
    staff.log_in("hanako", password)
    follower.waits("hanako has logged in, and sees the cases", lambda: all(staff.sees(number) for number in numbers))


def send_one(follower: Follower, root: str, customer: int) -> str:
    """Its number, once its mails have come."""
    client = IntakeClient(PROXY, ThroughProxy(os.environ["FORM_NAME"], root))
    sent = client.send(customer, SCENARIOS[0], client.consent_version())
    follower.waits(f"{sent.label} has ended", lambda: is_complete(sent, client.status(sent)))
    number = str(client.status(sent)["reception_no"])
    client.close()
    address = f"hanako.{customer}@example.co.jp"
    follower.waits(f"its mails have come by STARTTLS: {number}", lambda: len(mails_to(address, MAILS)) > 1)
    return number


def smoke(follower: Follower, *words: str) -> None:
    """The requests of `mitsumori demo`, or posts while a command of *words* makes intake anew."""
    ended = subprocess.run(
        [sys.executable, Path(__file__).with_name("smoke.py"), *words], cwd=follower.folder, check=False
    )
    follower.says(f"smoke.py {words[0]}")
    if ended.returncode:
        sys.exit(ended.returncode)


def watch(follower: Follower) -> None:
    """Section 1 of alarms.md: Prometheus asks every service, and has our rules."""
    settings = {**env(follower), **follower.settings("alarms", "1.")}
    follower.write_settings(settings)
    follower.follow("alarms", "1.")
    follower.run_inline("alarms", "docker compose up -d")
    follower.waits("Prometheus hears four services", lambda: up() == set(SERVICES))
    names = {rule["name"] for group in asked("rules")["groups"] for rule in group["rules"]}
    wanted = set(
        re.findall(r"^ *- alert: (\w+)$", (PAGES.parents[1] / "deploy/watch/alerts.yml").read_text(), re.MULTILINE)
    )
    if names != wanted or not wanted:
        sys.exit(f"Prometheus has other rules than ours: {names ^ wanted}")
    follower.run_inline("alarms", "docker compose stop rating")


def hears_an_alarm(follower: Follower) -> None:
    """The one that alarms.md promises after a service was stopped; it ends after the start."""
    follower.waits("MitsumoriServiceDown fires", lambda: "MitsumoriServiceDown" in firing())
    follower.run_inline("alarms", "docker compose start rating")
    follower.waits("no alarm fires", lambda: not firing())


def back_up(follower: Follower) -> None:
    """backup.md, also its timer's commands; and the file can be read where its key is."""
    follower.follow("backup", "1.")
    for name in ("backup-1.pub", "backup-1.key"):  # carried to the server, and to where it is kept
        (follower.folder / name).write_bytes((follower.folder / "backup-key" / name).read_bytes())
    follower.follow("backup", "2.")
    time.sleep(1)  # a backup is named by its second
    follower.run_unit("/etc/systemd/system/mitsumori-backup.service")
    newest = max((follower.folder / "backups").glob("*.mitsumori-backup"))
    (follower.folder / newest.name).write_bytes(newest.read_bytes())
    follower.learns("mitsumori-20261127T180002Z.mitsumori-backup", newest.name)
    follower.follow("restore", "1.")

    [own] = [
        block.text
        for block in blocks(PAGES / "backup.md")
        if block.kind == "yaml" and "MITSUMORI_BACKUPS" in block.text
    ]
    (follower.folder / "compose.own.yml").write_text(own, "utf-8")
    settings = env(follower)
    follower.write_settings({**settings, "COMPOSE_FILE": settings["COMPOSE_FILE"] + ":compose.own.yml"})


def while_the_alarm_takes_its_time(follower: Follower) -> None:
    """What is for other days than the first, and does not need rating."""
    follower.follow("doctor", "調べるもの", "外部の人")
    follower.follow("privacy", "5.")
    follower.follow("repair", "")
    follower.follow("incident", "")


def other_pages(follower: Follower) -> None:
    """What is for other days than the first: each command for containers at least once."""
    follower.run_inline("backup", "docker compose run --rm --no-deps topics doctor")
    follower.follow("keys", "4.")
    update(follower)
    follower.follow("sizing", "1.", "3.")
    smoke(follower, "send")
    follower.run_inline("sizing", "docker compose up -d")
    follower.waits_until_healthy()
    follower.follow("restore", "3.", "4.", "5.")


def update(follower: Follower) -> None:
    """The page update.md: to a next version, which is this code under another number, and back, and forth for good."""
    before = env(follower)
    follower.follow("update", "1.", "2.", "3.")
    runs_as(follower, "0.2.0")
    smoke(follower, "send")
    follower.follow("update", "4.")
    runs_as(follower, "0.1.0")
    if env(follower) != before:
        sys.exit("update.md does not lead back to the settings of before.")
    smoke(follower, "send")
    follower.follow("update", "1.", "2.", "3.", "5.")
    runs_as(follower, "0.2.0")


def runs_as(follower: Follower, version: str) -> None:
    """End everything if a service is of another version."""
    with follower.shell() as shell:
        for service in SERVICES:
            said = shell.run(f"docker compose exec {service} mitsumori --version").out
            if version not in said.split():
                sys.exit(f"{service} says that it is {said.strip()}, and not {version}.")


def doctor_finds_examples_only(wrote: Iterable[str]) -> None:
    """Whatever else were wrong, the page would not have led to a sound system."""
    wrong = [line for text in wrote for line in text.splitlines() if "[要対応]" in line]
    if others := [line for line in wrong if not AS_EXAMPLES_ARE.search(line)]:
        sys.exit("\n".join(["doctor finds what the page does not explain:", *others]))


def env(follower: Follower) -> dict[str, str]:
    """What `.env` has now."""
    lines = (follower.folder / ".env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def up() -> set[str]:
    """The services that Prometheus reaches."""
    return {one["labels"]["service"] for one in asked("targets").get("activeTargets", []) if one["health"] == "up"}


def firing() -> set[str]:
    """The alarms that fire."""
    return {one["labels"]["alertname"] for one in asked("alerts").get("alerts", []) if one["state"] == "firing"}


def asked(what: str) -> dict[str, Any]:
    """What Prometheus says; nothing while it starts."""
    try:
        data: dict[str, Any] = httpx.get(f"{PROMETHEUS}/api/v1/{what}", trust_env=False).json()["data"]
    except (httpx.HTTPError, ValueError):
        return {}
    return data


if __name__ == "__main__":
    main(Path(sys.argv[1]))
