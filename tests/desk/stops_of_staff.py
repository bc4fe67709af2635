"""The stops about accounts: logging in, one's own account, and those of others."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.dashboard.domain.account import KeptPost
from services.dashboard.domain.lockout import ALLOWED_TRIES
from services.dashboard.domain.passkey import Passkey
from services.dashboard.domain.roles import Role
from services.dashboard.domain.second_step import SecondStep, code_of
from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.domain.webhook import Subscription
from services.dashboard.ports.api import Attempt, PostAnswer
from services.dashboard.usecases.log_in import digest_of
from tests.desk.desk import Desk
from tests.desk.stops import TOLD, Sent, Stop
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import PASSWORD

_KEY: Final = b"k" * 20
_TOKEN: Final = "t" * 43


def _sent(path: str, **fields: str) -> Callable[[Desk], Sent]:
    return lambda _desk: Sent(path, fields)


def _locked(desk: Desk) -> Sent:
    desk.dashboard.tries.tries |= {str(one): ("account:desk", desk.now) for one in range(-ALLOWED_TRIES, 0)}
    return Sent("/login", {"name": "desk", "password": "wrong"})


def _invited(desk: Desk, path: str = f"/reset/{_TOKEN}") -> str:
    desk.dashboard.accounts.invited.add("hanako")
    desk.dashboard.invitations.links[digest_of(_TOKEN)] = ("hanako", desk.now + timedelta(hours=1))
    return path


def _weak(desk: Desk) -> Sent:
    return Sent(_invited(desk), {"new": "x", "repeated": "x"})


def _must_change(desk: Desk) -> str:
    desk.dashboard.accounts.temporary.add("desk")
    return "/account/password"


def _two_steps(desk: Desk, path: str = "/account/two-step") -> str:
    """Turned on after logging in, which spares the code."""
    desk.log_in()
    recovery = frozenset(hashlib.sha256(str(one).encode()).hexdigest() for one in range(8))
    desk.dashboard.accounts.two_step["desk"] = SecondStep(key=_KEY, last_step=0, recovery=recovery)
    return path


def _turned_on(desk: Desk) -> Sent:
    code = code_of(_KEY, int(desk.now.timestamp()) // 30)
    return Sent("/account/two-step", {"act": "on", "key": _text_of(_KEY), "code": code, "password": PASSWORD})


def _text_of(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")


def _must_have_two_steps(desk: Desk) -> str:
    desk.dashboard.two_step_roles = frozenset({Role.admin})
    desk.serve(desk.dashboard)
    return "/account/two-step"


def _with_keys(desk: Desk, path: str = "/account/passkeys") -> str:
    keys = (Passkey(id=f"key{one}", public_key=b"", uses=one, name=f"機器 {one}", since=NOON) for one in range(3))
    desk.dashboard.passkeys.keys |= {key.id: ("desk", key) for key in keys}
    return path


def _kept(desk: Desk, path: str = "/kept") -> str:
    fields = (("kind", "note"), ("text", "一行目\n二行目"), ("seen", "0"))
    posts = (
        KeptPost(id="1", path="/cases/x/work", fields=fields),
        KeptPost(id="2", path="/views", fields=(("name", "朝の確認"),)),
    )
    desk.dashboard.kept_posts.posts |= {post.id: ("desk", post, desk.now + timedelta(hours=1)) for post in posts}
    return path


def _logged_in_elsewhere(desk: Desk) -> str:
    for _ in range(3):
        desk.log_in()
    return _kept(desk, "/account")


def _linked(desk: Desk, name: str = "desk") -> str:
    desk.dashboard.accounts.identities["https://id.example", name] = name
    return "/account"


def _linked_without_password(desk: Desk) -> str:
    """Logged in while they still had one."""
    desk.log_in()
    desk.dashboard.accounts.invited.add("desk")
    del desk.dashboard.accounts.hashes["desk"]
    return _linked(desk)


def _wrongly_unlinked(desk: Desk) -> Sent:
    _linked(desk)
    return Sent("/account/company", {"password": "wrong"})


def _staff(desk: Desk, path: str = "/accounts") -> str:
    desk.has_staff(hanako=Role.underwriter, taro=Role.manager, jiro=Role.viewer)
    desk.dashboard.accounts.disabled["jiro"] = NOON
    desk.dashboard.accounts.logged_in["hanako"] = NOON
    desk.dashboard.accounts.two_step["taro"] = SecondStep(key=_KEY, last_step=0, recovery=frozenset())
    desk.dashboard.passkeys.keys["key"] = ("taro", Passkey(id="key", public_key=b"", uses=0, name="鍵", since=NOON))
    _linked(desk, "hanako")
    _invited(desk)
    return path


def _programs(desk: Desk, path: str = "/programs") -> str:
    token = ApiToken(name="board", scopes=frozenset(Scope), since=NOON, until=desk.now + timedelta(days=9))
    revoked = replace(token, name="former", made_by="desk", used_at=NOON, revoked_at=NOON)
    desk.dashboard.tokens.tokens |= {"0": token, "1": revoked, "2": replace(token, name="ended", until=NOON)}
    crm = Subscription(name="crm", url="https://crm.example.jp/hook", wants=frozenset({"case.*"}), since=NOON)
    desk.dashboard.subscriptions.kept["crm"] = (crm, "secret")
    answers = (PostAnswer(204), PostAnswer(500), PostAnswer(None, "no-address"))
    desk.dashboard.deliveries.attempts += [
        Attempt(subscription="crm", message_id=f"m-{number}", type="case.closed", number=number, at=NOON, answer=answer)
        for number, answer in enumerate(answers)
    ]
    return path


def _paused(desk: Desk, path: str = "/programs/webhooks/crm") -> str:
    _programs(desk)
    subscription, secret = desk.dashboard.subscriptions.kept["crm"]
    desk.dashboard.subscriptions.kept["crm"] = (replace(subscription, paused_at=NOON), secret)
    return path


def _one_account(name: str) -> Stop:
    return Stop(
        name=f"account-{name}", route="GET /accounts/{name}", prepare=lambda desk: _staff(desk, f"/accounts/{name}")
    )


def _changed(name: str, act: str, status: int = 409, shows: str = TOLD) -> Stop:
    return Stop(
        name=f"account-{name}-{act}",
        route="POST /accounts/{name}",
        prepare=lambda desk: Sent(_staff(desk, f"/accounts/{name}"), {"act": act}),
        status=status,
        shows=shows,
    )


STAFF: Final = (
    Stop(name="login", route="GET /login", prepare=lambda _desk: "/login", who=None),
    Stop(name="login-next", route="GET /login", prepare=lambda _desk: "/cases/none", who=None),
    Stop(name="login-after-reset", route="GET /login", prepare=lambda _desk: "/login?done=password", who=None),
    Stop(name="login-kept", route="GET /login", prepare=lambda _desk: "/login?done=kept", who=None),
    Stop(
        name="login-wrong",
        route="POST /login",
        prepare=_sent("/login", name="desk", password="wrong"),
        status=403,
        shows=TOLD,
        who=None,
    ),
    Stop(name="login-locked", route="POST /login", prepare=_locked, status=429, shows=TOLD, who=None),
    Stop(
        name="login-wrong-passkey",
        route="POST /login/passkey",
        prepare=_sent("/login/passkey", credential="{}"),
        status=403,
        shows=TOLD,
        who=None,
    ),
    Stop(name="reset", route="GET /reset/{token}", prepare=_invited, who=None, shows="main form"),
    Stop(name="reset-weak", route="POST /reset/{token}", prepare=_weak, status=409, shows=TOLD, who=None),
    Stop(name="reset-gone", route="GET /reset/{token}", prepare=lambda _desk: "/reset/none", status=404, who=None),
    Stop(name="own-account", route="GET /account", prepare=lambda _desk: "/account"),
    Stop(name="own-account-with-sessions", route="GET /account", prepare=_logged_in_elsewhere, shows="a[href='/kept']"),
    Stop(name="own-account-linked", route="GET /account", prepare=_linked, shows="form[action='/account/company']"),
    Stop(name="own-account-only-linked", route="GET /account", prepare=_linked_without_password, shows="#company"),
    Stop(
        name="own-account-wrongly-unlinked",
        route="POST /account/company",
        prepare=_wrongly_unlinked,
        status=409,
        shows=TOLD,
    ),
    Stop(name="login-after-unlinking", route="GET /login", prepare=lambda _desk: "/login?done=company", who=None),
    Stop(name="password", route="GET /account/password", prepare=lambda _desk: "/account/password"),
    Stop(name="password-must-change", route="GET /account/password", prepare=_must_change),
    Stop(
        name="password-wrong",
        route="POST /account/password",
        prepare=_sent("/account/password", current="wrong", new="x" * 20, repeated="x" * 20),
        status=409,
        shows=TOLD,
    ),
    Stop(name="two-step", route="GET /account/two-step", prepare=lambda _desk: "/account/two-step", shows="main svg"),
    Stop(name="two-step-must", route="GET /account/two-step", prepare=_must_have_two_steps, shows="main svg"),
    Stop(name="two-step-on", route="GET /account/two-step", prepare=_two_steps),
    Stop(name="two-step-codes", route="POST /account/two-step", prepare=_turned_on),
    Stop(
        name="two-step-wrong",
        route="POST /account/two-step",
        prepare=_sent("/account/two-step", act="on", key=_text_of(_KEY), code="1", password=PASSWORD),
        status=409,
        shows=TOLD,
    ),
    Stop(name="two-step-nonsense", route="POST /account/two-step", prepare=_sent("/account/two-step"), status=400),
    Stop(name="passkeys-none", route="GET /account/passkeys", prepare=lambda _desk: "/account/passkeys"),
    Stop(name="passkeys", route="GET /account/passkeys", prepare=_with_keys, shows="form[action*='/remove']"),
    Stop(
        name="passkeys-wrong",
        route="POST /account/passkeys",
        prepare=_sent("/account/passkeys", credential="{}", password="wrong"),
        status=409,
        shows=TOLD,
    ),
    Stop(name="kept-none", route="GET /kept", prepare=lambda _desk: "/kept", shows="main .empty"),
    Stop(name="kept", route="GET /kept", prepare=_kept, shows="form[action='/kept/1']"),
    Stop(name="kept-gone", route="POST /kept/{key}", prepare=_sent("/kept/none"), status=404),
    Stop(name="accounts", route="GET /accounts", prepare=_staff, shows="main table"),
    Stop(
        name="accounts-name-taken",
        route="POST /accounts",
        prepare=lambda desk: Sent(_staff(desk), {"name": "hanako", "role": "desk"}),
        status=409,
        shows=TOLD,
    ),
    Stop(name="accounts-invited", route="POST /accounts", prepare=_sent("/accounts", name="saburo", role="desk")),
    *(_one_account(name) for name in ("hanako", "taro", "jiro", "desk")),
    _changed("desk", "remove"),
    _changed("hanako", "link", 200, "main h1"),
    _changed("hanako", "nonsense", 400, "main h1"),
    Stop(
        name="account-wrong-mail",
        route="POST /accounts/{name}/email",
        prepare=lambda desk: Sent(_staff(desk, "/accounts/hanako/email"), {"email": "これはメールではない"}),
        status=409,
        shows=TOLD,
    ),
    Stop(name="forgotten", route="GET /reset", prepare=lambda _desk: "/reset", who=None, shows="main form"),
    Stop(name="forgotten-sent", route="POST /reset", prepare=_sent("/reset", account="desk"), who=None),
    Stop(name="company-none", route="GET /login/company", prepare=lambda _desk: "/login/company", status=404, who=None),
    Stop(
        name="company-back-none",
        route="GET /login/company/back",
        prepare=lambda _desk: "/login/company/back?state=x&code=y",
        status=404,
        who=None,
    ),
    Stop(name="programs-none", route="GET /programs", prepare=lambda _desk: "/programs"),
    Stop(name="programs", route="GET /programs", prepare=_programs, shows="form[action*='/revoke']"),
    Stop(
        name="programs-no-scope",
        route="POST /programs/tokens",
        prepare=_sent("/programs/tokens", name="board", days="x"),
        status=409,
        shows=TOLD,
    ),
    Stop(
        name="programs-token",
        route="POST /programs/tokens",
        prepare=_sent("/programs/tokens", name="board", days="30", scope="cases:read"),
        shows="#secret",
    ),
    Stop(
        name="programs-no-address",
        route="POST /programs/webhooks",
        prepare=_sent("/programs/webhooks", name="crm", url="ftp://x", event="case.*"),
        status=409,
        shows=TOLD,
    ),
    Stop(
        name="programs-webhook",
        route="POST /programs/webhooks",
        prepare=_sent("/programs/webhooks", name="crm", url="https://crm.example.jp/hook", event="case.*"),
        shows="#secret",
    ),
    Stop(
        name="webhook",
        route="GET /programs/webhooks/{name}",
        prepare=lambda desk: _programs(desk, "/programs/webhooks/crm"),
        shows="form[action*='/replay']",
    ),
    Stop(name="programs-paused", route="GET /programs", prepare=lambda desk: _paused(desk, "/programs")),
    Stop(
        name="webhook-paused",
        route="GET /programs/webhooks/{name}",
        prepare=_paused,
        shows="form[action*='/resume']",
    ),
    Stop(
        name="webhook-no-day",
        route="POST /programs/webhooks/{name}/replay",
        prepare=lambda desk: Sent(_programs(desk, "/programs/webhooks/crm/replay"), {"since": "yesterday"}),
        status=409,
        shows=TOLD,
    ),
    Stop(
        name="webhook-unknown",
        route="GET /programs/webhooks/{name}",
        prepare=lambda _desk: "/programs/webhooks/none",
        status=404,
    ),
    Stop(name="account-unknown", route="GET /accounts/{name}", prepare=lambda _desk: "/accounts/nobody", status=404),
)
