"""Apache Kafka (KRaft, one node) on this machine: the program that production runs, with less memory."""

import base64
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from local.access_files import LOGIN, kafka_users
from local.backing_service import BackingService
from local.children import LOOPBACK, CannotStart, Child, environment, free_port, is_listening
from local.class_archive import class_archive
from local.maven import fetch_jars
from local.passwords import ensure_passwords, write_private
from services.registry import SERVICES

PROJECT = Path(__file__).parents[1] / "deploy" / "kafka"
FETCHING = "Apache Kafka を取得しています(初回のみ、約 45 MB)…"
_OLDEST_JAVA = 17
_START_TIMEOUT_S = 60
_RECORD_TIMEOUT_S = 120
_ENDED_BY_SIGTERM = 143
_BEYOND_ASCII = 0x80

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=OPERATOR://{host}:{port},SERVICES://{host}:{services_port},CONTROLLER://{host}:{controller_port}
advertised.listeners=OPERATOR://{host}:{port},SERVICES://{host}:{services_port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=OPERATOR
listener.security.protocol.map=OPERATOR:PLAINTEXT,SERVICES:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
# Only who comes by the plain listener is anonymous. Services have users, which may do what the launcher grants them.
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
listener.name.services.sasl.enabled.mechanisms=PLAIN
listener.name.services.plain.sasl.jaas.config={login} required {users};
log.dirs={data}
auto.create.topics.enable=false
num.partitions=6
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# The readers of a service join at the same time; the first waits a moment for the others.
group.initial.rebalance.delay.ms=100
# After a crash the broker can register again only when the session from before has ended (9 s by default).
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
# Only the consumers' offsets are compacted: a few kB, for which Kafka would set 128 MB aside.
log.cleaner.dedupe.buffer.size=4194304
log.cleaner.io.buffer.size=131072
# Threads for each of the three listeners, for requests, and for its own work: it has few clients and a core or two.
num.network.threads=2
num.io.threads=4
background.threads=2
"""

_LOGGING = """\
status=error
rootLogger.level=warn
rootLogger.appenderRef.file.ref=file
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName={log}
appender.file.filePattern={log}.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=%d{{ISO8601}} %p %c{{1}}: %m%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=10MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=2
"""


def find_java() -> Path:
    """A Java that can run Kafka. Raises `CannotStart`."""
    java = shutil.which("java")
    if java is None:
        raise CannotStart("java が見つかりません(Apache Kafka には Java 17 以降が必要です)。")
    output = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', output)
    if found is None or int(found[1]) < _OLDEST_JAVA:
        raise CannotStart(
            f"Java {_OLDEST_JAVA} 以降が必要です(見つかったのは {found[1] if found else '不明な版'} です)。"
        )
    return Path(java)


def java_escaped(path: Path) -> str:
    r"""*path* for a .properties file, which Java reads as ISO-8859-1: `\uXXXX` for each UTF-16 unit beyond ASCII."""
    units = str(path).replace("\\", "\\\\").encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(code) if code < _BEYOND_ASCII else f"\\u{code:04x}" for code in codes)


class Kafka(BackingService):
    """One process, broker and controller, with its data in *folder*. A start on the same folder has all data again.

    It has two ports: `address` for the operator's tools, which may do everything, and one for services, each of which
    logs in as itself and may do only what its access list says (local/kafka_access.py).
    """

    def __init__(
        self,
        folder: Path,
        port: int | None = None,
        report: Callable[[str], None] = print,
        record_classes: Path | None = None,
    ) -> None:
        self.port = port or free_port()
        self._services_port = free_port()
        self._folder = folder.absolute()
        self._java = find_java()
        jars = fetch_jars("Apache Kafka", PROJECT, partial(report, FETCHING))
        self._classpath = f"{jars}/*"
        # Only the server's classes are recorded, not those of the tool that formats the folder.
        recording = [f"-XX:ArchiveClassesAtExit={record_classes}"] if record_classes else []
        self._archive = [] if record_classes else class_archive(self._java, jars, partial(_record, report))
        server = self._command("256m", *recording, "kafka.Kafka", self._folder / "server.properties")
        # Java reads the names of files as ASCII unless the locale has another encoding.
        self._environment = environment(LC_ALL="C.UTF-8")
        self.child = Child("Apache Kafka", server, self._folder / "kafka.out", self._environment)

    @property
    def address(self) -> str:
        """`host:port` for the operator."""
        return f"{LOOPBACK}:{self.port}"

    def address_of(self, service: str) -> str:
        """The address for *service*, with its user (`shared/runtime/kafka_address.py`)."""
        return f"sasl://{service}:{self._passwords()[service]}@{LOOPBACK}:{self._services_port}?mechanism=plain"

    def spawn(self) -> None:
        """Write the configuration, format a new data folder, start the process and return. Raises `CannotStart`."""
        self._configure()
        self._format()
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it accepts connections: Kafka opens the port when it has started. Raises `CannotStart`."""
        self.child.wait_until(self._is_listening, _START_TIMEOUT_S)

    def _is_listening(self) -> bool:
        return is_listening(self.port) and is_listening(self._services_port)

    def _passwords(self) -> dict[str, str]:
        return ensure_passwords(self._folder / "passwords.json", (service.name for service in SERVICES))

    def _command(self, heap: str, *program: str | Path) -> list[str | Path]:
        """The command that runs a Java program of Kafka, with one collector thread and only the quick compiler.

        The broker shares a small machine with everything else. Its heap begins small: Java would begin with a
        64th of the machine's memory, and fill that before it collects anything.
        """
        return [
            *(self._java, "-Xms32m", f"-Xmx{heap}", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            *(*self._archive, "-Djava.awt.headless=true"),
            f"-Dlog4j2.configurationFile={self._folder / 'log4j2.properties'}",
            *("-cp", self._classpath, *program),
        ]

    def _configure(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        logging = _LOGGING.format(log=java_escaped(self._folder / "kafka.log"))
        (self._folder / "log4j2.properties").write_text(logging, "ascii")
        data = java_escaped(self._folder / "data")
        properties = _PROPERTIES.format(
            host=LOOPBACK,
            port=self.port,
            services_port=self._services_port,
            controller_port=free_port(),
            data=data,
            login=LOGIN,
            users=kafka_users(self._passwords()),
        )
        write_private(self._folder / "server.properties", properties)

    def _format(self) -> None:
        """Write the cluster id into the data folder, once."""
        if (self._folder / "data" / "meta.properties").exists():
            return
        # A leading letter, because the tool takes a cluster id that begins with a dash for an option.
        cluster = "M" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
        options = ("format", "--cluster-id", cluster, "--config", self._folder / "server.properties")
        command = self._command("128m", "kafka.tools.StorageTool", *options)
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotStart(f"Apache Kafka のデータフォルダを初期化できませんでした: {done.stderr.strip()[:200]}")


def _record(report: Callable[[str], None], archive: Path) -> None:
    """Have a Kafka with an empty folder start, and write *archive* when it ends. Raises `CannotStart`."""
    report("Apache Kafka の次回からの起動を速くする準備をしています(初回のみ、約 10 秒)…")
    with tempfile.TemporaryDirectory() as folder:
        broker = Kafka(Path(folder), record_classes=archive)
        try:
            broker.start()
        finally:
            broker.child.stop(_RECORD_TIMEOUT_S)
    if broker.child.exit_code != _ENDED_BY_SIGTERM:
        # It may have been killed while it wrote.
        raise CannotStart("Apache Kafka のクラスを記録できませんでした。")
