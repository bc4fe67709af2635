"""The Japanese texts of the page about other programs."""

from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.token import Scope
from services.dashboard.ports.api import DeliveryState, PostProblem

SCOPES: Final[Mapping[Scope, str]] = {
    Scope.CASES_READ: "ご依頼の状態を読む（お客さまの情報は含まない）",
    Scope.CASES_CONTACT: "お客さまの連絡先も読む（読むたびに記録される）",
    Scope.QUOTES_READ: "見積りを読む",
}
EVENTS: Final[Mapping[str, str]] = {
    "*": "すべて",
    "case.*": "ご依頼のすべて",
    "quote.*": "見積りのすべて",
    "letter.*": "メールのすべて",
    "case.received": "ご依頼を受け付けた",
    "case.released": "お客さまへのメールの送信を許可した",
    "case.assigned": "対応者が決まった",
    "case.noted": "メモを残した",
    "case.contacted": "お客さまに連絡した",
    "case.posted": "資料を郵送した",
    "case.held": "見積りを送付保留にした",
    "case.hold_lifted": "送付保留を解除した",
    "case.closed": "対応を終えた",
    "case.reopened": "対応を再開した",
    "case.decision_withdrawn": "操作を取り消した",
    "case.approval_asked": "承認を依頼した",
    "case.approval_refused": "承認しなかった",
    "case.address_corrected": "メールアドレスを訂正した",
    "case.news_opted_out": "お客さまがご案内メールを停止した",
    "case.erased": "お客さまの情報を消去した",
    "quote.offered": "見積りを提示した",
    "quote.referred": "担当者の確認が必要になった",
    "quote.released": "見積書の送付を承認した",
    "quote.decided": "見積りの見直しを依頼した",
    "letter.sent": "メールを送った",
    "letter.failed": "メールを送れなかった",
    "letter.bounced": "送ったメールが戻ってきた",
}
"""In the order in which they are shown: the large groups first."""
DELIVERIES: Final[Mapping[DeliveryState, str]] = {"waiting": "送信待ち", "delivered": "送信済", "given-up": "断念"}
WHY: Final[Mapping[PostProblem, str]] = {
    "forbidden-address": "許可されていない宛先です（このシステムの管理者が設定で許可できます）",
    "not-https": "https の宛先ではありません",
    "no-address": "宛先のホスト名が見つかりません",
    "connection-failed": "宛先に接続できません",
    "timed-out": "宛先から応答がありません",
    "no-secret": "署名の鍵を読めません。このシステムの管理者にご連絡ください",
}
PROBLEMS: Final[Mapping[str, str]] = {
    "bad-name": "名前は、英小文字・数字・「.」「_」「-」で32文字までとしてください（先頭は英小文字か数字）。",
    "name-taken": "この名前はすでに使われています（取り消したトークンの名前も使えません）。",
    "bad-scopes": "読み取れる範囲を選んでください。連絡先を読むには「ご依頼の状態を読む」も必要です。",
    "bad-end": "有効期間は、1日から366日までとしてください。",
    "bad-url": "宛先は、https:// で始まる、ユーザー名のないURLにしてください。",
    "bad-events": "知らせる内容を、1つ以上選んでください。",
    "too-many": "登録できる数の上限です。使わないものを削除してください。",
}
"""For each reason why something was refused."""
