"""What intake reads from its environment."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from shared.runtime.settings import RuntimeSettings
from shared.web.own_site import origin_of, page_address


class Settings(RuntimeSettings):
    """`MITSUMORI_…`, read once at start."""

    public_url: Annotated[str, AfterValidator(page_address)] = "http://127.0.0.1:8000"
    """Where browsers find the form. With `https://` the draft's cookie travels over TLS only."""
    allowed_origins: str = ""
    """`https://www.example.co.jp,…`: whose pages may post to `/{product}/submit`."""

    companies: Path | None = None
    """The list of companies that `mitsumori companies import` writes. Without it the form looks up no company."""

    mails_per_hour: Annotated[int, Field(ge=1)] = 3_000
    """Requests an hour, of one process, whose mails go out at once. Those of further requests wait for staff."""

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: str) -> str:
        named = list(filter(None, (part.strip() for part in origins.split(","))))
        if not all(re.fullmatch(r"(?i:https?)://[^/?#\s]+/?", origin) for origin in named):
            raise ValueError("each must look like https://www.example.co.jp, without a path")
        return ",".join(map(origin_of, named))

    @property
    def origins(self) -> frozenset[str]:
        """Whose pages may post to `/{product}/submit`: our own and `allowed_origins`."""
        return frozenset({origin_of(self.public_url), *filter(None, self.allowed_origins.split(","))})
