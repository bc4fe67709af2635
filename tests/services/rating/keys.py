"""Three readers with key pairs of this run's own."""

import base64
from typing import Final

from nacl.public import PrivateKey, PublicKey

from shared.runtime.parcels import KeyPair, ParcelOpener, Sealer, new_key_pair


def sealer_of(*pairs: KeyPair) -> Sealer:
    """Seals for the reader of each pair."""
    return Sealer({pair.id.partition("-")[0]: (pair.id, PublicKey(base64.b64decode(pair.public))) for pair in pairs})


def opener_of(pair: KeyPair) -> ParcelOpener:
    """Opens what was sealed for the reader of *pair*."""
    return ParcelOpener({pair.id: PrivateKey(base64.b64decode(pair.secret))})


RATING: Final = new_key_pair("rating", 1)
DESK: Final = new_key_pair("desk", 1)
NOTIFY: Final = new_key_pair("notify", 1)
SEALER: Final = sealer_of(RATING, DESK, NOTIFY)
FOR_RATING: Final = opener_of(RATING)
FOR_DESK: Final = opener_of(DESK)
FOR_NOTIFY: Final = opener_of(NOTIFY)
