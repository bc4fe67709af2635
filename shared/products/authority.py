"""Who may set a premium by hand, and how far: the part `authority` of product.yaml. It decides nothing.

Codes of reasons are those of the tariff's rules and of the engine (`says`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.products.source import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a role, and every role above it, may decide alone.

    `reasons`: of a referral, in words for machines. `premium_up_to`: 円 a year. `deviation_up_to`: from the tariff's
    premium of the same terms, up or down, in %.
    """

    role: str
    reasons: frozenset[str]
    premium_up_to: int
    deviation_up_to: int


class GrantSchema(BaseModel):
    """One grant."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    role: Literal["desk", "underwriter", "manager", "admin"]
    reasons: list[Slug] = []
    premium_up_to: Annotated[int, Field(ge=1, le=10**10)]
    deviation_up_to: Annotated[int, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _names_each_reason_once(self) -> Self:
        if twice := next(_twice(self.reasons), None):
            raise ValueError(f"names the reason {twice} twice")
        return self

    def grant(self) -> Grant:
        """As the services see it."""
        return Grant(
            role=self.role,
            reasons=frozenset(self.reasons),
            premium_up_to=self.premium_up_to,
            deviation_up_to=self.deviation_up_to,
        )


def _twice(words: list[str]) -> Iterator[str]:
    return (word for number, word in enumerate(words) if word in words[:number])
