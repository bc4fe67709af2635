"""What can be wrong with how our mails are set up: for each finding what is so, and what mends it, for the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.refusals import Place

FindingCode = Literal[
    "dns-silent",
    "no-mail-host",
    "no-spf",
    "two-spf",
    "broken-spf",
    "spf-too-many-lookups",
    "spf-everybody",
    "spf-without-sender",
    "spf-without-host",
    "no-dkim-key",
    "broken-dkim-key",
    "dkim-not-published",
    "dkim-other-key",
    "dkim-ed25519-only",
    "no-dmarc",
    "two-dmarc",
    "broken-dmarc",
    "dmarc-none",
    "unaligned",
    "no-ptr",
    "ptr-not-confirmed",
    "smtp-away",
    "smtp-greeting",
    "smtp-encryption",
    "smtp-certificate",
    "smtp-log-in",
    "smtp-sender",
    "smtp-too-small",
    "smtp-no-8bitmime",
    "mail-refused",
]

MailCheck = Literal["refuse", "warn", "off"]
"""What a start does about findings: it ends, where it is certain that no mail can arrive; it only says so; nothing."""


@dataclass(frozen=True, slots=True)
class _Words:
    says: str
    repair: str
    must: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, about a domain, a host or what a server said."""

    code: FindingCode
    about: str
    use: str = ""
    """What the repair needs: a record, for example."""

    @property
    def must_be_mended(self) -> bool:
        """Without it, mails are lost or taken for spam. What need not be is only said."""
        return _WORDS[self.code].must

    @property
    def says(self) -> str:
        """What is so."""
        return _WORDS[self.code].says.format(self.about)

    @property
    def repair(self) -> str:
        """What to do."""
        return _WORDS[self.code].repair.format(self.use)


NOBODY_PASSES_SPF: Final = frozenset({"no-spf", "two-spf", "broken-spf", "spf-too-many-lookups", "spf-without-sender"})


def forbids_start(findings: Sequence[Finding]) -> bool:
    """Whether it is certain that no mail can arrive as ours, so that sending any would only harm our name.

    Without a key of ours it is never certain: the provider may sign with one that nobody here knows.
    """
    codes = {finding.code for finding in findings}
    return "no-mail-host" in codes or ("unaligned" in codes and "no-dkim-key" not in codes)


_REFUSED: Final[Mapping[Place, FindingCode]] = {
    "greeting": "smtp-greeting",
    "encryption": "smtp-encryption",
    "certificate": "smtp-certificate",
    "log-in": "smtp-log-in",
    "sender": "smtp-sender",
}


def refused_at(place: Place, host: str) -> Finding:
    """The mail server *host* is there and refuses us."""
    return Finding(_REFUSED[place], host)


