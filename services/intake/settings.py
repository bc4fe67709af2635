"""What intake needs to know of its surroundings."""

import re

from pydantic import field_validator

from shared.runtime.settings import RuntimeSettings


class Settings(RuntimeSettings):
    """`MITSUMORI_…`, read once at start."""

    public_url: str = "http://127.0.0.1:8000"
    """Where browsers find the form. With `https://` the draft's cookie travels over TLS only."""
    allowed_origins: str = ""
    """`https://www.example.co.jp,…`: whose pages may post to `/{product}/submit`."""

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, origins: str) -> str:
        for origin in filter(None, (one.strip() for one in origins.split(","))):
            if not re.fullmatch(r"https?://[^/\s]+/?", origin):
                raise ValueError("each must look like https://www.example.co.jp, without a path")
        return origins

    @property
    def origins(self) -> frozenset[str]:
        """`allowed_origins`, one by one."""
        return frozenset(origin.strip().rstrip("/") for origin in self.allowed_origins.split(",") if origin.strip())
