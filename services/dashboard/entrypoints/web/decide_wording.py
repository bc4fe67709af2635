"""The Japanese texts of decisions about quotes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from services.dashboard.domain.approval import ApprovalProblem
from services.dashboard.domain.facts import timeline_entry
from services.dashboard.domain.new_decision import LONGEST_REASON, DecisionProblem
from services.dashboard.domain.new_release import ReleaseProblem
from services.dashboard.domain.take_back import Held
from services.dashboard.entrypoints.web.wording import timeline_text

DECISION_PROBLEMS: Final[Mapping[DecisionProblem | ApprovalProblem, str]] = {
    "lapsed": "この承認の依頼は無効になりました。依頼のあとに見積りが変わったか、すでに回答されています。",
    "own": "ご自分の依頼は承認できません。権限を持つほかの職員が確認します。",
    "no-authority": "この保険料を承認する権限がありません。権限を持つ職員に確認を依頼してください。",
    "closed": "このご依頼の対応は終わっています。続けるときは、先に「対応を再開する」を押してください。",
    "no-quote": "見積りがまだありません。見積りが届いてから操作してください。",
    "no-tariff": "受付日に有効な料率表がなかったため、この画面では見積りを作成できません。個別にご対応ください。",
    "awaited": "次の版をすでに依頼しています。届いてから操作してください。",
    "unreadable": "お客さまのご回答を開封できないため、見積りを作成できません。このシステムの管理者にご連絡ください。",
    "no-reason": "理由を入力してください。",
    "long-reason": f"理由は {LONGEST_REASON:,}文字以内で入力してください。",
    "same-terms": "条件が変わっていません。変更する条件を選択してください。",
    "same-answers": "ご回答が変わっていません。訂正するご回答を入力してください。",
    "bad-answers": "入力内容をご確認ください。訂正が必要な項目は、次のとおりです。",
    "bad-premium": "保険料（年額）を、円の単位の整数で入力してください（例：81,230）。",
    "premium-step": "保険料（年額）は、10円単位の金額で入力してください（例：81,230）。",
    "no-cover": (
        "補償の条件がそろっていないため、保険料を設定できません。先に「条件を変えて見積もる」で条件を選択してください。"
    ),
}

RELEASE_PROBLEMS: Final[Mapping[ReleaseProblem | Literal["overtaken"], str]] = {
    "overtaken": (
        "お客さまへは送っていません。この画面を開いたあとに、このご依頼が処理されました（ほかの職員、または別の画面での"
        "操作です）。下の「経過」を確認し、それでも必要なときは、もう一度ボタンを押してください。"
    ),
    "closed": (
        "お客さまへは送っていません。このご依頼の対応は終わっています。送るときは、先に「対応を再開する」を押してください。"
    ),
    "on-hold": (
        "お客さまへは送っていません。送付保留になっています。「送付保留を解除する」を押してから、あらためて操作してください。"
    ),
    "awaited": "お客さまへは送っていません。次の版の見積りを依頼しています。届いてから操作してください。",
    "proposed": (
        "お客さまへは送っていません。保険料の設定が承認待ちです。「見積りの見直し」で、承認するかしないかが決まってから"
        "操作してください。"
    ),
    "not-waiting": (
        "この見積りは送付できません。すでに新しい版がある、有効期限が切れている、または自動で送られる見積りです。"
        "メール停止中のご依頼では、先にメールの送信を許可してください。"
    ),
    "not-held": "このご依頼のメールは、停止されていません。許可の操作は要りません。",
}


def percent(deviation: Decimal) -> str:
    """`+21.2%`, `−3.0%`, `±0.0%`."""
    sign = "±" if deviation == 0 else "+" if deviation > 0 else "−"
    return f"{sign}{abs(deviation)}%"


def decided_text(decision: Held) -> str:
    """What somebody decided, as a sentence without its end."""
    return timeline_text(timeline_entry(decision))
