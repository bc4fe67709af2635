"""What the log says of an accepted request, whichever way it came: in the one line that its call has anyway."""

from starlette.requests import Request

from services.intake.usecases.submit import Accepted
from shared.web.request_log import describe


def describe_accepted(request: Request, accepted: Accepted) -> None:
    """Let the line of *request* say that it was accepted, and under which number."""
    event = accepted.event
    describe(
        request,
        "request accepted" if accepted.new else "request repeated",
        request_id=event.request_id,
        reception_no=event.reception_no,
        product=event.product,
        suspicions=list(event.suspicions),
    )
