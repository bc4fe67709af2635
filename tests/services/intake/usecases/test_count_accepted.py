"""Operators see in the metrics how many requests were accepted."""

import pytest
from prometheus_client import REGISTRY

from services.intake.usecases.count_accepted import CountAccepted
from tests.services.intake.builders import a_request
from tests.services.intake.fakes import InMemoryRequests

pytestmark = pytest.mark.anyio


async def test_every_accepted_request_is_counted() -> None:
    requests = InMemoryRequests()
    await requests.add(a_request())
    await requests.add(a_request("r-2", reception_no="XY3WT4RP"))

    await CountAccepted(requests)()

    assert REGISTRY.get_sample_value("requests_accepted") == 2
