"""The Japanese texts of the pages about accounts."""

from collections.abc import Mapping
from typing import Final

from services.dashboard.domain.passwords import LONGEST, SHORTEST
from services.dashboard.domain.roles import Permission, Role

ROLES: Final = {
    Role.viewer: "閲覧（見るだけ）",
    Role.desk: "窓口（お客さまへの対応）",
    Role.underwriter: "引受（個別見積りの判断）",
    Role.manager: "責任者（引受の権限を超える判断、記録の再処理）",
    Role.admin: "管理者（アカウントの管理）",
}
PERMISSIONS: Final[Mapping[Permission, str]] = {
    "see-cases": "ご依頼を見る",
    "work-on-cases": "ご依頼に対応する（連絡の記録・送付・見直しなど）",
    "export-contacts": "お客さまの連絡先を含むファイルを取り出す",
    "end-dead-letters": "処理できなかった記録を再処理・破棄する",
    "keep-accounts": "職員のアカウントや外部プログラムを管理する",
}
REFUSALS: Final[Mapping[str, str]] = {
    "too-short": f"パスワードは{SHORTEST}文字以上にしてください。",
    "too-long": f"パスワードは{LONGEST}文字以下にしてください。",
    "common": "このパスワードはよく使われていて、推測されやすいものです。別のものにしてください。",
    "has-name": "パスワードにログイン名を含めないでください。",
    "not-repeated": "2回の入力が一致しません。もう一度入力してください。",
    "wrong-password": "現在のパスワードが違います。",
    "same-password": "現在と同じパスワードです。別のものにしてください。",
    "wrong-code": "認証コードが違います。アプリに表示されている6桁の数字を、新しく入力してください。",
    "bad-passkey": "パスキーを登録できませんでした。もう一度お試しください。",
    "no-password": (
        "パスワードがないため、会社のアカウントとの結び付きを解除できません。"
        "先に、パスワード設定用のリンクでパスワードを設定してください。"
    ),
    "too-many": "登録できるパスキーは10個までです。使わないものを削除してください。",
    "locked": "失敗が続いたため、15分間は変更できません。時間をおいてからもう一度お試しください。",
    "bad-name": "ログイン名は、英小文字・数字・「.」「_」「-」で32文字までとしてください（先頭は英小文字か数字）。",
    "bad-email": "メールアドレスの形が正しくありません。もう一度ご確認ください。",
    "name-taken": "このログイン名はすでに使われています。以前に使われていたものも、もう一度は使えません。",
    "no-such-account": "このログイン名のアカウントはありません。",
    "disabled": "停止中のアカウントです。先に利用を再開してください。",
    "last-account": "ログインできる最後のアカウントのため、停止や削除はできません。",
    "last-admin": "最後の管理者のため、この操作はできません。先に別の管理者を決めてください。",
}
"""For each reason why something was refused."""
COMPANY_REFUSED: Final = (
    "会社のアカウントでのログインを確認できませんでした。もう一度はじめから「会社のアカウントでログイン」を押してください。"
    "続くときは、パスワードでログインするか、管理者にお問い合わせください。"
)
NOT_INVITED: Final = (
    "この会社のアカウントは、見積デスクのアカウントと結び付いていません。"
    "管理者に、会社と同じメールアドレスでの招待をご依頼ください。"
    "招待の期限（72時間）のうちに、もう一度「会社のアカウントでログイン」を押すと、結び付きます。"
)
COMPANY_AWAY: Final = (
    "会社のアカウントでのログインを、いま利用できません。"
    "パスワードでログインするか、時間をおいてからもう一度お試しください。"
)
PASSKEY_REFUSED: Final = (
    "このパスキーではログインできません。パスワードでログインするか、管理者にお問い合わせください。"
)
