"""Whether the settings of the services can work, fit each other, and are safe where strangers reach the form."""

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from local.doctor.check import Problem, check
from local.doctor.example_domains import is_example
from local.doctor.facts import Services, ServiceSettings, Settings, Variables
from shared.mail_address import domain_of
from shared.runtime.trusted_proxies import EVERYBODY
from shared.web.own_site import LOOPBACK_NAMES


@check(Services, "something-there", "調べる対象がある")
def something_there(services: Services) -> Iterator[Problem]:
    """Without it nearly nothing can be looked at."""
    if not services.is_there:
        yield Problem(
            f"{services.data} で動作中の mitsumori run がなく、接続先の指定もありません。",
            "mitsumori run で起動するか、--data でデータフォルダを、または MITSUMORI_MONGO と MITSUMORI_KAFKA で"
            "接続先を指定してください。コンテナでは docker compose run --rm --no-deps (サービス名) doctor を"
            "実行します。",
        )


@check(Settings, "settings-load", "各サービスの設定を読み取れる")
def settings_load(settings: Settings) -> Iterator[Problem]:
    """A service with bad settings ends at its start with exit code 2."""
    for one in settings.services:
        for bad in one.bad:
            yield Problem(
                f"{one.service} の設定に誤りがあります。{bad}",
                f"この環境変数(または鍵のフォルダの同名のファイル)を直し、{one.service} を再起動してください。",
            )


@check(Variables, "settings-known", "環境変数の名前に誤りがない")
def variables_known(variables: Variables) -> Iterator[Problem]:
    """Nobody reads a mistyped variable, and nothing says so."""
    for name in sorted(variables.given - variables.known):
        near = get_close_matches(name, sorted(variables.known), n=1, cutoff=0.6)
        meant = f"{near[0]} の誤りではありませんか。名前を直すか、" if near else ""
        yield Problem(f"{name} という設定はありません。", f"{meant}この環境変数を削除してください。", "warning")


@check(Settings, "settings-no-example", "公開するサイトに、見本の値が残っていない")
def no_examples(settings: Settings) -> Iterator[Problem]:
    """The values of docker-compose.yml are for trying: mails to them reach nobody."""
    for one in settings.services:
        if not _is_public(one):
            continue
        hosts = {name: _host(url) for name, url in one.urls.items()}
        hosts |= {name: domain_of(address) for name, address in one.addresses.items()}
        for name, host in hosts.items():
            if is_example(host):
                yield Problem(
                    f"{one.service} の {name} が見本のドメイン {host} のままです。",
                    f"{name} に実際の値を設定し、{one.service} を再起動してください。",
                )


@check(Settings, "settings-https", "公開するアドレスが https で始まる")
def urls_are_https(settings: Settings) -> Iterator[Problem]:
    """Else answers, contacts and passwords travel readable by anybody."""
    for one in settings.services:
        for name, url in one.urls.items():
            if url.startswith("http://") and not _is_here(_host(url)):
                yield Problem(
                    f"{one.service} の {name} が http:// で始まります。入力内容が暗号化されずに送られます。",
                    f"TLS のプロキシを置き(docs/proxy.md)、{name} を https:// に直してください。",
                )


@check(Settings, "settings-agree", "アドレスと商品の設定が、サービスの間で一致している")
def settings_agree(settings: Settings) -> Iterator[Problem]:
    """Else links in mails lead to another site than the one that is served, or one service knows a product alone."""
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in settings.services:
        for name, value in {**one.urls, "MITSUMORI_PRODUCTS": one.products or "なし"}.items():
            of[name][value].append(one.service)
    for name, values in of.items():
        if len(values) > 1:
            said = "、".join(f"{'・'.join(services)} は {value}" for value, services in sorted(values.items()))
            yield Problem(
                f"{name} がサービスによって異なります: {said}",
                f"すべてのサービスの {name} を同じ値にして、再起動してください。",
            )


@check(Settings, "settings-operations-port", "運用のポートが外部に開かれていない")
def operations_are_here(settings: Settings) -> Iterator[Problem]:
    """`/metrics` and `/ready` are not for visitors. In a container, only what is published can be reached."""
    for one in settings.services:
        if not (_is_here(one.ops_host) or one.is_in_container):
            yield Problem(
                f"{one.service} の /ready と /metrics が {one.ops_host} で待ち受け、ほかの端末から届きます。",
                "MITSUMORI_OPS_HOST を 127.0.0.1 にするか、ファイアウォールで監視のサーバーだけに絞ってください。",
                "warning",
            )


@check(Settings, "settings-pages-port", "ページのポートに、プロキシを通さずに届かない")
def pages_are_behind_the_proxy(settings: Settings) -> Iterator[Problem]:
    """Whoever goes round the proxy says any address in X-Forwarded-For, and has no TLS."""
    for one in settings.services:
        if one.has_pages and _is_public(one) and not (_is_here(one.host) or one.is_in_container):
            yield Problem(
                f"{one.service} のページが {one.host} で待ち受け、プロキシを通さずに届くことがあります。",
                "MITSUMORI_HOST を 127.0.0.1(プロキシが別の端末なら、プロキシだけが届くアドレス)にしてください。",
                "warning",
            )


@check(Settings, "settings-proxies", "信頼するプロキシが指定されている")
def proxies_are_named(settings: Settings) -> Iterator[Problem]:
    """Without it all visitors are the proxy, and are limited together; with `*` each says who it is."""
    for one in settings.services:
        if not (one.has_pages and _is_public(one)):
            continue
        if one.trusted_proxies == EVERYBODY:
            yield Problem(
                f"{one.service} は、だれの X-Forwarded-For も信じます(MITSUMORI_TRUSTED_PROXIES=*)。",
                "プロキシのアドレスを指定してください。プロキシだけが届くネットワークなら、このままでも構いません。",
                "warning",
            )
        elif not _is_here(one.host) and all(map(_is_here, one.trusted_proxies.split(","))):
            yield Problem(
                f"{one.service} は別の端末のプロキシを信じません。すべての訪問者が 1 か所からとみなされます。",
                "MITSUMORI_TRUSTED_PROXIES に、プロキシのアドレスまたはネットワークを指定してください。",
            )


@check(Settings, "settings-mail-encrypted", "メールサーバーまでの経路が暗号化されている")
def mails_are_encrypted(settings: Settings) -> Iterator[Problem]:
    """`?plaintext=1` is for a mail server in the same container network."""
    for one in settings.services:
        if one.mail_is_readable and _is_public(one):
            yield Problem(
                f"{one.service} は、お客さまへのメールを暗号化せずにメールサーバーへ送ります。",
                "MITSUMORI_SMTP を、smtps://…:465 または smtp://…:587?starttls=1 に直してください。",
            )


def _is_public(one: ServiceSettings) -> bool:
    """Whether customers or staff reach it from elsewhere."""
    return any(not _is_here(_host(url)) for url in one.urls.values())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


CHECKS: Final = (
    something_there,
    settings_load,
    variables_known,
    no_examples,
    urls_are_https,
    settings_agree,
    operations_are_here,
    pages_are_behind_the_proxy,
    proxies_are_named,
    mails_are_encrypted,
)
