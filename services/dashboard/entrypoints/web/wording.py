"""The Japanese texts for the names of the domain, and times as an office in Japan writes them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.timeline import EntryName, TimelineEntry
from shared.clock import JST, spoken_day
from shared.events import CaseOutcome, Option
from shared.products.desk import Desk

STATES: Final = {
    State.RECEIVED: "受付済",
    State.QUOTED: "見積済",
    State.REFERRED: "個別見積り",
    State.DOCUMENTS_ONLY: "資料のみ",
}
STATES_EXPLAINED: Final = {
    State.RECEIVED: "見積りを計算しています",
    State.QUOTED: "見積りを算出しました（職員が設定したものを含みます）",
    State.REFERRED: "自動では算出できず、職員が個別に見積もります",
    State.DOCUMENTS_ONLY: "資料だけをご希望です",
}
OUTCOMES: Final[Mapping[CaseOutcome, str]] = {
    "handed-over": "引き渡し済",
    "not-taken-up": "見送り",
    "declined": "お引受けできない",
    "duplicate": "重複",
    "finished": "対応済",
}
OUTCOMES_EXPLAINED: Final[Mapping[CaseOutcome, str]] = {
    "handed-over": "お客さまが申し込み、保険会社に渡した",
    "not-taken-up": "お客さまが契約しない",
    "declined": "こちらからお断りする",
    "duplicate": "同じご依頼がほかにもある",
    "finished": "ほかにすることがない",
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
    "honeypot": "人には見えない欄に記入があります（自動プログラムの可能性）",
    "too-fast": "入力から送信までの時間が短すぎます",
    "no-start": "フォームの最初の画面を開かずに送信されています",
    "many-links": "自由記入欄に多くのURLがあります",
    "many-requests": "同じ接続元から短い時間に多くの送信があります",
    "advertisement": "会社名やお名前の欄に広告のような文章やURL・メールアドレスがあります",
    "many-to-mailbox": "同じメールアドレスで1日に多くのご依頼があります",
    "mail-ceiling": "1時間に送るメールの上限を超えています",
}
_OTHER_SUSPICION: Final = "その他の理由"
MAILS: Final = {"sent": "送信済", "failed": "送信失敗", "waiting": "未送信"}
BROCHURES: Final = {"email": "資料（メール）", "post": "資料（郵送）"}
TIMELINE: Final[dict[EntryName, str]] = {
    "received": "受け付けました",
    "erased": "お客さまの情報を消去しました",
    "offered": "見積りを算出しました（第{about}版）",
    "set-by-hand": "職員が保険料を手動で設定しました（第{about}版、料率表による計算ではありません）",
    "referred": "個別の見積りが必要と判定しました（第{about}版）",
    "released": "{about} が見積りの送付を承認しました",
    "mails-released": "{about} がお客さまへのメールの送信を許可しました",
    "decided": "{about} が見積りの見直しを依頼しました",
    "sent": "メールを送信しました：{letter}",
    "failed": "メールを送信できませんでした：{letter}",
    "not-made": "メールを作成できませんでした：{letter}",
    "arrival-unknown": "メールが届いたか確認できませんでした：{letter}",
    "bounced": "送信したメールが届きませんでした：{letter}",
    "news-opted-out": "お客さまがご案内メールを停止しました",
    "assigned": "対応者を {about} にしました",
    "unassigned": "{about} が対応者を外しました",
    "noted": "{about} がメモを残しました",
    "contacted": "{about} がお客さまに連絡しました",
    "not-reached": "{about} がお客さまに連絡しましたが、つながりませんでした",
    "posted": "{about} が資料を郵送しました",
    "closed": "{about} が対応を終えました",
    "reopened": "{about} が対応を再開しました",
    "on-hold": "{about} が見積りを送付保留にしました",
    "hold-lifted": "{about} が送付保留を解除しました",
    "address-corrected": "{about} がメールアドレスを訂正し、メールの再送を依頼しました",
    "address-withdrawn": "{about} がメールアドレスの訂正を取り消しました（再送していません）",
    "approval-asked": "{about} が保険料の設定の承認を依頼しました",
    "approval-refused": "{about} が保険料の設定を承認しませんでした",
    "approved": "{about} が保険料の設定を承認しました",
    "withdrawn": "{about} が処理を取り消しました",
    "release-withdrawn": "{about} が見積りの送付の承認を取り消しました（送付していません）",
    "mails-withdrawn": "{about} がメールの送信の許可を取り消しました（送信していません）",
    "revision-withdrawn": "{about} が見積りの見直しの依頼を取り消しました",
    "approval-withdrawn": "{about} が保険料の設定の承認を取り消しました（もう一度、承認を待っています）",
}
_WEEKDAYS: Final = "月火水木金土日"
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def jst(moment: datetime) -> str:
    """`2026-11-23 10:02:03`, in Japan: sorts and aligns, so for files."""
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


def when(moment: datetime, now: datetime) -> str:
    """`11月26日 14:05`, in Japan; with its year when that is not the year of *now*."""
    return f"{date_of(moment, now)} {moment.astimezone(JST):%H:%M}"


def date_of(moment: datetime, now: datetime) -> str:
    """The day of *moment*, as in `when`."""
    local, this_year = moment.astimezone(JST), now.astimezone(JST).year
    return f"{'' if local.year == this_year else f'{local.year}年'}{local.month}月{local.day}日"


def for_machines(moment: datetime) -> str:
    """The value of `datetime`, which HTML allows at most three digits of a second."""
    return moment.isoformat(timespec="milliseconds")


def clock_time(moment: datetime) -> str:
    """`14:05`."""
    return moment.astimezone(JST).strftime("%H:%M")


def clock_seconds(moment: datetime) -> str:
    """`14:05:09`, where seconds matter."""
    return moment.astimezone(JST).strftime("%H:%M:%S")


def day(when: date) -> str:
    """`2026年12月23日（水）`."""
    return f"{spoken_day(when)}（{_WEEKDAYS[when.weekday()]}）"


def duration(span: timedelta) -> str:
    """`4.1秒`, `3分20秒`, `2時間5分`, `1日2時間`: two units say enough. Never below zero."""
    seconds = max(span.total_seconds(), 0.0)
    if seconds < _MINUTE:
        return f"{seconds:.1f}秒"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE}分{whole % _MINUTE}秒"
    if whole < _DAY:
        return f"{whole // _HOUR}時間{whole % _HOUR // _MINUTE}分"
    return f"{whole // _DAY}日{whole % _DAY // _HOUR}時間"


def span(time: timedelta) -> str:
    """`4時間`, `1時間30分`, `30分`: of what is said in minutes."""
    hours, minutes = divmod(time // timedelta(minutes=1), 60)
    return "".join((f"{hours}時間" if hours else "", f"{minutes}分" if minutes or not hours else ""))


def opening_hours(desk: Desk) -> str:
    """`月〜金 9:00〜12:00・13:00〜17:00`: days one after another with the same hours are said together."""
    said = []
    for windows, days in groupby(range(len(desk.week)), key=lambda day: desk.week[day]):
        first, *others = days
        named = _WEEKDAYS[first] + (f"〜{_WEEKDAYS[others[-1]]}" if others else "")
        hours = "・".join(f"{opens:%-H:%M}〜{closes:%-H:%M}" for opens, closes in windows)
        said += [f"{named} {hours}"] if windows else []
    return "、".join(said)


def wishes(case: Case) -> str:
    """What the customer asked for, in a few words."""
    wanted = case.request.wishes
    words = [BROCHURES.get(wanted.brochure, ""), "見積り" if wanted.quote else ""]
    return "・".join(word for word in words if word)


def awaited_release(case: Case, now: datetime) -> str:
    """What a quote is that only staff can send; after its last day nobody can any more."""
    is_over = case.unreleased is not None and case.unreleased.expires_on < now.astimezone(JST).date()
    return "送付待ち（有効期限切れ）" if is_over else "送付待ち"


def suspicions(case: Case) -> tuple[str, ...]:
    """Why somebody must check the case before it is trusted. A newer intake may give reasons that we do not know."""
    return tuple(dict.fromkeys(SUSPICIONS.get(code, _OTHER_SUSPICION) for code in case.request.suspicions))


def option_name(option: Option) -> str:
    """What kind of option it is; events of earlier versions say only which one was asked for."""
    return OPTIONS[option.kind] if option.chosen or option.kind in OPTIONS.keys() - {"chosen"} else "そのほか"


def timeline_text(entry: TimelineEntry) -> str:
    """A line of the timeline as a sentence."""
    return TIMELINE[entry.name].format(about=entry.about, letter=LETTERS.get(entry.about, entry.about))
