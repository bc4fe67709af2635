"""Who may do what on the dashboard: five roles, each with everything that the one before it may do.

A page names a permission and never a role: what a role may do is decided in this table only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal


class Role(StrEnum):
    """What a member of staff is to the agency, from the least to the most."""

    viewer = "viewer"
    """Looks, and changes nothing."""
    desk = "desk"
    """Answers customers: whatever an account could do before there were roles."""
    underwriter = "underwriter"
    """Licensed: decides on referrals, within their authority."""
    manager = "manager"
    """Runs the desk."""
    admin = "admin"
    """Keeps the accounts."""


Permission = Literal["see-cases", "work-on-cases", "export-contacts", "end-dead-letters", "keep-accounts"]

FROM: Final[Mapping[Permission, Role]] = {
    "see-cases": Role.viewer,
    "work-on-cases": Role.desk,
    "export-contacts": Role.desk,
    "end-dead-letters": Role.manager,
    "keep-accounts": Role.admin,
}
_RANKS: Final = {role: rank for rank, role in enumerate(Role)}

FORMER_ROLE: Final = Role.desk
"""Of an account from before there were roles. It may do what it could, and no update makes every clerk an admin.

The operator, who has the command line, makes the first admin (`mitsumori staff role NAME admin`).
"""


def role_of(stored: object) -> Role:
    """The role that an account was stored with. One that this version does not know may only look."""
    if stored is None:
        return FORMER_ROLE
    return next((role for role in Role if role == stored), Role.viewer)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is logged in."""

    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether their role allows it."""
        return self.is_at_least(FROM[permission])

    def is_at_least(self, role: Role) -> bool:
        """Whether they may do everything that *role* may."""
        return _RANKS[self.role] >= _RANKS[role]
