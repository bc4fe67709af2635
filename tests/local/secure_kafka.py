"""A Kafka as compose.prod.yml has it, on this machine: TLS, with the certificate and users of `mitsumori access`."""

from pathlib import Path
from typing import Final

from local.access_files import write_access_files
from local.kafka import Kafka
from tests.architecture.repository import compose

AS_IN_PRODUCTION: Final = (
    "inter.broker.listener.name",
    "sasl.enabled.mechanisms",
    "sasl.mechanism.inter.broker.protocol",
    "authorizer.class.name",
    "super.users",
)
HOST: Final = "localhost"


class SecureKafka(Kafka):
    """Services come in by TLS; the plain listener of the operator's tools is there for what needs no user."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "kafka")
        self.access = folder / "access"
        write_access_files(self.access, "mongo:27017", f"{HOST}:{self._services_port}", tls=True)
        for path in self.access.glob("*/mitsumori_kafka"):
            path.write_text(path.read_text("ascii").replace("/keys/", f"{path.parent}/"), "ascii")

    def address_of(self, service: str) -> str:
        """What the container of *service* is told, with its folder in the place of `/keys`."""
        return (self.access / service / "mitsumori_kafka").read_text("ascii")

    def _configure(self) -> None:
        super()._configure()
        properties = self._folder / "server.properties"
        ours = (self.access / "kafka" / "server.properties").read_text("ascii")
        properties.write_text(f"{properties.read_text('ascii')}{self._as_in_production()}{ours}", "ascii")

    def _as_in_production(self) -> str:
        """Java takes the last of several lines for one name."""
        environment = compose(file="compose.prod.yml")["services"]["kafka"]["environment"]
        of_services = environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].partition(",")[0]
        lines = {name: environment[f"KAFKA_{name.replace('.', '_').upper()}"] for name in AS_IN_PRODUCTION}
        lines["listener.name.services.sasl.enabled.mechanisms"] = lines.pop("sasl.enabled.mechanisms")
        lines["listener.security.protocol.map"] = f"OPERATOR:PLAINTEXT,CONTROLLER:PLAINTEXT,{of_services}"
        lines["advertised.listeners"] = f"OPERATOR://{self.address},SERVICES://{HOST}:{self._services_port}"
        return "".join(f"{name}={value}\n" for name, value in lines.items())
