"""What each variable means, in Japanese, with an example: data for `settings_page.py`.

All else on that page is read from the code. A variable that is missing here, or is none any more, turns a test red.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Note(NamedTuple):
    """What a variable means, and what it may be set to."""

    meaning: str
    example: str


NOTES: Final[Mapping[str, Note]] = {
    # shared/runtime/settings.py
    "MITSUMORI_MONGO": Note(
        "MongoDB(レプリカセット)の接続先。各コマンドも読む", "mongodb://intake:PASSWORD@mongo:27017/?replicaSet=rs0"
    ),
    "MITSUMORI_KAFKA": Note(
        "Kafka の接続先([設置](install.md#11-ほかの-kafka-を使う))。各コマンドも読む",
        "sasl+ssl://intake:PASSWORD@kafka:9093",
    ),
    "MITSUMORI_KEYS": Note("このサービスの鍵だけを置いたフォルダ([鍵の管理](keys.md))", "/keys"),
    "MITSUMORI_PRODUCTS": Note("自社の商品のフォルダ。付属の商品に加わる", "/products"),
    "MITSUMORI_LOG": Note("ログの形。`console` は人のため、`json` は収集のため", "json"),
    "MITSUMORI_HOST": Note("ページと API を待ち受けるアドレス。ページのないサービスは使わない", "10.0.0.5"),
    "MITSUMORI_PORT": Note("ページと API を待ち受けるポート。ページのないサービスは使わない", "8000"),
    "MITSUMORI_ALLOWED_HOSTS": Note("ページに届く、ほかのホスト名。コンマで区切る", "form.internal,10.0.0.7"),
    "MITSUMORI_OPS_HOST": Note("`/live`、`/ready`、`/metrics` のアドレス。お客さまに届かないものにする", "10.0.0.5"),
    "MITSUMORI_OPS_PORT": Note("同じく、ポート", "9000"),
    "MITSUMORI_TRUSTED_PROXIES": Note(
        "`X-Forwarded-For` を信じるプロキシ。アドレスかネットワークを、コンマで区切る([プロキシ](../proxy.md))。"
        "違っていると、全員が一人として制限される",
        "172.31.250.2",
    ),
    "MITSUMORI_DEAD_LETTER_LIMIT": Note(
        "不具合で処理できない記録が、同じ種類でこの件数続いたら、残りを待たせる。0 は無制限([復旧の手順](repair.md))",
        "10",
    ),
    # services/*/settings.py
    "MITSUMORI_PUBLIC_URL": Note(
        "お客さまがフォームを開くアドレス。`https://` なら、下書きの Cookie は TLS でだけ送られる。notify では"
        "見積書の真偽を確かめるページ、dashboard では最初の案内に使う",
        "https://form.example.jp",
    ),
    "MITSUMORI_ALLOWED_ORIGINS": Note(
        "フォームに送信してよい、自社のサイト。コンマで区切る([埋め込み](../embed.md))", "https://www.example.jp"
    ),
    "MITSUMORI_COMPANIES": Note(
        "法人番号の一覧のファイル([法人の検索](../companies.md))。`mitsumori companies import` が書く",
        "/data/companies.sqlite",
    ),
    "MITSUMORI_MAILS_PER_HOUR": Note("1 時間に、メールをすぐに送るご依頼の数。超えた分は職員の許可を待つ", "3000"),
    "MITSUMORI_SMTP": Note(
        "送信サーバー([メール](../mail.md))。記号はパーセントエンコードする",
        "smtp://USER:PASSWORD@smtp.example.jp:587?starttls=1",
    ),
    "MITSUMORI_MAIL_FROM": Note("すべてのメールの差出人", "mitsumori@example.jp"),
    "MITSUMORI_RETURN_PATH": Note(
        "届かなかったメールの知らせが戻る宛先。`+` の後に続く文字を受け取れること。省略時は差出人に戻る",
        "bounces@example.jp",
    ),
    "MITSUMORI_DESK_EMAIL": Note("資料請求窓口のメールアドレス", "desk@example.jp"),
    "MITSUMORI_DASHBOARD_URL": Note("職員が管理画面を開くアドレス", "https://desk.example.jp"),
    "MITSUMORI_BROCHURES_URL": Note(
        "大きな資料のダウンロードと、ご案内の停止のページを置くアドレス。省略時は、どちらもない",
        "https://form.example.jp",
    ),
    "MITSUMORI_BOUNCES": Note("戻ってきたメールが届く Maildir。省略時は、だれも読まない", "/var/mail/bounces"),
    "MITSUMORI_LETTERS_PER_MINUTE": Note("1 分に送るメールの数の上限(プロセスごと)。省略時は無制限", "60"),
    "MITSUMORI_HOLD_AMBIGUOUS": Note(
        "届いたかどうか分からないメールを、もう一度送らない相手。`customer`、`desk`、`staff` をコンマで区切る", "staff"
    ),
    "MITSUMORI_MAIL_CHECK": Note(
        "起動時にメールの設定を調べ、届くはずがないとき: `refuse` 起動しない、`warn` 記録する、`off` 調べない。"
        "省略時は、管理画面が `https://` で、メールサーバーがほかの端末なら `refuse`、でなければ `off`",
        "warn",
    ),
    "MITSUMORI_TWO_STEP_ROLES": Note("二段階認証を必須とする役割。コンマで区切る", "manager,admin"),
    "MITSUMORI_WEBHOOK_NETWORKS": Note(
        "Webhook を送ってよい、公開されていないネットワーク。コンマで区切る", "10.1.2.0/24,127.0.0.0/8"
    ),
    "MITSUMORI_OIDC_ISSUER": Note(
        "自社のログイン(OpenID Connect)の提供元。三つをそろえて指定する", "https://login.example.jp"
    ),
    "MITSUMORI_OIDC_CLIENT_ID": Note("提供元での、管理画面の名前", "mitsumori"),
    "MITSUMORI_OIDC_CLIENT_SECRET": Note("提供元から受け取った秘密", "SECRET"),
    # commands
    "MITSUMORI_PARTITIONS": Note("トピックを作るときの、パーティションの数", "6"),
    "MITSUMORI_REPLICATION_FACTOR": Note("トピックを作るときの、複製の数。ブローカーが 3 台なら 3", "3"),
    "MITSUMORI_KEEP_REQUESTS_DAYS": Note(
        "契約に至らなかったご依頼の保存日数。0 は無期限([個人情報](privacy.md))", "730"
    ),
    "MITSUMORI_KEEP_CONTRACTS_DAYS": Note("保険会社に引き渡したご依頼の保存日数", "3650"),
    "MITSUMORI_KEEP_QUOTES_DAYS": Note("見積書を添えたメールの保存日数", "730"),
    "MITSUMORI_KEEP_LETTERS_DAYS": Note("そのほかのメールの保存日数", "365"),
    "MITSUMORI_KEEP_LINKS_DAYS": Note("リンクのメールの保存日数", "30"),
    "MITSUMORI_KEEP_DEAD_LETTERS_DAYS": Note("対応を終えた、処理できなかった記録の保存日数", "90"),
    "MITSUMORI_BACKUPS": Note("バックアップを置くフォルダ([バックアップ](backup.md))", "/srv/backups"),
    "MITSUMORI_BACKUP_KEY": Note("バックアップの公開鍵のファイル", "/etc/mitsumori/backup-1.pub"),
    # containers
    "MITSUMORI_IMAGE": Note("イメージの名前", "registry.example.jp/mitsumori"),
    "MITSUMORI_VERSION": Note("動かすバージョン。イメージのタグ", "0.1.0"),
    "MITSUMORI_FORM_HOST": Note("フォームの名前", "form.example.jp"),
    "MITSUMORI_DASHBOARD_HOST": Note("管理画面の名前", "desk.example.jp"),
    "MITSUMORI_CERTIFICATES": Note("証明書の連絡先のメールアドレス。試すときは `internal`", "it@example.jp"),
    "MITSUMORI_OFFICE_NETWORKS": Note("管理画面を開ける場所。空白で区切る", "203.0.113.7/32 198.51.100.0/24"),
    "MITSUMORI_FRONT": Note("caddy とページの間のネットワークの、初めの三つの数", "172.31.250"),
    "MITSUMORI_HTTP": Note("caddy が待ち受けるアドレスとポート(80 番)", "127.0.0.1:80"),
    "MITSUMORI_HTTPS": Note("同じく(443 番)", "127.0.0.1:443"),
    "MITSUMORI_PROMETHEUS": Note(
        "Prometheus のイメージの名前([監視と警報](alarms.md))", "registry.example.jp/prometheus:v2.53.4"
    ),
    "MITSUMORI_WATCH": Note("Prometheus の設定のフォルダ。`./` か `/` で始める", "./watch"),
    "MITSUMORI_PORT_FORM": Note("`docker-compose.yml` のフォームのポート", "8080"),
    "MITSUMORI_PORT_DASHBOARD": Note("同じく、管理画面", "8081"),
    "MITSUMORI_PORT_MAILS": Note("同じく、メールの一覧", "8082"),
    "MITSUMORI_LAB": Note("`deploy/lab/try` がイメージを置くフォルダ", "/var/cache/mitsumori-lab"),
}
