"""The whole system on this machine: which parts there are, in which order they start and stop, where they answer."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from local.announce import announce_again
from local.children import CannotStart, free_port
from local.data_folder import DataFolder
from local.keys import ensure_keys
from local.mongod import Mongod
from local.parts import BrokerChoice, Part, Say, choose_broker
from local.ports import Ports
from local.services import DESK_EMAIL, MAIL_FROM, SERVICES, Mailbox, Service
from local.topics import TopicSettings, create_topics, missing_topics

_STOP_SERVICE_S = 25


class System:
    """Everything, in one data folder that the caller holds. `say` gets a line of progress after each step."""

    def __init__(
        self, data: DataFolder, ports: Ports, choice: BrokerChoice, say: Say, mongo_uri: str | None = None
    ) -> None:
        self._data = data
        self._say = say
        self._mongod = None if mongo_uri else Mongod(data.path / "mongo")
        self.mongo = mongo_uri or (self._mongod.uri if self._mongod else "")
        self.broker, self.broker_kind = choose_broker(choice, data.path, say)
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
            asyncio.run(self._prepare_topics())
        self._start_together(self.services)
        self.write_run_file()

    def revive(self, name: str) -> None:
        """Start a part that has died once more."""
        self.parts[name].launch()
        if name == "embedded":
            try:
                self._move_to_the_new_broker()
            except CannotStart:
                # Half of this would leave services without their events; a dead broker is revived again.
                self.broker.child.kill()
                raise
        self.write_run_file()

    def dead(self) -> list[str]:
        """The parts that are not running."""
        return [name for name, part in self.parts.items() if not part.child.alive]

    def stop(self) -> None:
        """Stop whatever runs: those who use a part before the part."""
        self._data.run_file.unlink(missing_ok=True)
        self._stop_services()
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

    def _stop_services(self) -> None:
        for service in self.services.values():
            service.child.ask_to_stop()
        for service in self.services.values():
            service.child.stop(_STOP_SERVICE_S)

    async def _prepare_topics(self) -> None:
        """Topics that are new hold nothing of what the ledgers believe published, and the one in memory always are."""
        settings = TopicSettings(kafka=self.broker.address)
        # Before the topics are made: an interrupted start must find them missing again.
        if await missing_topics(settings) or self.broker_kind == "embedded":
            announce_again(self.mongo)
        await create_topics(settings)

    def _move_to_the_new_broker(self) -> None:
        """The broker in memory comes back empty and elsewhere; the services learn that only from a new start."""
        self.broker.wait()
        self._stop_services()
        announce_again(self.mongo)
        for service in self.services.values():
            service.launch()

    def _start_together(self, parts: Mapping[str, Part]) -> None:
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
