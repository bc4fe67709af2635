import json

import httpx
import pytest
from structlog.testing import capture_logs

from tests.services.intake.builders import CANARY, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


def body(**changes: object) -> dict[str, object]:
    return {"product": "cyber-security", "answers": answers(**changes)}


async def test_an_accepted_request_is_answered_with_its_number_and_where_to_ask(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    reply = await client.post("/api/v1/requests", json=body(), headers={"Idempotency-Key": "k-1"})

    [request] = scene.requests
    assert reply.status_code == 202
    assert reply.json() == {
        "request_id": request.id,
        "reception_no": request.event.reception_no,
        "status_url": f"http://intake.test/api/v1/requests/{request.id}",
    }
    assert reply.headers["Location"] == reply.json()["status_url"]


async def test_an_accepted_request_is_one_line_in_the_log(client: httpx.AsyncClient, scene: Scene) -> None:
    """It was two, and under load each of them is felt."""
    with capture_logs() as lines:
        for _ in range(2):
            await client.post("/api/v1/requests", json=body(), headers={"Idempotency-Key": "k-1"})

    [request] = scene.requests
    assert [line.pop("event") for line in lines] == ["request accepted", "request repeated"]
    for line in lines:
        assert line.pop("took_ms") >= 0
        assert line == {
            "log_level": "info",
            "method": "POST",
            "path": "/api/v1/requests",
            "status": 202,
            "request_id": request.id,
            "reception_no": request.event.reception_no,
            "product": "cyber-security",
            "suspicions": [],
        }


async def test_a_retry_gets_the_first_answer_and_another_body_a_conflict(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await client.post("/api/v1/requests", json=body(), headers=key)

    again = await client.post("/api/v1/requests", json=body(), headers=key)
    other = await client.post("/api/v1/requests", json=body(person="別人"), headers=key)

    assert (again.status_code, again.json()) == (202, first.json())
    assert other.status_code == 409
    assert other.headers["Content-Type"] == "application/problem+json"


async def test_all_bad_answers_are_named_at_once(client: httpx.AsyncClient) -> None:
    reply = await client.post("/api/v1/requests", json=body(company="", email="x", d3_22=["q"], turnovr=1))

    assert reply.status_code == 422
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert {(error["key"], error["code"]) for error in reply.json()["errors"]} == {
        ("company", "required"),
        ("email", "bad-email"),
        ("d3_22", "not-a-choice"),
        ("turnovr", "unknown-key"),
    }
    assert all(error["message"] for error in reply.json()["errors"])


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="broken JSON"),
        pytest.param(b"[]", "application/json", 400, id="a list"),
        pytest.param(b"[" * 30_000, "application/json", 400, id="thirty thousand brackets"),
        pytest.param(
            b'{"product": "cyber-security", "answers": []}', "application/json", 400, id="answers that are none"
        ),
        pytest.param(b'{"product": 1, "answers": {}}', "application/json", 400, id="a product that is none"),
        pytest.param(b'{"product": "cyber-security", "answers": {"turnover": NaN}}', "application/json", 400, id="NaN"),
        pytest.param(
            b'{"product": "cyber-security", "answers": {"turnover": ' + b"9" * 5000 + b"}}",
            "application/json",
            400,
            id="a number of five thousand digits",
        ),
        pytest.param(b'{"product": "cyber-security", "product": "life"}', "application/json", 400, id="a key twice"),
        pytest.param(b'{"product": "\xff"}', "application/json", 400, id="not UTF-8"),
        pytest.param(b'{"product": "life", "answers": {}}', "application/json", 404, id="a product that is not sold"),
        pytest.param(b"a=b", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param(b" " * 70_000, "application/json", 413, id="too much"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_problem(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int
) -> None:
    reply = await client.post("/api/v1/requests", content=content, headers={"Content-Type": media_type})

    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"


async def test_a_lone_surrogate_is_a_bad_answer_and_no_accident(client: httpx.AsyncClient) -> None:
    content = json.dumps({"product": "cyber-security", "answers": {"company": "\ud800", "\udfff": 1}})

    reply = await client.post("/api/v1/requests", content=content, headers={"Content-Type": "application/json"})

    found = {(error["key"], error["code"]) for error in reply.json()["errors"]}
    assert found >= {("company", "bad-text"), ("?", "unknown-key")}


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
async def test_an_unusable_idempotency_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    reply = await client.post("/api/v1/requests", json=body(), headers={"Idempotency-Key": key})

    assert reply.status_code == 400


async def test_while_the_ledger_is_away_nothing_is_acknowledged(client: httpx.AsyncClient, scene: Scene) -> None:
    scene.ledger.away = True

    reply = await client.post("/api/v1/requests", json=body())

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert scene.requests == []


async def test_the_status_says_where_a_request_stands_and_nothing_personal(client: httpx.AsyncClient) -> None:
    accepted = (await client.post("/api/v1/requests", json=body())).json()

    reply = await client.get(accepted["status_url"])

    assert reply.json() == {
        "request_id": accepted["request_id"],
        "reception_no": accepted["reception_no"],
        "state": "received",
        "letters": {},
    }
    assert not [word for word in CANARY.values() if word in reply.text]


async def test_a_request_for_documents_only_says_so(client: httpx.AsyncClient) -> None:
    accepted = await client.post("/api/v1/requests", json={"product": "cyber-security", "answers": brochure_only()})

    reply = await client.get(accepted.json()["status_url"])

    assert reply.json()["state"] == "documents_only"


async def test_an_unknown_request_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/requests/nobody")).status_code == 404


async def test_the_questionnaire_is_there_for_others_to_build_on(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/products/cyber-security/form")

    questions = {
        question["key"]: question
        for page in reply.json()["pages"]
        for section in page["sections"]
        for question in section["questions"]
    }
    assert questions["d3_15_a"]["when"] == {"d3_15": ["yes", "sometimes"]}
    assert [choice["value"] for choice in questions["d3_22"]["choices"]] == ["pmark", "isms", "truste", "other", "none"]
    assert (await client.get("/api/v1/products/life/form")).status_code == 404


async def test_every_answer_of_the_api_is_in_its_document(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    posted = document["paths"]["/api/v1/requests"]["post"]
    assert posted["responses"].keys() == {"202", "400", "404", "409", "413", "415", "422", "429", "503", "default"}
    assert "application/json" in posted["requestBody"]["content"]
    assert posted["parameters"][0]["name"] == "Idempotency-Key"
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert document["paths"].keys() == {
        "/api/v1/products/{product}/estimate",
        "/api/v1/products/{product}/form",
        "/api/v1/requests",
        "/api/v1/requests/{request_id}",
    }
