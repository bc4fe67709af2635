"""Letters that came back: what the desk is told of them, in words for people who know no mail server."""

from collections.abc import Mapping
from typing import Final

from shared.events import BounceReason

BOUNCES: Final[Mapping[str, str]] = {
    "no-such-address": "このメールアドレスは存在しない、と相手のメールサーバーから通知がありました。",
    "no-such-domain": "メールアドレスの@より後ろのドメインが見つかりませんでした。",
    "disabled": "このメールアドレスは、現在使われていません。",
    "mailbox-full": "お客様のメールボックスがいっぱいで、受信できませんでした。",
    "too-big": "メールが、お客様のメールサーバーで受信できる大きさを超えました。",
    "not-reached": "お客様のメールサーバーが受け取らないまま、再送の期限が過ぎました。",
    "blocked": "お客様のメールサーバーが、迷惑メール対策や受信設定により受け取りませんでした。",
    "confirmation-asked": "お客様のメールサーバーが、受け取る前に送信者の確認を求めています。",
    "other": "お客様のメールサーバーから、届けられなかったと通知がありました。",
}
"""For each `BounceReason`."""


def why_it_came_back(reason: BounceReason | str) -> str:
    """*reason* for people."""
    return BOUNCES.get(reason, BOUNCES["other"])
