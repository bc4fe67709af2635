"""Each role may do everything that the one before it may, and the table says what that is."""

import pytest

from services.dashboard.domain.roles import Permission, Role, Staff, role_of


@pytest.mark.parametrize(
    ("permission", "from_role"),
    [
        pytest.param("see-cases", Role.viewer, id="everybody looks"),
        pytest.param("work-on-cases", Role.desk, id="clerks answer customers"),
        pytest.param("keep-accounts", Role.admin, id="only an admin keeps accounts"),
    ],
)
def test_a_permission_begins_with_a_role(permission: Permission, from_role: Role) -> None:
    roles = list(Role)

    allowed = [role for role in roles if Staff("desk", role).may(permission)]

    assert allowed == roles[roles.index(from_role) :]


def test_an_account_without_a_role_is_a_clerks_and_no_admins() -> None:
    """Every clerk could otherwise reset everybody's password after an update."""
    assert role_of(None) is Role.desk


def test_what_is_no_role_gives_no_right_to_change_anything() -> None:
    assert role_of("emperor") is role_of(7) is Role.viewer
