"""The Japanese texts for the names of the domain, and times as an office in Japan writes them."""

from datetime import date, datetime, timedelta
from typing import Final

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.facts import TimelineEntry
from services.dashboard.domain.letters import CaseLetter
from shared.clock import JST
from shared.events import Option

STATES: Final = {
    State.RECEIVED: "受付済",
    State.QUOTED: "見積提示",
    State.REFERRED: "要確認",
    State.DOCUMENTS_ONLY: "資料のみ",
}
LETTERS: Final = {
    "receipt": "受付のお知らせ（お客さま宛）",
    "quote": "見積書（お客さま宛）",
    "referral": "担当者からの連絡のご案内（お客さま宛）",
    "desk": "受付内容の通知（資料請求窓口宛）",
    "desk-late": "処理遅延の通知（資料請求窓口宛）",
    "desk-undelivered": "不達の通知（資料請求窓口宛）",
}
OPTIONS: Final = {
    "chosen": "ご希望",
    "nearest": "ご希望に最も近い条件",
    "lighter": "保険料を抑えた案",
    "fuller": "補償を手厚くした案",
}
SUSPICIONS: Final = {
    "honeypot": "画面には表示されない欄に記入があります",
    "too-fast": "入力から送信までの時間が短すぎます",
    "no-start": "フォームの最初の画面を開かずに送信されています",
    "many-links": "自由記入欄に多くのURLがあります",
    "many-requests": "同じ接続元から短い時間に多くの送信があります",
    "advertisement": "会社名やお名前の欄に広告のような文章やURL・メールアドレスがあります",
    "many-to-mailbox": "同じメールアドレスで1日に多くの申し込みがあります",
    "mail-ceiling": "1時間に送るメールの上限を超えています",
}
_OTHER_SUSPICION: Final = "その他の理由"
MAILS: Final = {"sent": "送信済", "failed": "送信失敗", "waiting": "未送信"}
BROCHURES: Final = {"email": "資料（メール）", "post": "資料（郵送）"}
_WEEKDAYS: Final = "月火水木金土日"
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def jst(moment: datetime) -> str:
    """`2026-11-23 10:02:03`, in Japan: sorts and aligns."""
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


def day(when: date) -> str:
    """`2026年12月23日（水）`."""
    return f"{when.year}年{when.month}月{when.day}日（{_WEEKDAYS[when.weekday()]}）"


def duration(span: timedelta) -> str:
    """`4.1秒`, `3分20秒`, `2時間5分`, `1日2時間`: two units say enough."""
    seconds = span.total_seconds()
    if seconds < _MINUTE:
        return f"{seconds:.1f}秒"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE}分{whole % _MINUTE}秒"
    if whole < _DAY:
        return f"{whole // _HOUR}時間{whole % _HOUR // _MINUTE}分"
    return f"{whole // _DAY}日{whole % _DAY // _HOUR}時間"


def wishes(case: Case) -> str:
    """What the customer asked for, in a few words."""
    wanted = case.request.wishes
    words = [BROCHURES.get(wanted.brochure, ""), "見積り" if wanted.quote else ""]
    return "・".join(word for word in words if word)


def suspicions(case: Case) -> tuple[str, ...]:
    """Why somebody must check the case before it is trusted. A newer intake may give reasons that we do not know."""
    return tuple(dict.fromkeys(SUSPICIONS.get(code, _OTHER_SUSPICION) for code in case.request.suspicions))


def option_name(option: Option) -> str:
    """What kind of option it is; events of earlier versions say only which one was asked for."""
    return OPTIONS[option.kind] if option.chosen or option.kind in OPTIONS.keys() - {"chosen"} else "そのほか"


def letter_state(letter: CaseLetter) -> str:
    """What happened to a letter, and what the desk should know about it."""
    if letter.ambiguous:
        return "送信済（重複して届いた可能性あり）"
    return f"送信失敗（応答 {letter.reply_code}）" if letter.reply_code else MAILS[letter.state]


def timeline_text(entry: TimelineEntry) -> str:  # noqa: PLR0911  # one for each fact
    """A line of the timeline as a sentence."""
    match entry.name:
        case "received":
            return "受け付けました"
        case "offered":
            return f"見積りを算出しました（第{entry.about}版）"
        case "referred":
            return f"担当者の確認が必要と判定しました（第{entry.about}版）"
        case "released":
            return f"{entry.about} が見積りの送付を承認しました"
        case "decided":
            return f"{entry.about} が見積りの改訂を依頼しました"
        case "sent":
            return f"メールを送信しました：{LETTERS.get(entry.about, entry.about)}"
        case "failed":
            return f"メールを送信できませんでした：{LETTERS.get(entry.about, entry.about)}"
