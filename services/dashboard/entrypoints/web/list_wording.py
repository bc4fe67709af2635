"""The Japanese texts of the list: its tabs, its orders, and the names of what is filtered by."""

from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.listing import NOBODY, Order, Tab
from services.dashboard.domain.saved_view import LONGEST_NAME, MOST_OF_ONE, ViewProblem
from services.dashboard.domain.summary import Brochure, FirstAnswer
from services.dashboard.entrypoints.web.work_wording import DECLINED, NOT_TAKEN_UP
from services.dashboard.usecases.list_cases import COUNTED

TABS: Final[Mapping[Tab, str]] = {
    Tab.OVERDUE: "期限超過",
    Tab.TODAY: "本日期限",
    Tab.MINE: "自分の担当",
    Tab.UNANSWERED: "未対応",
    Tab.CHECK: "要確認",
    Tab.APPROVE: "保険料の承認待ち",
    Tab.ON_HOLD: "送付保留",
    Tab.POST: "郵送",
    Tab.ALL: "すべて",
}
TABS_EXPLAINED: Final[Mapping[Tab, str]] = {
    Tab.OVERDUE: "対応の期限を過ぎたご依頼です。",
    Tab.TODAY: "対応の期限が本日のご依頼です。",
    Tab.MINE: "あなたが対応者になっている、対応中のご依頼です。",
    Tab.UNANSWERED: (
        "お見積りのご依頼のうち、お客さまとまだ連絡がついていないものです（連絡を試みて、つかなかったものを含みます）。"
    ),
    Tab.CHECK: (
        "職員の確認が要る、対応中のご依頼です：個別見積り・送付待ち・メール停止中・送信元に注意・メールの送信失敗・"
        "表示できない記録。"
        "対応を終えたものは含みません（「状態」などで絞り込むと、終えたものも表示されます）。"
    ),
    Tab.APPROVE: "権限を超える保険料の設定が、承認を待っています。依頼した人のほかの、権限のある職員が承認できます。",
    Tab.ON_HOLD: "職員が見積りを送付保留にしているご依頼です。送付保留を解除すると、送付できるようになります。",
    Tab.POST: "資料の郵送をご希望で、まだ郵送済みにしていないご依頼です。",
    Tab.ALL: "対応を終えたものを含む、すべてのご依頼です。",
}
EMPTY_TABS: Final[Mapping[Tab, str]] = {
    Tab.OVERDUE: "期限を過ぎたご依頼はありません。期限までに連絡の記録や個別の見積りがないと、ここに表示されます。",
    Tab.TODAY: "本日が期限のご依頼は、残っていません。今日のうちに期限が来るものが、ここに表示されます。",
    Tab.MINE: "あなたが対応するご依頼はありません。ご依頼のページで「自分が対応する」を押すと、ここに表示されます。",
    Tab.UNANSWERED: (
        "連絡がついていないお見積りのご依頼はありません。「連絡がついた」と記録するか、対応を終えるまで、"
        "ここに表示されます。"
    ),
    Tab.CHECK: (
        "確認が必要なご依頼はありません。個別見積り・送付待ち・メール停止中・送信元に注意・メールの送信失敗・"
        "表示できない記録があると、ここに表示されます。"
    ),
    Tab.APPROVE: "承認を待っているご依頼はありません。権限を超える保険料が設定されると、ここに表示されます。",
    Tab.ON_HOLD: "送付保留のご依頼はありません。見積りを送付保留にすると、解除するまでここに表示されます。",
    Tab.POST: "郵送する資料はありません。郵送のご希望があると、郵送済みにするまでここに表示されます。",
}
VIEW_PROBLEMS: Final[Mapping[ViewProblem, str]] = {
    "no-name": "表示を保存していません。名前を入力してから、もう一度保存してください。",
    "long-name": f"表示を保存していません。名前は{LONGEST_NAME}文字以内で入力してください。",
    "too-many": f"表示を保存していません。保存できるのは、1人{MOST_OF_ONE}件までです。使わないものを削除してください。",
}
ORDERS: Final[Mapping[Order, str]] = {
    Order.NEWEST: "新しい順",
    Order.DUE: "期限の近い順",
    Order.CHANGED: "更新の新しい順",
    Order.PREMIUM: "保険料の高い順",
}
FIRST_ANSWERS: Final[Mapping[FirstAnswer, str]] = {
    "in-time": "期限内に連絡を試みた（つながらない場合も含む）",
    "late": "期限後に連絡を試みた（つながらない場合も含む）",
    "none": "まだ連絡していない",
}
TURNOVER_BANDS: Final[Mapping[str, str]] = {
    "under-1oku": "1億円未満",
    "1-5oku": "1億円以上5億円未満",
    "5-10oku": "5億円以上10億円未満",
    "10-50oku": "10億円以上50億円未満",
    "50-100oku": "50億円以上100億円未満",
    "100oku-": "100億円以上",
    NOBODY: "不明",
}
REASONS: Final[Mapping[str, str]] = DECLINED | NOT_TAKEN_UP | {NOBODY: "なし"}
BROCHURES: Final[Mapping[Brochure, str]] = {"email": "メール", "post": "郵送", "none": "希望なし"}


def count(number: int) -> str:
    """`1,234`, and `10,000+` for what is not counted further."""
    return f"{number:,}+" if number >= COUNTED else f"{number:,}"


def news_text(came: int) -> str:
    """What is read out when requests have come since the page was opened; nothing before the first."""
    return f"新しいご依頼が{came:,}件あります" if came else ""
