"""Faults of settings and keys: each with the check that finds it, and the repair."""

from dataclasses import replace

from local.doctor import facts
from tests.local.doctor.builders import Fault, key_file, keys, settings, settings_of

OF_SETTINGS = (
    Fault(
        check="something-there",
        part=facts.Services(is_there=False, data=".mitsumori"),
        says=".mitsumori で動作中の mitsumori run がなく",
        repair="mitsumori run で起動するか",
    ),
    Fault(
        check="settings-load",
        part=settings(replace(settings_of("rating"), bad=("MITSUMORI_PORT: must be a number",), urls={})),
        says="rating の設定に誤りがあります。MITSUMORI_PORT: must be a number",
        repair="rating を再起動",
    ),
    Fault(
        check="settings-known",
        part=facts.Variables(given=frozenset({"MITSUMORI_MONG"}), known=frozenset({"MITSUMORI_MONGO"})),
        says="MITSUMORI_MONG という設定はありません",
        repair="MITSUMORI_MONGO の誤りではありませんか",
        level="warning",
    ),
    Fault(
        check="settings-no-example",
        part=settings(replace(settings_of("notify"), addresses={"MITSUMORI_MAIL_FROM": "mitsumori@example.jp"})),
        says="MITSUMORI_MAIL_FROM が見本のドメイン example.jp のまま",
        repair="MITSUMORI_MAIL_FROM に実際の値を設定し、notify を再起動",
    ),
    Fault(
        check="settings-https",
        part=settings(replace(settings_of("dashboard"), urls={"MITSUMORI_DASHBOARD_URL": "http://desk.agency.co.jp"})),
        says="dashboard の MITSUMORI_DASHBOARD_URL が http:// で始まります",
        repair="MITSUMORI_DASHBOARD_URL を https:// に",
    ),
    Fault(
        check="settings-agree",
        part=settings(replace(settings_of("notify"), urls={"MITSUMORI_PUBLIC_URL": "https://form.agency.jp"})),
        says="notify は https://form.agency.jp",
        repair="MITSUMORI_PUBLIC_URL を同じ値に",
    ),
    Fault(
        check="settings-agree",
        part=settings(replace(settings_of("rating"), products="/products")),
        says="rating は /products",
        repair="MITSUMORI_PRODUCTS を同じ値に",
    ),
    Fault(
        check="settings-operations-port",
        part=settings(replace(settings_of("rating"), ops_host="0.0.0.0")),  # noqa: S104  # the fault
        says="rating の /ready と /metrics が 0.0.0.0 で待ち受け",
        repair="MITSUMORI_OPS_HOST を 127.0.0.1 に",
        level="warning",
    ),
    Fault(
        check="settings-pages-port",
        part=settings(replace(settings_of("intake"), host="0.0.0.0", trusted_proxies="10.0.0.7")),  # noqa: S104  # the fault
        says="intake のページが 0.0.0.0 で待ち受け",
        repair="MITSUMORI_HOST を 127.0.0.1",
        level="warning",
    ),
    Fault(
        check="settings-proxies",
        part=settings(replace(settings_of("intake"), host="0.0.0.0", is_in_container=True)),  # noqa: S104  # as every container
        says="すべての訪問者が 1 か所からとみなされます",
        repair="MITSUMORI_TRUSTED_PROXIES に、プロキシのアドレス",
    ),
    Fault(
        check="settings-proxies",
        part=settings(replace(settings_of("intake"), trusted_proxies="*")),
        says="だれの X-Forwarded-For も信じます",
        repair="プロキシのアドレスを指定",
        level="warning",
    ),
    Fault(
        check="settings-mail-encrypted",
        part=settings(replace(settings_of("notify"), mail_is_readable=True)),
        says="暗号化せずにメールサーバーへ送ります",
        repair="smtps://…:465",
    ),
)

OF_KEYS = (
    Fault(
        check="keys-there",
        part=keys("intake", "notify-1.pub"),
        says="intake の鍵のフォルダに notify の鍵(notify-1.pub など)がありません",
        repair="mitsumori keys new --missing",
    ),
    Fault(
        check="keys-there",
        part=facts.Keys(folders={"notify": [file for file in keys().folders["notify"] if file.name != "notify-1.key"]}),
        says="notify の鍵のフォルダに notify の鍵(notify-1.key など)がありません",
        repair="バックアップから戻してください",
    ),
    Fault(
        check="keys-whole",
        part=keys("rating", "rating-1.key", replace(key_file("rating-1.key"), public=None)),
        says="rating の鍵のファイル rating-1.key が壊れています",
        repair="バックアップから戻してください",
    ),
    Fault(
        check="keys-private",
        part=keys("rating", "rating-1.key", replace(key_file("rating-1.key"), mode=0o644)),
        says="rating-1.key を、ほかの利用者が読めます(権限 0644)",
        repair="chmod 600",
    ),
    Fault(
        check="keys-private",
        part=keys("notify", "", replace(key_file("mitsumori_smtp"), mode=0o640, public=None)),
        says="notify の mitsumori_smtp を、ほかの利用者が読めます(権限 0640)",
        repair="chmod 600",
    ),
    Fault(
        check="keys-owner",
        part=keys("rating", "rating-1.key", replace(key_file("rating-1.key"), is_its_folders_owner=False)),
        says="rating-1.key の持ち主が、フォルダの持ち主と異なります",
        repair="chown",
    ),
    Fault(
        check="keys-pairs",
        part=keys("intake", "rating-1.pub", replace(key_file("rating-1.pub"), public="of-another-pair")),
        says="intake の rating-1.pub は、rating の rating-1.key と組になりません",
        repair="intake の rating-1.pub を削除し",
    ),
    Fault(
        check="keys-known-to-readers",
        part=keys("intake", "", key_file("rating-2.pub")),
        says="使われている鍵 rating-2 を、rating が持っていません(rating-2.key)",
        repair="rating-2.key を rating の鍵のフォルダに置いて",
    ),
    Fault(
        check="keys-known-to-readers",
        part=keys("rating", "", key_file("rating-2.sign")),
        says="使われている鍵 rating-2 を、intake が持っていません(rating-2.verify)",
        repair="rating-2.verify を intake の鍵のフォルダに置いて",
    ),
    Fault(
        check="keys-not-shared",
        part=keys("intake", "", key_file("notify-1.key")),
        says="notify だけの秘密鍵 notify-1.key が、intake の鍵のフォルダにあります",
        repair="intake のフォルダから削除し、mitsumori keys rotate",
    ),
)
