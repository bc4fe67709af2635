"""Whether mails can arrive, and whether the certificates of the servers hold."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import Certificates, MailSetUp

_SOON: Final = timedelta(days=14)


@check(MailSetUp, "mail", "メールが届く設定である")
def mails_arrive(mail: MailSetUp) -> Iterator[Problem]:
    """As `mitsumori doctor mail` says it, which can also send one."""
    for finding in mail.findings:
        yield Problem(finding.says, finding.repair, "wrong" if finding.must_be_mended else "warning")


@check(Certificates, "certificates", "証明書が有効である")
def certificates_hold(certificates: Certificates) -> Iterator[Problem]:
    """Browsers show nobody the form when it has ended."""
    for one in certificates.found:
        if one.is_away:
            yield Problem(
                f"{one.address} に接続できず、証明書を確かめられません: {one.trouble}",
                "名前解決とファイアウォールを確かめてください。ここから届かない構成なら、別の端末から確かめます: "
                f"openssl s_client -connect {one.address}",
                "warning",
            )
        elif one.until is None:
            yield Problem(
                f"{one.address} の証明書を確かめられません: {one.trouble}",
                f"名前、期限、中間証明書を確かめてください: openssl s_client -connect {one.address}",
            )
        elif (left := one.until - certificates.now) < _SOON:
            yield Problem(
                f"{one.address} の証明書は、あと {left.days} 日で期限が切れます。",
                "証明書を更新し、そのサーバーに読み直させてください。自動更新が失敗していないかも確かめます。",
                "warning",
            )


CHECKS: Final = (mails_arrive, certificates_hold)
