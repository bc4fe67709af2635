import pytest

from services.intake.domain.suspicion import is_held


@pytest.mark.parametrize(
    ("suspicions", "held"),
    [
        pytest.param((), False, id="nobody suspects anything"),
        pytest.param(("honeypot",), True, id="no person fills in what is not shown"),
        pytest.param(("too-fast", "honeypot"), True, id="whatever else there is"),
        pytest.param(("advertisement",), True, id="a name that carries a message"),
        pytest.param(("many-to-mailbox",), True, id="somebody's mailbox is being filled"),
        pytest.param(("mail-ceiling", "many-links"), True, id="more mails than the agency sends"),
        pytest.param(("too-fast", "no-start", "many-links", "many-requests"), False, id="persons do all of these"),
    ],
)
def test_only_what_no_person_does_by_hand_holds_a_request(suspicions: tuple[str, ...], *, held: bool) -> None:
    assert is_held(suspicions) == held
