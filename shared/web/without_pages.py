"""The app of a service without pages, or nearly so: its lifespan, and the probes. FastAPI is not imported."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette

from shared.web.operations import operations_app


def app_without_pages(service: str, lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]]) -> Starlette:
    """An app without routes. `app.state.operations` are its probes, as those of `new_app`."""
    app = Starlette(lifespan=lifespan)
    app.state.service = service
    app.state.operations = operations_app(app)
    return app
