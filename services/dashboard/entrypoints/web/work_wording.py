"""The Japanese texts of what staff do with a case."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.dashboard.domain.facts import Work, timeline_entry
from services.dashboard.domain.new_work import LONGEST_TEXT, Problem
from services.dashboard.domain.next_step import NextStep
from services.dashboard.entrypoints.web.wording import OUTCOMES, day, short, timeline_text
from shared.events import CaseAssigned, CaseClosed, CaseHeld, ContactOutcome, CustomerContacted

NEXT_STEPS: Final[Mapping[NextStep, str]] = {
    NextStep.CHECK_HELD: "内容を確認し、問題がなければメールの送信を許可してください。",
    NextStep.REPLACE_LETTER: "届かなかったメールがあります。お客さまに電話でご連絡ください。",
    NextStep.CALL_AGAIN: "お約束の日時に、お客さまへあらためて連絡してください。",
    NextStep.LIFT_HOLD: "見積りの送付を保留しています。確認がすんだら、保留を解除してから送付してください。",
    NextStep.ANSWER_REFERRAL: "個別の見積りを準備し、お客さまに回答してください。",
    NextStep.CALL: "見積書をお送りしたことを、お客さまに電話でお伝えしてください。",
    NextStep.POST: "資料を郵送してください。",
    NextStep.WAIT_FOR_QUOTE: "見積りを計算しています。通常は数秒で終わります。",
    NextStep.FOLLOW_UP: "お客さまの検討状況を確認し、結果が決まったら対応を終えてください。",
    NextStep.NOTHING: "対応は終わっています。することはありません。",
}
CONTACTS: Final[Mapping[ContactOutcome, str]] = {
    "reached": "連絡がついた",
    "no-answer": "連絡がつかなかった",
    "call-again": "あらためて連絡する",
}
NOT_TAKEN_UP: Final = {
    "price": "保険料が合わない",
    "competitor": "他社に決まった",
    "cover": "補償内容が合わない",
    "postponed": "時期を改める",
    "no-budget": "予算がない",
    "no-answer": "連絡がつかない",
    "other": "その他",
}
DECLINED: Final = {
    "industry": "業種",
    "incidents": "過去の事故",
    "controls": "対策の状況",
    "turnover": "売上高",
    "other": "その他",
}
PROBLEMS: Final[Mapping[Problem, str]] = {
    "closed": "このご依頼の対応は終わっています。続けるときは、先に「対応を再開する」を押してください。",
    "open": "このご依頼は、すでに対応中です。",
    "no-text": "メモの内容を入力してください。",
    "long-text": f"{LONGEST_TEXT:,}文字以内で入力してください。",
    "no-moment": "次に連絡する日時を入力してください。",
    "past-moment": "次に連絡する日時は、これからの日時を入力してください。",
    "far-moment": "次に連絡する日時は、1年以内の日時を入力してください。",
    "nothing-to-post": "郵送する資料はありません（ご希望がないか、すでに郵送済みです）。",
    "no-outcome": "結果を選択してください。",
    "no-reason": "理由を選択してください。",
    "no-such-staff": "この職員のアカウントはありません。ログイン名を確認してください。",
    "bad-address": "メールアドレスを、正しい形で入力してください（例：name@example.jp）。",
    "other-is-duplicate": "もう一方のご依頼も「重複」で終わっています。続けるご依頼の受付番号を入力してください。",
    "nothing-to-hold": "保留にできる見積りがありません。保留にできるのは、送付の承認を待っている見積りです。",
    "no-hold-reason": "保留の理由を入力してください。",
    "on-hold": "すでに保留になっています。",
    "not-on-hold": "保留になっていません。すでに解除されています。",
    "past-day": "保留の期限は、今日から1年以内の日付を入力してください（決まっていないときは空欄）。",
    "no-such-case": "もう一方のご依頼が見つかりません。受付番号を確認してください。",
}


def work_text(work: Work) -> str:
    """What somebody did, as a sentence."""
    who = work.decided_by
    match work:
        case CaseAssigned(assignee=None):
            return f"{who} が対応者を外しました"
        case CaseAssigned(assignee=assignee):
            return f"{who} が対応者を {assignee} にしました"
        case CustomerContacted():
            again = f"（{short(work.call_again_at)}）" if work.call_again_at else ""
            return f"{who}：{CONTACTS[work.outcome]}{again}"
        case CaseHeld(until=date() as until):
            return f"{who} が見積りの送付を保留しました（{day(until)}まで）"
        case CaseClosed():
            reasons = {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(work.outcome, {})
            reason = reasons.get(work.reason, work.reason)
            return f"{who} が対応を終えました：{OUTCOMES[work.outcome]}{f'（{reason}）' if reason else ''}"
        case _:
            return timeline_text(timeline_entry(work))
