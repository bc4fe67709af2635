"""What intake reads from its environment."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from shared.runtime.settings import RuntimeSettings


class Settings(RuntimeSettings):
    """`MITSUMORI_…`, read once at start."""

    public_url: str = "http://127.0.0.1:8000"
    """Where browsers find the form. With `https://` the draft's cookie travels over TLS only."""
    allowed_origins: str = ""
    """`https://www.example.co.jp,…`: whose pages may post to `/{product}/submit`."""

    mails_per_hour: Annotated[int, Field(ge=1)] = 3_000
    """Requests an hour, of one process, whose mails go out at once. Those of further requests wait for staff."""

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: str) -> str:
        for origin in filter(None, (part.strip() for part in origins.split(","))):
            if not re.fullmatch(r"https?://[^/\s]+/?", origin):
                raise ValueError("each must look like https://www.example.co.jp, without a path")
        return origins

    @property
    def origins(self) -> frozenset[str]:
        """Whose pages may post to `/{product}/submit`: our own and `allowed_origins`."""
        allowed = (origin.strip().rstrip("/") for origin in self.allowed_origins.split(","))
        return frozenset({origin_of(self.public_url), *filter(None, allowed)})


def origin_of(url: str) -> str:
    """The origin of *url* as browsers write it: without path and without the last slash."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
