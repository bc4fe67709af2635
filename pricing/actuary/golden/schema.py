"""The grammar of a file of golden cases. It is strict: a misspelt key would check nothing, and nobody would notice."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

AnswerValue = str | int | list[str] | None
"""An answer as a customer may send it, right or wrong; None for one that is missing."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ChangeSchema(_Strict):
    """A term of the cover that must be exchanged, and by which rule."""

    key: str
    requested: str | int
    offered: str | int
    rule: str


class CellSchema(_Strict):
    """The premium in 円 that a grid must show for two values of the cover; none where it must show a note."""

    at: Annotated[dict[str, int], Field(min_length=2, max_length=2)]
    premium: int | None


class CaseSchema(_Strict):
    """Answers that differ from the base, and the expected result: a premium in 円, or reasons for a referral."""

    name: Annotated[str, Field(min_length=1)]
    answers: dict[str, AnswerValue] = {}
    premium: int | None = None
    workings: Annotated[list[Annotated[list[str], Field(min_length=3, max_length=3)]], Field(min_length=1)] | None = (
        None
    )
    changes: list[ChangeSchema] = []
    beside: Annotated[dict[str, int], Field(min_length=1)] | None = None
    cells: list[CellSchema] = []
    referred: Annotated[list[str], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _has_one_result(self) -> "CaseSchema":
        if (self.premium is None) == (self.referred is None):
            raise ValueError("a case has either a premium or is referred")
        if self.referred and (self.workings or self.changes or self.beside or self.cells):
            raise ValueError("a case that is referred has nothing but reasons")
        return self


class GoldenSchema(_Strict):
    """The whole file."""

    tariff: str
    base: dict[str, AnswerValue]
    cases: Annotated[list[CaseSchema], Field(min_length=1)]
