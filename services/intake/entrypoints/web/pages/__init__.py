"""The pages for people, one file a page, and the address that the agency's own pages may post to."""

from typing import Final

from services.intake.entrypoints.web.pages import (
    agency,
    ask,
    colleague,
    confirm,
    estimate,
    keep,
    lookup,
    papers,
    questions,
    quote,
    resume,
    save,
    start,
)

ROUTERS: Final = (
    start.root,
    start.router,
    agency.router,
    confirm.router,
    save.router,
    resume.router,
    ask.router,
    colleague.router,
    lookup.router,
    papers.router,
    quote.router,
    estimate.router,
    keep.router,
    # The pages of questions last: their addresses are whatever the product calls them.
    questions.router,
)
