"""Find the addresses of a postal code."""

from dataclasses import dataclass

from services.intake.domain.contact_shapes import postal_code
from services.intake.domain.place import Place
from services.intake.ports import Addresses


@dataclass(frozen=True, slots=True)
class FindAddresses:
    """From a postal code as a person types it to its addresses."""

    addresses: Addresses

    def __call__(self, typed: str) -> tuple[str, ...]:
        """The addresses; none when *typed* is not a postal code or the code does not exist."""
        return tuple(map(str, self.places(typed)))

    def places(self, typed: str) -> tuple[Place, ...]:
        """The same, as prefecture, city and town."""
        code = postal_code(typed)
        return self.addresses.at(code) if code else ()
