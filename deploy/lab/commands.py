"""What deploy/lab/newcomer.py does with each command of docs/operating: runs it, to which end, or leaves it, and why.

A command of a page is found by its beginning; of several, the longest counts. A test holds the table and the pages
together, so that whoever adds a command decides.
"""

from collections.abc import Mapping
from typing import Final

from deploy.lab.pages import Command

OF_MAKE_RUN: Final = "for `mitsumori run`; what is run here is the container's, beside it"
ONCE: Final = "run already, from another page or place"
NEEDS_TIME: Final = "what it needs is there after days"
ELSEWHERE: Final = "needs a program or a service that the lab has not"

DECIDED: Final[Mapping[str, Mapping[str, int | str]]] = {
    "install": {
        "chmod": 0,
        "docker build": 0,
        "mkdir --mode 0700 secrets": 0,
        "sudo install": 0,
        "sudo tee secrets/smtp": 0,
        "docker compose up -d": 0,
        "docker compose ps": 0,
        "curl": 0,
        "docker compose run --rm --no-deps topics doctor": 0,
        "for one in intake": 1,  # names and addresses are examples
        "docker compose run --rm --no-deps notify doctor mail": 1,  # and their domain is in no DNS
        "docker compose exec dashboard mitsumori staff add": 0,
        "docker compose cp": 0,
        "docker compose down": 0,
    },
    "alarms": {"chmod": 0},
    "backup": {
        "mitsumori keys backup": "another way to what the next command makes",
        "mkdir -m 0700 backup-key && docker run": 0,
        "umask": 0,
        "sudo tar": OF_MAKE_RUN,
        "for one in keys-intake": 0,
        "mitsumori backup": OF_MAKE_RUN,
        "sudo install": 0,
        "docker compose run --rm --no-deps --volume": 0,
        "sudo systemctl": ELSEWHERE + "; the commands of the units are run as they are written",
        "sudo rclone": ELSEWHERE,
        "sudo aws": ELSEWHERE,
        "MITSUMORI_BACKUPS": OF_MAKE_RUN,
    },
    "doctor": {
        "mitsumori": OF_MAKE_RUN,
        "docker compose run --rm --no-deps topics doctor": ONCE,
        "for one in intake": ONCE,
        "docker compose run --rm -T --no-deps --entrypoint rm keys": 0,
        "docker compose up keys": 0,
        "sudo install": 0,
        "docker compose run --rm --no-deps --volume": 0,
    },
    "incident": {
        "docker compose ps": 0,
        "df": 0,
        "sudo du": 0,
        "sudo find": 0,
        "docker system df": 0,
        "docker builder prune": "it would throw away what the lab builds with",
        "docker compose logs": 0,
        "umask": 0,
        "docker compose run --rm --no-deps topics": ONCE,
        "docker compose run --rm --no-deps topics audit verify": 0,
        "docker compose run --rm --no-deps topics staff disable": "the only account is needed",
        "docker compose run --rm --no-deps topics tokens revoke": "there is no token",
        "docker compose run --rm --no-deps notify doctor": ONCE,
        "docker compose run --rm --no-deps dashboard doctor": ONCE,
        "docker compose run --rm -T --no-deps --entrypoint sh keys": ONCE,
        "docker compose up": ONCE,
        "docker compose stop": ONCE,
        "docker compose start": ONCE,
        "docker compose restart": ONCE,
        "for one in intake": ONCE,
    },
    "keys": {
        "ls": OF_MAKE_RUN,
        "mitsumori": OF_MAKE_RUN,
        "keys() {": 0,
        "docker compose run --rm -T --no-deps --entrypoint sh keys": 0,
        "keys rotate": 0,
        "docker compose restart dashboard": 0,
        "keys reseal": 0,
        "keys retire": 1,  # topics need it for fourteen days
        "docker compose run --rm -T --no-deps --entrypoint rm keys": NEEDS_TIME,
    },
    "privacy": {
        "mitsumori": OF_MAKE_RUN,
        "sudo crontab": ELSEWHERE,
        "crontab": OF_MAKE_RUN,
        "umask": 0,
        "docker compose run --rm -T --no-deps --volume": 0,
    },
    "repair": {
        "export MITSUMORI_MONGO": "for a MongoDB of one's own",
        "mitsumori": OF_MAKE_RUN,
        "docker compose run --rm --no-deps topics": 0,
        "docker compose logs": 0,
        "docker compose run --rm -T --no-deps --entrypoint sh keys": "needs a key that another machine has made",
        "docker compose run --rm -T --no-deps --entrypoint mv keys": NEEDS_TIME,
        "docker compose exec mongo mongosh": "the stand-in for MongoDB has no mongosh",
        "docker compose up topics": 0,
    },
    "restore": {
        "mitsumori restore mitsumori-20261127T180002Z.mitsumori-backup --key backup-1.key --check": 0,
        "mkdir": OF_MAKE_RUN,
        "for one in intake": OF_MAKE_RUN,
        "mitsumori restore": OF_MAKE_RUN,
        "for one in keys-intake": "only where the server was lost: volumes must be empty",
        "docker compose up -d mongo": "only where the server was lost",
        "docker compose stop caddy": 0,
        "sudo": 0,
        "docker compose run --rm --no-deps": 0,
        "docker compose up -d": 0,
        "docker compose ps": 0,
    },
    "sizing": {
        "docker compose up -d --scale": 0,
        "df": 0,
        "sudo du": 0,
        "docker system df": 0,
        "docker compose exec mongo mongosh": "the stand-in for MongoDB has no mongosh",
    },
    "update": {
        "cd": 0,
        "mkdir": 0,
        "old": 0,
        "ls": 0,
        "sed": 0,
        "docker image ls": 0,
        "docker compose run --rm --no-deps topics": 0,
        "docker compose run --rm --no-deps topics doctor": ONCE,
        "docker compose stop": 0,
        "docker compose up": 0,
        "docker compose ps": 0,
        "docker compose restart caddy": 0,
        "docker compose restart prometheus": 0,
        "docker compose logs": "finds nothing where no service has refused to start",
    },
}  # fmt: skip


def decision(page: str, command: Command) -> int | str:
    """The exit code that *command* must end with, or why it is not run. Raises `LookupError` if nobody has decided."""
    beginnings = [beginning for beginning in DECIDED.get(page, {}) if command.text.startswith(beginning)]
    if not beginnings:
        raise LookupError(f"docs/operating/{page}.md: nobody has decided what to do with `{command.text}`")
    return DECIDED[page][max(beginnings, key=len)]