_WORDS: Final[Mapping[FindingCode, _Words]] = {
    "dns-silent": _Words(
        "DNS が応答しないため、{} を確認できませんでした。",
        "このサーバーから DNS に接続できるかを確かめるか、--resolver で別の DNS サーバーを指定してください。",
    ),
    "no-mail-host": _Words(
        "差出人のドメイン {} に、MX も A / AAAA レコードもありません。",
        "MITSUMORI_MAIL_FROM のドメインの綴りを確かめ、そのドメインに MX レコードを登録してください。",
    ),
    "no-spf": _Words(
        "{} に SPF レコードがありません。",
        "メールの提供元の案内に従い、TXT レコード「v=spf1 include:(提供元の指定) -all」を登録してください。",
    ),
    "two-spf": _Words(
        "{} に SPF レコードが 2 つ以上あり、受信側はどれも使いません。",
        "「v=spf1」で始まる TXT レコードを 1 つにまとめてください。",
    ),
    "broken-spf": _Words(
        "{} の SPF レコードに誤りがあります。",
        "綴りと区切りを確かめてください。参照先 (include、redirect) にも SPF レコードが必要です。",
    ),
    "spf-too-many-lookups": _Words(
        "{} の SPF レコードは、DNS の参照が 10 回を超えます。受信側は無効とみなします。",
        "使っていない include を外すか、include を ip4: / ip6: に置き換えてください。",
    ),
    "spf-everybody": _Words(
        "{} の SPF レコードは、だれでも送信できる設定 (+all) です。",
        "「+all」を「-all」に直してください。",
    ),
    "spf-without-sender": _Words(
        "送信元のアドレス {} は、SPF レコードで許可されていません。",
        "SPF レコードに「ip4:(送信元のアドレス)」か、提供元の include を加えてください。",
    ),
    "spf-without-host": _Words(
        "SMTP サーバーのアドレス {} は、SPF レコードで許可されていません。",
        "実際の送信元が別であれば問題ありません。--from-ip に送信元のアドレスを指定して確かめてください。",
        must=False,
    ),
    "no-dkim-key": _Words(
        "{} の DKIM の鍵がありません。notify は署名しません。",
        "メールの提供元が署名していなければ、mitsumori keys dkim で鍵を作ってください。",
        must=False,
    ),
    "broken-dkim-key": _Words(
        "DKIM の鍵のファイルが使えません: {}",
        "mitsumori keys dkim で作り直してください。パスワードのない RSA (2048 ビット以上) か Ed25519 の鍵が必要です。",
    ),
    "dkim-not-published": _Words(
        "DKIM の公開鍵が {} に登録されていません。",
        "次の TXT レコードを登録してください: {}",
    ),
    "dkim-other-key": _Words(
        "{} の公開鍵は、こちらの秘密鍵のものではありません。署名は無効とみなされます。",
        "別のセレクタで鍵を作り直すか、TXT レコードを次のとおりに直してください: {}",
    ),
    "dkim-ed25519-only": _Words(
        "{} の DKIM の鍵は Ed25519 だけです。確かめられない受信側があります。",
        "mitsumori keys dkim で、RSA の鍵も加えてください。",
    ),
    "no-dmarc": _Words(
        "{} に DMARC レコードがありません。",
        "「_dmarc」に TXT レコード「v=DMARC1; p=none; rua=mailto:(レポートの宛先)」を登録してください。",
    ),
    "two-dmarc": _Words(
        "{} に DMARC レコードが 2 つ以上あり、受信側はどれも使いません。",
        "「v=DMARC1」で始まる TXT レコードを 1 つにまとめてください。",
    ),
    "broken-dmarc": _Words(
        "{} の DMARC レコードに誤りがあります。",
        "「v=DMARC1; p=none」のように、v と p (none、quarantine、reject) を正しく書いてください。",
    ),
    "dmarc-none": _Words(
        "{} の DMARC のポリシーは none です。なりすましのメールは止まりません。",
        "レポートに自社の失敗がなくなったら、p=quarantine、p=reject の順に強めてください。",
        must=False,
    ),
    "unaligned": _Words(
        "{} のメールは、SPF でも DKIM でも差出人のドメインと一致しません (DMARC のアライメント)。",
        "notify の DKIM の鍵を登録するか、エンベロープの差出人を同じドメインにして SPF レコードで許可してください。",
    ),
    "no-ptr": _Words(
        "送信元のアドレス {} に、逆引き (PTR) がありません。",
        "アドレスの提供元に、送信サーバーの名前での逆引きの登録を依頼してください。",
    ),
    "ptr-not-confirmed": _Words(
        "送信元のアドレス {} の逆引きの名前が、同じアドレスに戻りません。",
        "逆引きの名前の A / AAAA レコードに、送信元のアドレスを登録してください。",
    ),
    "smtp-away": _Words(
        "SMTP サーバー {} に接続できません。",
        "MITSUMORI_SMTP のホストとポート、ファイアウォールを確かめてください。",
    ),
    "smtp-greeting": _Words(
        "SMTP サーバー {} が、このサーバーからの接続を断りました。",
        "提供元に、このサーバーのアドレスが拒否されていないか、使うべきホストとポートを確認してください。",
    ),
    "smtp-encryption": _Words(
        "SMTP サーバー {} が、MITSUMORI_SMTP で指定した暗号化に対応していません。",
        "提供元の指定どおりに書いてください: smtps://…:465、または smtp://…:587?starttls=1。",
    ),
    "smtp-certificate": _Words(
        "SMTP サーバー {} の証明書は、その名前のものとして有効ではありません。",
        "MITSUMORI_SMTP のホスト名を、提供元の指定どおりに直してください。正しければ、別のサーバーが応答しています。",
    ),
    "smtp-log-in": _Words(
        "SMTP サーバー {} が、ログインを受け付けません。",
        "MITSUMORI_SMTP のユーザー名とパスワード、提供元での契約の状態を確かめてください。",
    ),
    "smtp-sender": _Words(
        "SMTP サーバー {} が、この差出人からのメールを受け付けません。",
        "提供元で、MITSUMORI_MAIL_FROM のアドレスからの送信が許可されているかを確かめてください。",
    ),
    "smtp-too-small": _Words(
        "SMTP サーバー {} が受け付ける大きさは、メールの上限 (10 MB) より小さい値です。",
        "サーバーの上限 (Postfix では message_size_limit) を 10 MB 以上にしてください。",
    ),
    "smtp-no-8bitmime": _Words(
        "SMTP サーバー {} は 8BITMIME に対応していません。",
        "送るメールは 7 ビットなので、対応は不要です。",
        must=False,
    ),
    "mail-refused": _Words(
        "テストのメールは受け付けられませんでした: {}",
        "サーバーの応答に従ってください。宛先の綴りも確かめてください。",
    ),
}
