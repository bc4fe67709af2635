"""The whole system on this machine: its processes, how they start and stop, and their addresses."""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from local.children import CannotStart, free_port
from local.components import BrokerChoice, Component, ReportProgress, choose_broker
from local.data_folder import DataFolder
from local.keys import ensure_keys
from local.mongod import Mongod
from local.passwords import masked, write_private
from local.ports import Ports
from local.republish import republish_events
from local.services import DESK_EMAIL, MAIL_FROM, RETURN_PATH, MailboxProcess, ServiceProcess
from local.topics import TopicSettings, create_topics, grant_access, missing_topics
from services.registry import SERVICES, ServiceName

STOP_SERVICE_S: Final = 25


class System:
    """Every process, with one data folder, which the caller has locked. *report* gets a line after each step."""

    def __init__(
        self,
        data: DataFolder,
        ports: Ports,
        choice: BrokerChoice,
        report: ReportProgress,
        mongo_uri: str | None = None,
    ) -> None:
        self._data = data
        self._report = report
        self._mongod = None if mongo_uri else Mongod(data.path / "mongo")
        self._mongo_uri = mongo_uri or ""
        self.broker, self.broker_kind = choose_broker(choice, data.path, report)
        self.mailbox = MailboxProcess(ports.mailbox, free_port(), data.maildir, data.bounces, data.log("mailbox"))
        fixed = {ServiceName.intake: ports.form, ServiceName.dashboard: ports.dashboard}
        self.services: dict[str, ServiceProcess] = {
            name: ServiceProcess(name, fixed.get(name) or free_port(), data.log(name), partial(self._settings, name))
            for name in (service.name for service in SERVICES)
        }

    @property
    def mongo(self) -> str:
        """The operator's address of MongoDB: ours, with all rights, or the one that was given."""
        return self._mongod.uri if self._mongod else self._mongo_uri

    @property
    def components(self) -> dict[str, Component]:
        """Every process by its name, in the order of starting."""
        return {**self._infrastructure, **self.services}

    @property
    def _infrastructure(self) -> dict[str, Component]:
        """The processes that the services need."""
        mongod: dict[str, Component] = {"mongod": self._mongod} if self._mongod else {}
        return {**mongod, self.broker_kind: self.broker, "mailbox": self.mailbox}

    @property
    def form_url(self) -> str:
        """The page where customers fill in the form."""
        return f"{self.services['intake'].url}/"

    @property
    def dashboard_url(self) -> str:
        """The page where staff work."""
        return f"{self.services['dashboard'].url}/"

    @property
    def mailbox_url(self) -> str:
        """The page that shows the mails."""
        return f"{self.mailbox.url}/"

    @property
    def maildir(self) -> Path:
        """The folder in which the mailbox keeps every mail that it got."""
        return self._data.maildir.absolute()

    def start(self) -> None:
        """Start everything and return when all of it can do its work. Raises `CannotStart`: call `stop` then too."""
        # A launcher that was killed may have left one.
        self._data.run_file.unlink(missing_ok=True)
        self._start_together(self._infrastructure)
        with self._step("topics"):
            asyncio.run(self._prepare_topics())
        # Last: an interrupted start must leave a folder in which `_prepare_topics` still finds no signing key.
        ensure_keys(self._data.keys)
        self._start_together(self.services)
        self.write_run_file()

    def restart(self, name: str) -> None:
        """Start a component that has died. Raises `CannotStart`."""
        self.components[name].spawn()
        if name == "embedded":
            try:
                self._restart_on_new_broker()
            except CannotStart:
                # Services would miss events if only half was done. End the broker: the next restart does everything.
                self.broker.child.kill()
                raise
        self.write_run_file()

    def dead(self) -> list[str]:
        """The components that are not running."""
        return [name for name, component in self.components.items() if not component.child.alive]

    def stop(self) -> None:
        """Stop everything that runs: first the services, then what they need."""
        self._data.run_file.unlink(missing_ok=True)
        self._stop_services()
        for component in reversed(self._infrastructure.values()):
            component.child.stop()

    def write_run_file(self) -> None:
        """Write the addresses and process ids, for other programs of this user.

        The password of our own MongoDB is among them: it opens nothing that this user could not read from the data
        folder. That of a MongoDB that was given is not: whoever gave it has it.
        """
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
            "mongo": masked(self.mongo) if self._mongo_uri else self.mongo,
            "smtp": self.mailbox.smtp,
            "maildir": str(self.maildir),
            "services": services,
        }
        write_private(self._data.run_file, json.dumps(content, indent=2))

    def _stop_services(self) -> None:
        for service in self.services.values():
            service.child.ask_to_stop()
        for service in self.services.values():
            service.child.stop(STOP_SERVICE_S)

    async def _prepare_topics(self) -> None:
        """Create the topics that are missing.

        New topics are empty, so everything in MongoDB is published again. After a start of the embedded broker all
        topics are new. The version before signatures left unsigned records, which services would now refuse.
        """
        settings = TopicSettings(kafka=self.broker.address)
        # Before the topics are created: if this is interrupted, the next start must find them missing too.
        is_unsigned = self._data.keys.is_dir() and not list(self._data.keys.glob("*/*.sign"))
        if await missing_topics(settings) or self.broker_kind == "embedded" or is_unsigned:
            republish_events(self.mongo)
        await create_topics(settings)
        if self.broker_kind == "kafka":
            await grant_access(settings)

    def _restart_on_new_broker(self) -> None:
        """After a restart of the embedded broker, which is now empty and has another address: restart the services too.

        They read its address only when they start.
        """
        self.broker.wait_until_ready()
        self._stop_services()
        republish_events(self.mongo)
        for service in self.services.values():
            service.spawn()

    def _start_together(self, components: Mapping[str, Component]) -> None:
        for component in components.values():
            component.spawn()
        for name, component in components.items():
            with self._step(name):
                component.wait_until_ready()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._report(f"[green]✔[/] {_STEPS[name]} [dim]{time.monotonic() - began:.1f} 秒[/]")

    def _settings(self, service: str) -> dict[str, str]:
        mail = {
            "MITSUMORI_SMTP": f"smtp://{self.mailbox.smtp}",
            "MITSUMORI_MAIL_FROM": MAIL_FROM,
            "MITSUMORI_RETURN_PATH": RETURN_PATH,
            "MITSUMORI_BOUNCES": str(self._data.bounces.absolute()),
            "MITSUMORI_DESK_EMAIL": DESK_EMAIL,
            "MITSUMORI_BROCHURES_URL": self.services["notify"].url,
        }
        companies = {"MITSUMORI_COMPANIES": str(self._data.companies.absolute())}
        return {
            "MITSUMORI_MONGO": self._mongod.uri_of(service) if self._mongod else self._mongo_uri,
            "MITSUMORI_KAFKA": self.broker.address_of(service),
            "MITSUMORI_PUBLIC_URL": self.services["intake"].url,
            "MITSUMORI_DASHBOARD_URL": self.services["dashboard"].url,
            "MITSUMORI_KEYS": str((self._data.keys / service).absolute()),
            **(mail if service == ServiceName.notify else {}),
            **(companies if service == ServiceName.intake else {}),
        }


_STEPS = {
    "mongod": "MongoDB を起動しました",
    "kafka": "Apache Kafka を起動しました",
    "embedded": "内蔵ブローカーを起動しました",
    "mailbox": "メールボックスを起動しました",
    "topics": "トピックを用意しました",
    **{str(service.name): f"{service.name}({service.title})を起動しました" for service in SERVICES},
}
