"""The whole system on this machine: which parts there are, in which order they start and stop, where they answer."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from rich.markup import escape

from deploy.local.children import LOOPBACK, CannotStart, Child, free_port
from deploy.local.data_folder import DataFolder
from deploy.local.embedded_broker import EmbeddedBroker
from deploy.local.kafka import Kafka
from deploy.local.keys import ensure_keys
from deploy.local.mongod import Mongod
from deploy.local.services import DESK_EMAIL, MAIL_FROM, SERVICES, Mailbox, Service
from deploy.local.topics import TopicSettings, create_topics

BrokerChoice = Literal["auto", "kafka", "embedded"]
Say = Callable[[str], None]
_STOP_SERVICE_S = 25


class Part(Protocol):
    """One process of the system."""

    @property
    def child(self) -> Child:
        """Its process."""
        ...

    def launch(self) -> None:
        """Start it without waiting."""
        ...

    def wait(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""
        ...


class Broker(Part, Protocol):
    """Apache Kafka, or what stands in for it."""

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that people type."""

    form: int
    dashboard: int
    mailbox: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Three in a row. Raises `CannotStart` when somebody else has one of them."""
        for port in range(base, base + 3):
            with socket.socket() as probe:
                # As servers do: a port that its last user has just left is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((LOOPBACK, port))
                except (OSError, OverflowError):
                    raise CannotStart(
                        f"ポート {port} は使えません(使用中の可能性があります)。"
                        f"--port-base で別の番号を指定してください(例: --port-base {base + 1000})。"
                    ) from None
        return cls(base, base + 1, base + 2)

    @classmethod
    def free(cls) -> "Ports":
        """Whatever is free."""
        return cls(free_port(), free_port(), free_port())


class System:
    """Everything, in one data folder that the caller holds. `say` gets a line of progress after each step."""

    def __init__(
        self, data: DataFolder, ports: Ports, choice: BrokerChoice, say: Say, mongo_uri: str | None = None
    ) -> None:
        self._data = data
        self._say = say
        self._mongod = None if mongo_uri else Mongod(data.path / "mongo")
        self.mongo = mongo_uri or (self._mongod.uri if self._mongod else "")
        self.broker, self.broker_kind = _choose_broker(choice, data.path, say)
        self.mailbox = Mailbox(ports.mailbox, free_port(), data.maildir, data.log("mailbox"))
        fixed = {"intake": ports.form, "dashboard": ports.dashboard}
        self.services = {
            name: Service(name, fixed.get(name) or free_port(), data.log(name), partial(self._settings, name))
            for name in SERVICES
        }

    @property
    def parts(self) -> dict[str, Part]:
        """Every process by its name, in the order of starting."""
        mongod: dict[str, Part] = {"mongod": self._mongod} if self._mongod else {}
        return {**mongod, self.broker_kind: self.broker, "mailbox": self.mailbox, **self.services}

    @property
    def form_url(self) -> str:
        """Where customers fill in the form."""
        return f"{self.services['intake'].url}/"

    @property
    def dashboard_url(self) -> str:
        """Where staff look."""
        return f"{self.services['dashboard'].url}/"

    @property
    def mailbox_url(self) -> str:
        """Where the mails can be read."""
        return f"{self.mailbox.url}/"

    def start(self) -> None:
        """Start everything and return when all of it can do its work. Raises `CannotStart`; then `stop` it."""
        # A launcher that was killed has left its own behind.
        self._data.run_file.unlink(missing_ok=True)
        ensure_keys(self._data.keys)
        foundations = {name: part for name, part in self.parts.items() if name not in SERVICES}
        self._start_together(foundations)
        with self._step("topics"):
            asyncio.run(create_topics(TopicSettings(kafka=self.broker.address)))
        self._start_together(self.services)
        self.write_run_file()

    def revive(self, name: str) -> None:
        """Start a part that has died once more."""
        self.parts[name].launch()
        if name == "embedded":
            # It comes back empty and elsewhere; the services learn that only from a new start.
            self.broker.wait()
            for service in self.services.values():
                service.child.stop(_STOP_SERVICE_S)
                service.launch()
        self.write_run_file()

    def dead(self) -> list[str]:
        """The parts that are not running."""
        return [name for name, part in self.parts.items() if not part.child.alive]

    def stop(self) -> None:
        """Stop whatever runs: those who use a part before the part."""
        self._data.run_file.unlink(missing_ok=True)
        for service in self.services.values():
            service.child.ask_to_stop()
        for service in self.services.values():
            service.child.stop(_STOP_SERVICE_S)
        for name, part in reversed(self.parts.items()):
            if name not in SERVICES:
                part.child.stop()

    def write_run_file(self) -> None:
        """Tell other programs where everything is."""
        services = {
            name: {"pid": service.child.pid, "health": service.health, "metrics": service.metrics}
            for name, service in self.services.items()
        }
        content = {
            "form": self.form_url,
            "dashboard": self.dashboard_url,
            "mailbox": self.mailbox_url,
            "kafka": self.broker.address,
            "broker": self.broker_kind,
            "mongo": self.mongo,
            "smtp": self.mailbox.smtp,
            "maildir": str(self._data.maildir.absolute()),
            "services": services,
        }
        unfinished = self._data.run_file.with_suffix(".part")
        unfinished.write_text(json.dumps(content, indent=2), "utf-8")
        unfinished.rename(self._data.run_file)

    def _start_together(self, parts: "dict[str, Part] | dict[str, Service]") -> None:
        for part in parts.values():
            part.launch()
        for name, part in parts.items():
            with self._step(name):
                part.wait()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._say(f"[green]✔[/] {_STEPS.get(name, name)} [dim]{time.monotonic() - began:.1f} 秒[/]")

    def _settings(self, service: str) -> dict[str, str]:
        return {
            "MITSUMORI_MONGO": self.mongo,
            "MITSUMORI_KAFKA": self.broker.address,
            "MITSUMORI_SMTP": f"smtp://{self.mailbox.smtp}",
            "MITSUMORI_PUBLIC_URL": self.services["intake"].url,
            "MITSUMORI_DASHBOARD_URL": self.services["dashboard"].url,
            "MITSUMORI_MAIL_FROM": MAIL_FROM,
            "MITSUMORI_DESK_EMAIL": DESK_EMAIL,
            "MITSUMORI_KEYS": str((self._data.keys / service).absolute()),
        }


_STEPS = {
    "mongod": "MongoDB を起動しました",
    "kafka": "Apache Kafka を起動しました",
    "embedded": "内蔵ブローカーを起動しました",
    "mailbox": "メールボックスを起動しました",
    "topics": "トピックを用意しました",
    "intake": "intake(フォーム受付)を起動しました",
    "rating": "rating(保険料計算)を起動しました",
    "notify": "notify(メール送付)を起動しました",
    "dashboard": "dashboard(管理画面)を起動しました",
}


def _choose_broker(choice: BrokerChoice, folder: Path, say: Say) -> tuple[Broker, Literal["kafka", "embedded"]]:
    """Apache Kafka where it can run; `auto` says why when it cannot."""
    if choice != "embedded":
        try:
            kafka = Kafka(folder / "kafka", say=say)
        except CannotStart as reason:
            if choice == "kafka":
                raise
            say(f"[yellow]内蔵ブローカーを使います[/]: {escape(str(reason))}")
        else:
            say("ブローカー: Apache Kafka (KRaft)")
            return kafka, "kafka"
    return EmbeddedBroker(folder / "broker"), "embedded"
