"""What died is started again, less and less often."""

from local.supervisor import Supervisor


class MortalSystem:
    """A system whose components die when a test says so."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.revived: list[str] = []

    def dead(self) -> list[str]:
        return sorted(self.gone)

    def restart(self, name: str) -> None:
        self.gone.discard(name)
        self.revived.append(name)


def test_a_component_that_dies_is_reported_and_started_again() -> None:
    system, lines = MortalSystem(), list[str]()
    supervisor = Supervisor(system, lines.append)

    system.gone.add("rating")
    supervisor.check(0)
    supervisor.check(0.5)
    supervisor.check(1)

    assert system.revived == ["rating"]
    assert "rating が終了しました" in lines[0]
    assert lines[-1] == "rating を再起動しました。"


def test_a_component_that_keeps_dying_is_started_less_and_less_often() -> None:
    system = MortalSystem()
    supervisor = Supervisor(system, lambda _line: None)

    for second in range(60):
        system.gone.add("rating")
        supervisor.check(second)

    assert len(system.revived) == 5


def test_after_a_healthy_minute_a_death_counts_as_the_first() -> None:
    system, lines = MortalSystem(), list[str]()
    supervisor = Supervisor(system, lines.append)
    for second in (0, 1, 2, 4):
        system.gone.add("rating")
        supervisor.check(second)

    system.gone.add("rating")
    supervisor.check(100)

    assert "1 秒後" in lines[-1]
