"""Which errors of MongoDB mean that it is away for now; whatever waits for it then goes on by itself."""

import pytest
from pymongo.errors import BulkWriteError, OperationFailure

from shared.errors import Unavailable
from shared.runtime.adapters.mongo import mongo_errors


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(134, id="it cannot read yet what a majority has"),
        pytest.param(18, id="it cannot read its users yet"),
        pytest.param(91, id="it shuts down"),
        pytest.param(10107, id="it is no primary"),
        pytest.param(6, id="another host is not reached"),
    ],
)
def test_a_server_that_starts_or_stops_is_away(code: int) -> None:
    """A mongod that had started a tenth of a second before refused one read (134), and notify ended itself by it."""
    with pytest.raises(Unavailable), mongo_errors():
        raise OperationFailure("not now", code)


def test_any_other_refusal_is_a_bug() -> None:
    with pytest.raises(OperationFailure), mongo_errors():
        raise OperationFailure("unknown operator", 2)


def test_many_writes_that_are_not_on_the_disk_of_a_majority_wait_and_refused_ones_are_no_outage() -> None:
    in_doubt, refused = {"writeConcernErrors": [{"code": 64}], "writeErrors": []}, {"writeErrors": [{"code": 11000}]}

    with pytest.raises(Unavailable), mongo_errors():
        raise BulkWriteError(in_doubt)
    with pytest.raises(BulkWriteError), mongo_errors():
        raise BulkWriteError(refused)
