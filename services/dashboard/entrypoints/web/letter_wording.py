"""What became of a letter, in words for a clerk who does not know what SMTP is."""

from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.letters import CaseLetter
from services.dashboard.entrypoints.web.wording import LETTERS, MAILS

_REPLIES: Final[Mapping[int, str]] = {
    550: "相手のサーバーが、このメールアドレスはない、または受け取らないと答えました",
    551: "相手のサーバーが、このメールアドレスはここにはないと答えました",
    552: "相手のメールボックスがいっぱいか、メールが大きすぎます",
    553: "相手のサーバーが、メールアドレスの書き方が正しくないと答えました",
    554: "相手のサーバーが受け取りを断りました（迷惑メールと判定された場合もあります）",
    556: "相手のドメイン（@の後ろ）は、メールを受け取っていません",
}
"""RFC 5321 (4.2.3) and RFC 7504."""
_REFUSED: Final = 500
_MB: Final = 1_000_000

_NOT_READ: Final = (
    "ご依頼のデータのうち、メールの作成に使う分を読み取れませんでした。この画面の内容でお客さまにご連絡ください"
)
_WRONG_QUOTE: Final = (
    "見積りのデータに、この商品にない内容がありました。金額をご案内する前に、この画面の見積りをご確認ください"
)
_WITHHELD: Final = "dead-address"
_PAPER_TO_SEND: Final = "書類（見積書など）は別途お届けください"
_UNTIL_MENDED: Final = "システムの管理者が設定を直すまで送信できません。この画面の内容でお客さまにご連絡ください"
NOT_MADE: Final[Mapping[str, str]] = {
    "document-failed": (
        "書類（PDF）を作成できませんでした。ご入力の内容に、印刷できない文字や長すぎる文がないかをご確認ください"
    ),
    "document-too-slow": f"書類（PDF）の作成に時間がかかりすぎました。{_PAPER_TO_SEND}",
    "document-not-sound": f"作成した書類（PDF）が壊れていました。{_PAPER_TO_SEND}",
    "bad-address": (
        "メールアドレスが、宛先として使えない形でした。お電話で正しいアドレスをうかがい、別途お送りください"
    ),
    "broken-head": "メールの宛先や件名に、使えない文字がありました。お客さまへは別途ご連絡ください",
    "letter-too-big": f"メールが、送信できる大きさを超えました。{_PAPER_TO_SEND}",
    "no-parcel": _NOT_READ,
    "broken-parcel": _NOT_READ,
    "bad-contact": _NOT_READ,
    "bad-terms": _NOT_READ,
    "bad-declared": _NOT_READ,
    "no-head-option": _WRONG_QUOTE,
    "no-premium": _WRONG_QUOTE,
    "no-brochure": "メールでお送りする資料が、この商品に登録されていません。受付のご連絡とともに、別途お届けください",
    "unknown-form": f"ご依頼時の質問表が、メールのシステムにありません。{_UNTIL_MENDED}",
    "unknown-choice": _WRONG_QUOTE,
    "unknown-question": _WRONG_QUOTE,
    "bad-grid": _WRONG_QUOTE,
    "quote-expired": (
        "送付する前に、見積りの有効期限が過ぎました。この金額は案内せず、「見積りの見直し」で見積もり直してください"
    ),
    "dead-address": (
        "このメールアドレスはないと、前に送ったメールで分かったため、送信しませんでした。"
        "お電話などでお伝えし、正しいメールアドレスをうかがってください"
    ),
    "unknown-key": f"お客さまのデータを開く鍵が、メールのシステムにありません。{_UNTIL_MENDED}",
    "unknown-product": f"この商品の設定が、メールのシステムにありません。{_UNTIL_MENDED}",
    "bug": "システムの不具合で作成できませんでした。お客さまへは別途ご連絡ください",
}
"""For each `NotMade`."""
BOUNCES: Final[Mapping[str, str]] = {
    "no-such-address": (
        "このメールアドレスはない、と相手のサーバーから通知がありました"
        "（携帯電話のアドレスでは、受信設定で断られたときにもこの通知になることがあります）"
    ),
    "no-such-domain": "メールアドレスの@の後ろ（ドメイン）が見つかりませんでした",
    "disabled": "このメールアドレスは、いまは使われていません",
    "mailbox-full": "相手のメールボックスがいっぱいでした",
    "too-big": "メールが、相手のサーバーで受け取れる大きさを超えました",
    "not-reached": "相手のサーバーが受け取らないまま、再送の期限が過ぎました",
    "blocked": "相手のサーバーが、迷惑メール対策や受信設定により受け取りませんでした",
    "confirmation-asked": "相手のサーバーが、受け取る前に送信者の確認を求めています",
    "other": "相手のサーバーから、届けられなかったと通知がありました",
}
"""For each `BounceReason`."""
NOT_REPEATED: Final[Mapping[str, str]] = {
    "arrival-unknown": (
        "送信の最後にメールサーバーの応答が途切れたか、バックアップから戻したため、届いたかどうかが分かりません"
    ),
}
"""For each `NotRepeated`: a letter that was tried, and is not sent again because it may have arrived."""
_OTHER_NOT_MADE: Final = "メールを作成できませんでした"


