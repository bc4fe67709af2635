"""The stops that show many cases: the list, the same work on many, the figures, what waits."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from services.dashboard.domain.bulk import BulkRun, Planned, Skipped
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.listing import Tab
from services.dashboard.domain.new_work import Assign, Close, Post
from services.dashboard.domain.roles import Role
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.ports.live import Look
from tests.desk.desk import Desk
from tests.desk.stops import TASK, TOLD, Sent, Stop
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_closing,
    a_contact,
    a_dead_letter,
    a_desk_parcel_of,
    a_form_count,
    a_hold,
    a_letter_failed,
    a_posting,
    a_referral,
    a_request,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FixedDelivered, InMemorySavedViews

_LIST: Final = "GET /"
_MANY: Final = 130
_ROW: Final = "tbody tr[id^=case-]"


def some_cases() -> list[Fact]:
    """One of each kind."""
    return [
        a_request(),
        an_offer(),
        a_letter_failed("quote"),
        a_request("referred", reception_no="REFERRED"),
        a_referral(request_id="referred"),
        an_assignment("referred", "desk"),
        a_hold("referred", until=date(2026, 12, 1)),
        a_contact("referred", "call-again", again_at=NOON + timedelta(hours=2)),
        a_request("held", reception_no="HELDHELD", suspicions=("honeypot", "too-fast")),
        a_request("postal", reception_no="POSTAL22", brochure="post", quote=False, company="郵送希望商店"),
        a_request("posted", reception_no="POSTED22", brochure="post", quote=False),
        a_posting("posted"),
        a_request("closed", reception_no="CLOSED22"),
        a_closing("closed", "not-taken-up"),
        a_request("late", reception_no="LATELATE", product="by-desk"),
        an_offer(request_id="late", expires_on=date(2026, 11, 22)),
        a_request("sealed", reception_no="SEALED22", parcels=a_desk_parcel_of(b"{}")),
        a_request("long", reception_no="LNGLNG22", company="長い名前の株式会社" * 8, person="寿限無" * 12),
    ]


def _some(desk: Desk, path: str = "/?tab=all") -> str:
    desk.know(*some_cases())
    return path


def _none(_desk: Desk, path: str) -> str:
    return path


def _many(desk: Desk, path: str) -> str:
    moments = [NOON - timedelta(hours=number) for number in range(_MANY)]
    desk.know(*(a_request(f"r-{number:03}", reception_no=f"N{number:07}", at=at) for number, at in enumerate(moments)))
    return path


def _seen_by_others(desk: Desk) -> str:
    until = desk.now + timedelta(minutes=1)
    for account, is_typing in (("hanako", True), ("taro", False)):
        look = Look(request_id="referred", account=account, tab="tab", is_typing=is_typing)
        desk.dashboard.looks.kept["referred", account, "tab"] = (look, until)
    return _some(desk)


def _saved_views(desk: Desk) -> str:
    own = SavedView(id="1", name="自分の確認待ち", address="/?tab=check", owner="desk", is_shared=False)
    views = (own, replace(own, id="2", name="朝の確認", owner="hanako", is_shared=True))
    desk.dashboard.saved_views.views |= {view.id: view for view in views}
    return _some(desk)


def _set_aside(desk: Desk, path: str = "/?tab=all") -> str:
    letters = (a_dead_letter(), a_dead_letter("other", topic="mitsumori.quotes.v1", value=b"\x00"))
    desk.dashboard.dead_letters.letters |= {letter.id: letter for letter in letters}
    return _some(desk, path)


def _as(role: Role, desk: Desk, path: str) -> str:
    desk.has_staff(desk=role)
    return path


@dataclass
class _BrokenViews(InMemorySavedViews):
    async def of(self, account: str) -> list[SavedView]:
        raise RuntimeError(account)


def _with_a_bug(desk: Desk) -> str:
    desk.dashboard.saved_views = _BrokenViews()
    desk.serve(desk.dashboard)
    return "/"


LISTS: Final = (
    *(Stop(name=f"list-{tab}", route=_LIST, prepare=partial(_some, path=f"/?tab={tab}")) for tab in Tab),
    *(Stop(name=f"list-{tab}-empty", route=_LIST, prepare=partial(_none, path=f"/?tab={tab}")) for tab in Tab),
    Stop(name="list", route=_LIST, prepare=lambda desk: _some(desk, "/"), shows=_ROW),
    Stop(
        name="list-filtered",
        route=_LIST,
        prepare=lambda desk: _some(desk, "/?tab=all&state=referred&state=quoted&assignee=desk&industry=retail"),
        shows=_ROW,
    ),
    Stop(
        name="list-filtered-empty",
        route=_LIST,
        prepare=lambda desk: _some(desk, "/?tab=all&premium_from=999999&from=2026-11-01&ended=closed"),
        shows="main .empty",
    ),
    Stop(name="search", route=_LIST, prepare=lambda desk: _some(desk, "/?tab=all&q=郵送希望"), shows=_ROW),
    Stop(
        name="search-empty", route=_LIST, prepare=lambda desk: _some(desk, "/?tab=all&q=該当なし"), shows="main .empty"
    ),
    Stop(name="list-many", route=_LIST, prepare=lambda desk: _many(desk, "/?tab=all"), shows="a[rel=next]"),
    Stop(name="list-last-page", route=_LIST, prepare=lambda desk: _many(desk, "/?tab=all&last=1"), shows="a[rel=prev]"),
    Stop(name="list-seen-by-others", route=_LIST, prepare=_seen_by_others, shows="main .tag--typing"),
    Stop(name="list-saved-views", route=_LIST, prepare=_saved_views, shows="form[action='/views/1/remove']"),
    Stop(name="list-set-aside", route=_LIST, prepare=_set_aside, shows=TASK),
    Stop(name="list-as-viewer", route=_LIST, prepare=lambda desk: _as(Role.viewer, desk, _some(desk)), shows=_ROW),
    Stop(
        name="view-without-a-name",
        route="POST /views",
        prepare=lambda desk: Sent(_some(desk, "/views"), {"name": "", "address": "/?tab=all"}),
        status=409,
    ),
    Stop(name="error", route=_LIST, prepare=_with_a_bug, status=500),
)


def _run(desk: Desk, **changes: object) -> str:
    desk.know(*some_cases())
    run = BulkRun(
        id="1",
        account="desk",
        work=Close(outcome="not-taken-up", reason="price", text="", same_as=""),
        planned=tuple(Planned(one, 0) for one in ("postal", REQUEST, "held", "long")),
    )
    desk.dashboard.bulk_runs.runs["1"] = replace(run, **changes)  # type: ignore[arg-type]  # fields of a run
    desk.dashboard.bulk_runs.until["1"] = desk.now + timedelta(minutes=1) if changes.get("is_running") else None
    return "/bulk/1"


_SKIPPED: Final = (Skipped("held", "overtaken"), Skipped("long", "bug"))

BULK: Final = (
    Stop(
        name="bulk", route="GET /bulk", prepare=lambda desk: _some(desk, "/bulk?tab=all"), shows="form[action='/bulk']"
    ),
    Stop(name="bulk-empty", route="GET /bulk", prepare=lambda _desk: "/bulk?tab=all", shows="main .empty"),
    Stop(name="bulk-no-cases", route="POST /bulk", prepare=lambda _desk: Sent("/bulk", {"kind": "post"}), status=409),
    Stop(name="bulk-proposed", route="GET /bulk/{key}", prepare=_run, shows="main form"),
    Stop(
        name="bulk-running",
        route="GET /bulk/{key}",
        prepare=lambda desk: _run(desk, at=1, is_running=True),
        shows="progress",
    ),
    Stop(name="bulk-cut-short", route="GET /bulk/{key}", prepare=lambda desk: _run(desk, at=2), shows="main form"),
    Stop(
        name="bulk-finished",
        route="GET /bulk/{key}",
        prepare=lambda desk: _run(desk, at=4, skipped=_SKIPPED),
        shows="#skipped",
    ),
    Stop(
        name="bulk-assigned",
        route="GET /bulk/{key}",
        prepare=lambda desk: _run(desk, work=Assign("desk"), at=4),
        shows="#progress",
    ),
    Stop(name="bulk-unknown", route="GET /bulk/{key}", prepare=lambda _desk: "/bulk/none", status=404),
)


def _batch(desk: Desk, *, is_done: bool = False) -> str:
    planned = tuple(Planned(one, 0) for one in ("postal", "sealed"))
    return _run(desk, work=Post(), planned=planned, at=2 if is_done else 0).replace("bulk", "post")


POST: Final = (
    Stop(name="post", route="GET /post", prepare=lambda desk: _some(desk, "/post"), shows="form[action='/post']"),
    Stop(name="post-empty", route="GET /post", prepare=lambda _desk: "/post"),
    Stop(name="post-none", route="POST /post", prepare=lambda _desk: Sent("/post"), status=409),
    Stop(name="post-batch", route="GET /post/{key}", prepare=_batch, shows="main form"),
    Stop(name="post-batch-done", route="GET /post/{key}", prepare=lambda desk: _batch(desk, is_done=True)),
    Stop(name="post-batch-unknown", route="GET /post/{key}", prepare=lambda _desk: "/post/none", status=404),
    Stop(
        name="post-pdf-unknown",
        route="GET /post/{key}/{product}.pdf",
        prepare=lambda _desk: "/post/none/cyber-security.pdf",
        status=404,
    ),
)


def _counted(desk: Desk, path: str = "/figures") -> str:
    counts = (a_form_count(), a_form_count(NOON.date() - timedelta(days=1), started=20))
    desk.dashboard.form_counts.kept |= {counted.request_id: counted for counted in counts}
    return _some(desk, path)


def _backlog(desk: Desk) -> str:
    waiting = FixedDelivered(lagging=None, waiting=(3, NOON))
    desk.serve(replace(desk.dashboard, delivered=waiting))
    return _set_aside(desk, "/backlog")


MORE: Final = (
    Stop(name="figures", route="GET /figures", prepare=_counted, shows="main svg"),
    Stop(name="figures-empty", route="GET /figures", prepare=lambda _desk: "/figures", shows="main .empty"),
    Stop(
        name="figures-of-a-year",
        route="GET /figures",
        prepare=lambda desk: _counted(desk, "/figures?from=2025-12-01&to=2026-11-30"),
        shows="main svg",
    ),
    Stop(name="backlog", route="GET /backlog", prepare=lambda desk: _some(desk, "/backlog"), shows="#accepted"),
    Stop(name="backlog-empty", route="GET /backlog", prepare=lambda _desk: "/backlog", shows="main .empty"),
    Stop(name="backlog-set-aside", route="GET /backlog", prepare=_backlog, shows="form[action='/backlog/retry']"),
    Stop(
        name="backlog-as-desk",
        route="GET /backlog",
        prepare=lambda desk: _as(Role.desk, desk, _set_aside(desk, "/backlog")),
        shows="#dead-letters",
    ),
    Stop(
        name="backlog-no-reason",
        route="POST /backlog/discard",
        prepare=lambda desk: Sent(_set_aside(desk, "/backlog/discard"), {"letter": "other"}),
        status=422,
        shows=TOLD,
    ),
    Stop(
        name="backlog-no-such-record",
        route="POST /backlog/retry",
        prepare=lambda _desk: Sent("/backlog/retry", {"letter": "none"}),
        status=409,
    ),
    Stop(name="help", route="GET /help", prepare=lambda _desk: "/help"),
    Stop(name="help-as-viewer", route="GET /help", prepare=lambda desk: _as(Role.viewer, desk, "/help")),
    Stop(name="nowhere", route="", prepare=lambda _desk: "/nowhere", status=404),
    Stop(name="not-allowed", route="GET /accounts", prepare=lambda desk: _as(Role.desk, desk, "/accounts"), status=403),
)
