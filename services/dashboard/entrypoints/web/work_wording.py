"""The Japanese texts of what staff do with a case."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.facts import Work, timeline_entry
from services.dashboard.domain.new_work import LONGEST_TEXT, Problem
from services.dashboard.domain.next_step import NextStep
from services.dashboard.entrypoints.web.wording import OUTCOMES, day, timeline_text, when
from shared.events import CaseAssigned, CaseClosed, CaseHeld, ContactOutcome, CustomerContacted

NEXT_STEPS: Final[Mapping[NextStep, str]] = {
    NextStep.CHECK_HELD: (
        "お客さまへのメールを停止しています。許可するまで、受付のお知らせ・見積書なども含めて、1通も送られません。"
        "次の理由をふまえて内容を確認し、問題がなければメールの送信を許可してください。"
        "いたずらなどで返事が要らないときは、許可せずに、「対応を終える」で「対応済」を選んでください（お客さまへのメールは送られません）。"
    ),
    NextStep.REPLACE_LETTER: "届かなかったメールがあります。お客さまに電話などでご連絡ください。",
    NextStep.WAIT_FOR_SENDING: "送信を待っています。通常は1分以内に、お客さまへ送られます。",
    NextStep.CALL_AGAIN: "お約束の日時に、お客さまへあらためて連絡してください。",
    NextStep.LIFT_HOLD: "送付保留になっています。確認がすんだら、送付保留を解除してから送付してください。",
    NextStep.ANSWER_REFERRAL: (
        "自動では見積もれませんでした。「職員の確認が必要な理由」を確認し、下の「見積りの見直し」で、保険料を設定するか、"
        "条件を変えて見積もってください。判断できないときは、「ほかの職員に任せる」で、引受の職員に任せてください。"
    ),
    NextStep.POST: (
        "資料の郵送をご希望です。「お客さま」の住所へ資料を郵送し、「資料を郵送済みにする」を押してください。"
    ),
    NextStep.WAIT_FOR_QUOTE: "見積りを計算しています。通常は数秒で終わります。",
    NextStep.FOLLOW_UP: "お客さまの検討状況を確認し、結果が決まったら対応を終えてください。",
    NextStep.CLOSE: "残っている作業はありません。「対応を終える」で「対応済」を選んでください。",
    NextStep.NOTHING: "対応は終わっています。することはありません。",
}
_WITHOUT_TARIFF: Final = (
    "受付日に有効な料率表がなかったため、この画面では見積もれません。個別に見積もって、お客さまに回答してください。"
)
_CALLS: Final[Mapping[State, str]] = {
    State.QUOTED: "見積書をお送りしたら、お客さまに電話でお伝えしてください。",
    State.REFERRED: "個別にお見積りすることを、お客さまに電話でお伝えしてください。",
}
CONTACTS: Final[Mapping[ContactOutcome, str]] = {
    "reached": "連絡がついた",
    "no-answer": "連絡がつかなかった",
    "call-again": "あらためて連絡する",
}
ASKED_CONTACTS: Final = {outcome: name for outcome, name in CONTACTS.items() if outcome != "call-again"}
"""What the form asks. Whether and when to contact them next is a question of its own."""
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
    "industry": "業種が対象外である",
    "incidents": "過去に事故が起きている",
    "controls": "対策が足りない",
    "turnover": "売上高が対象外である",
    "other": "その他",
}
_TOO_LATE: Final = (
    "取り消せるのは、操作してから数秒の間だけです。この操作はすでに実行されたか、ほかの職員が取り消しています。"
    "ご依頼のページで、最新の内容をご確認ください。"
)
_NO_AUTHORITY: Final = (
    "この保険料の設定を取り消せるのは、設定した職員と、この保険料を設定する権限を持つ職員だけです。"
    "権限を持つ職員に、すぐにご連絡ください。"
)
REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "not-ours": (
        "保存していません",
        "システムが更新されたため、この画面は古くなっています。ご依頼のページを開き直して、もう一度操作してください。",
    ),
    "no-such-case": (
        "保存していません",
        "このご依頼は見つかりません。受け付けたばかりのときは、数秒後にご依頼のページを開き直してください。",
    ),
    "no-such-letter": (
        "文面を取り寄せられません",
        "このメールは作成されていないか、見つかりません。ご依頼のページで、メールの状態をご確認ください。",
    ),
    "too-late": ("取り消せませんでした", _TOO_LATE),
    "no-authority": ("取り消せませんでした", _NO_AUTHORITY),
}
"""Why nothing was done, as a page of its own: its title, and what to do."""
PROBLEMS: Final[Mapping[Problem, str]] = {
    "closed": "このご依頼の対応は終わっています。続けるときは、先に「対応を再開する」を押してください。",
    "open": "このご依頼は、すでに対応中です。",
    "no-text": "メモの内容を入力してください。",
    "long-text": f"{LONGEST_TEXT:,}文字以内で入力してください。",
    "no-moment": "次に連絡する日時を入力してください。",
    "bad-moment": "次に連絡する日時を、日付と時刻で入力してください（例：2026-11-26T14:00）。",
    "past-moment": "次に連絡する日時は、これからの日時を入力してください。",
    "far-moment": "次に連絡する日時は、1年以内の日時を入力してください。",
    "nothing-to-post": "郵送する資料はありません（ご希望がないか、すでに郵送済みです）。",
    "no-outcome": "結果を選択してください。",
    "no-reason": "理由を選択してください。",
    "no-such-staff": "この職員のアカウントは使われていません。ほかの職員を選択してください。",
    "may-not-work": "この職員は閲覧だけができるアカウントのため、任せることができません。",
    "bad-address": "メールアドレスを、正しい形で入力してください（例：name@example.jp）。",
    "duplicate-too": (
        "もう一方のご依頼も「重複」として対応を終えています。続けるほうのご依頼の受付番号を入力してください。"
    ),
    "unreadable": "保存していません。このご依頼は内容を表示できないため、操作できません。",
    "nothing-to-hold": "送付保留にできる見積りがありません。送付保留にできるのは、送付待ちの見積りです。",
    "no-hold-reason": "送付保留の理由を入力してください。",
    "on-hold": "すでに送付保留になっています。",
    "not-on-hold": "送付保留になっていません。すでに解除されています。",
    "past-day": "確認がすむ予定の日は、今日から1年以内の日付を入力してください（決まっていないときは空欄）。",
    "no-such-case": "もう一方のご依頼が見つかりません。受付番号を確認してください。",
}


def step_text(step: NextStep, case: Case) -> str:
    """What to do, as a sentence for *case*; empty for a step that its part of the page says itself."""
    if step is NextStep.WAIT_FOR_SENDING and case.awaited_revision is not None:
        return (
            f"見積りの見直し（第{case.awaited_revision}版）を計算しています。通常は1分以内に、この画面で確認できます。"
        )
    if step is NextStep.ANSWER_REFERRAL and case.quote and not case.quote.tariff.sha256:
        return _WITHOUT_TARIFF
    if step is not NextStep.CALL:
        return NEXT_STEPS.get(step, "")
    if case.work.tried_in_vain_at is not None:
        return "まだ連絡がついていません。お客さまにもう一度電話でご連絡ください。"
    if case.state is State.QUOTED and case.answered_after is not None:
        return "見積書をお送りしたことを、お客さまに電話でお伝えしてください。"
    return _CALLS.get(case.state, "ご依頼を受け付けたことを、お客さまに電話でお伝えしてください。")


def work_text(work: Work) -> str:
    """What somebody did, as a sentence."""
    who = work.decided_by
    match work:
        case CaseAssigned(assignee=None):
            return f"{who} が対応者を外しました"
        case CaseAssigned(assignee=assignee):
            return f"{who} が対応者を {assignee} にしました"
        case CustomerContacted(call_again_at=again):
            planned = f"（次の連絡：{when(again, work.decided_at)}）" if again else ""
            return f"{who}：{CONTACTS[work.outcome]}{planned}"
        case CaseHeld(until=date() as until):
            return f"{who} が見積りを送付保留にしました（{day(until)}に確認予定）"
        case CaseClosed():
            reasons = {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(work.outcome, {})
            reason = reasons.get(work.reason, work.reason)
            return f"{who} が対応を終えました：{OUTCOMES[work.outcome]}{f'（{reason}）' if reason else ''}"
        case _:
            return timeline_text(timeline_entry(work))
