"""DMARC (RFC 7489): what a domain asks receivers to do with mails in its name that are not provably its own."""

from dataclasses import dataclass
from typing import Final, Literal

Policy = Literal["none", "quarantine", "reject"]
_POLICIES: Final[tuple[Policy, ...]] = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A record. The two modes say whether the domain must be the same, or may also be above or below that of From."""

    policy: Policy
    strict_dkim: bool = False
    strict_spf: bool = False


def dmarc_records(texts: tuple[str, ...]) -> list[str]:
    """Those of *texts* that are meant as DMARC records."""
    return [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]


def read_dmarc(record: str) -> Dmarc:
    """What *record* says. Raises `ValueError`."""
    tags = read_tags(record)
    policy = next((policy for policy in _POLICIES if policy == tags.get("p", "").lower()), None)
    if tags.get("v") != "DMARC1" or policy is None or not {tags.get("adkim", "r"), tags.get("aspf", "r")} <= {"r", "s"}:
        raise ValueError(record)
    return Dmarc(policy, strict_dkim=tags.get("adkim") == "s", strict_spf=tags.get("aspf") == "s")


def read_tags(record: str) -> dict[str, str]:
    """The tags of a record of DMARC or DKIM: `v=DKIM1; k=rsa; p=…`."""
    parts = [part.partition("=") for part in record.split(";")]
    return {name.strip(): "".join(value.split()) for name, sign, value in parts if sign}


def is_aligned(from_domain: str, other: str, *, strict: bool) -> bool:
    """Whether *other* counts as the domain of From.

    Two names of which neither is above the other are taken for unrelated, also where one registered domain has both.
    """
    if from_domain == other or strict:
        return from_domain == other
    return from_domain.endswith(f".{other}") or other.endswith(f".{from_domain}")


def places_of_dmarc(domain: str) -> tuple[str, ...]:
    """Where the record for *domain* may be: at its own name, or at one above it. A top-level domain has none for it."""
    labels = domain.split(".")
    return tuple(f"_dmarc.{'.'.join(labels[start:])}" for start in range(max(len(labels) - 1, 1)))