def reply_in_words(code: int | None) -> str:
    """Why the mail server did not take a letter in the end."""
    if code is None:
        return "相手のサーバーにつながりませんでした"
    if code < _REFUSED:
        return "相手のサーバーが、一時的に受け取れない状態のままでした"
    return _REPLIES.get(code, "相手のサーバーが受け取りを断りました")


def bounce_in_words(reason: str) -> str:
    """Why a letter came back. A reason that a newer notify gives is the general one."""
    return BOUNCES.get(reason, BOUNCES["other"])


def letter_course(letter: CaseLetter) -> str:
    """One sentence about the attempts to send it; empty where its state says everything."""
    if letter.bounce:
        return f"送信したあとに戻ってきました。{bounce_in_words(letter.bounce)}。自動では再送されません。"
    times = f"{letter.attempts}回"
    if letter.state == "failed" and not letter.is_not_made:
        if letter.may_have_arrived:
            return f"{NOT_REPEATED['arrival-unknown']}。自動では再送されません。"
        tried = f"{times}送信を試しました。" if letter.attempts > 1 else ""
        return f"{tried}{reply_in_words(letter.reply_code)}。自動では再送されません。"
    if letter.state == "sent" and letter.attempts > 1:
        return f"{times}目の送信で、メールサーバーが受け取りました。"
    if letter.state == "waiting":
        # Which of the two, and when it is tried again, only notify knows.
        return "送信の順番か、再送を待っています。メールサーバーが受け取るまで、約3日間、自動でくり返し送信します。"
    return ""


def file_size(size: int) -> str:
    """`72 kB`, `4.2 MB`: as a file manager says it."""
    return f"{size / _MB:.1f} MB" if size >= _MB else f"{-(-size // 1_000)} kB"


def letter_state(letter: CaseLetter) -> str:
    """What happened to a letter, and what the desk should know about it."""
    if letter.ambiguous:
        return "送信済（重複して届いた可能性あり）"
    if letter.bounce:
        return f"届きませんでした（応答 {letter.reply_code}）" if letter.reply_code else "届きませんでした"
    if letter.is_not_made:
        return "送信していません" if letter.reason == _WITHHELD else "作成失敗（未送信）"
    if letter.may_have_arrived:
        return "到達不明"
    return f"送信失敗（応答 {letter.reply_code}）" if letter.reply_code else MAILS[letter.state]


def letter_sign(letter: CaseLetter) -> str:
    """Which letter somebody must look after, in a few words for the list."""
    name, _, _ = LETTERS.get(letter.kind, letter.kind).partition("（")
    if letter.may_have_arrived:
        return f"{name}：届いたか不明"
    return f"{name}：{'作成できません' if letter.is_not_made and letter.reason != _WITHHELD else '届きません'}"


def letter_task(letter: CaseLetter) -> str:
    """What a clerk does about a letter that did not go out, or did not arrive."""
    if letter.bounce:
        why = bounce_in_words(letter.bounce)
        return f"届きませんでした。{why}。お電話などでお伝えし、正しいメールアドレスをうかがってください。"
    if letter.may_have_arrived:
        why = NOT_REPEATED["arrival-unknown"]
        again = "もう一度メールを送るときは、同じメールアドレスを登録してください"
        return f"{why}。お電話などで、届いているかをご確認ください。{again}。"
    if not letter.is_not_made:
        answer = f"（応答 {letter.reply_code}）" if letter.reply_code else ""
        why = reply_in_words(letter.reply_code)
        return f"送信できませんでした{answer}。{why}。宛先のメールアドレスが正しいかをご確認ください。"
    why = NOT_MADE.get(letter.reason or "", f"{_OTHER_NOT_MADE}（{letter.reason or '理由は不明'}）")
    if letter.reason == _WITHHELD:
        return f"{why}。"
    return f"{why}。このメールは自動では再送されません。受付番号を添えて、このシステムの管理者にもご連絡ください。"
