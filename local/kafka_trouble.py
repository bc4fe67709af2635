"""Why no connection to Kafka comes about, and what mends it. aiokafka's clients say only that there is none."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from shared.runtime.kafka_address import KafkaAddress

ASK_S: Final = 2.5
_EXPIRED: Final = 10
_OTHER_NAME: Final = (62, 64)
"""What OpenSSL calls them (X509_V_ERR_…): of a name, and of an IP address."""
_IS_IT_UP: Final = (
    "Kafka が動いているか(mitsumori status、コンテナでは docker compose ps kafka)、MITSUMORI_KAFKA の接続先、"
    "ファイアウォールを確かめてください。"
)


@dataclass(frozen=True, slots=True)
class KafkaTrouble:
    """Both are sentences in Japanese, without a password. `says` goes behind "cannot connect:"."""

    says: str
    repair: str

    def __str__(self) -> str:
        """Both."""
        return f"{self.says}。{self.repair}"


async def kafka_trouble(address: KafkaAddress) -> KafkaTrouble | None:
    """Of the first of its brokers, all of which are asked as a service would ask. None: one of them lets us in."""
    found = await asyncio.gather(*(_trouble_of(server, address) for server in address.servers))
    return None if None in found else found[0]


async def _trouble_of(server: str, address: KafkaAddress) -> KafkaTrouble | None:
    host, _, port = server.rpartition(":")
    options = {name: value for name, value in address.client_options.items() if name != "bootstrap_servers"}
    try:
        async with asyncio.timeout(ASK_S):
            connection = await create_conn(host, int(port), **options)
            await connection.close()
    except ssl.SSLCertVerificationError as error:
        return _of_certificate(error, server)
    except (KafkaError, OSError, ValueError) as error:  # TimeoutError is an OSError.
        return _of_error(error, address)
    return None


def _of_certificate(error: ssl.SSLCertVerificationError, server: str) -> KafkaTrouble:
    if error.verify_code in _OTHER_NAME:
        return KafkaTrouble(
            f"証明書が {server} のものではありません",
            "MITSUMORI_KAFKA の接続先を、証明書にある名前で書いてください。",
        )
    if error.verify_code == _EXPIRED:
        return KafkaTrouble("証明書の期限が切れています", "Kafka の証明書を更新し、Kafka を再起動してください。")
    return KafkaTrouble(
        f"証明書を信頼できません({error.verify_message})",
        "MITSUMORI_KAFKA の ?ca= に、この Kafka の証明書を発行した CA の証明書ファイルを指定してください。",
    )


def _of_error(error: Exception, address: KafkaAddress) -> KafkaTrouble:
    for kind, trouble in (_WITH_TLS if address.tls else _WITHOUT_TLS).items():
        if isinstance(error, kind):
            return trouble
    return KafkaTrouble(type(error).__name__, _IS_IT_UP)


_REFUSED: Final = KafkaTrouble(
    "利用者名またはパスワードが正しくありません",
    "MITSUMORI_KAFKA の利用者名とパスワードを確かめてください(記号はパーセントエンコードします)。"
    "コンテナでは docker compose up users で、利用者を登録し直せます。",
)
_OTHER_MECHANISM: Final = KafkaTrouble(
    "このログインの方式(mechanism)を使えません",
    "Kafka の sasl.enabled.mechanisms を確かめ、MITSUMORI_KAFKA の ?mechanism= を合わせてください"
    "(省略時は scram-sha-512)。",
)
_OF_LOGIN: Final[Mapping[type[Exception], KafkaTrouble]] = {
    SaslAuthenticationFailed: _REFUSED,
    AuthenticationFailedError: _REFUSED,
    ValueError: KafkaTrouble(
        "Kafka が、このパスワードを知っていることを示しませんでした",
        "接続先が本物の Kafka か、パスワードが両方で同じかを確かめてください。",
    ),
    UnsupportedSaslMechanismError: _OTHER_MECHANISM,
    IllegalSaslStateError: _OTHER_MECHANISM,
}
_NO_TLS: Final = KafkaTrouble(
    "このポートは TLS で応答しません",
    "ポート番号を確かめてください。TLS のない Kafka なら、MITSUMORI_KAFKA を ssl のない形(sasl:// など)に直します。",
)
_WITH_TLS: Final[Mapping[type[Exception], KafkaTrouble]] = {
    **_OF_LOGIN,
    ssl.SSLError: _NO_TLS,
    ConnectionResetError: _NO_TLS,
}
_WITHOUT_TLS: Final[Mapping[type[Exception], KafkaTrouble]] = {
    **_OF_LOGIN,
    KafkaConnectionError: KafkaTrouble(
        "接続の途中で切断されました",
        "このポートは TLS またはログインを求めているようです。MITSUMORI_KAFKA を sasl+ssl:// から始まる形に"
        "直してください(docs/operating/install.md)。",
    ),
}
