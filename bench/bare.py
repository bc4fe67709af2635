"""The baseline of `accept`: FastAPI and Motor, one durable insert of the document it is sent, and nothing else."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import uvicorn
from bson.json_util import loads
from fastapi import FastAPI

from shared.runtime.adapters.mongo import connect


def bare_app(mongo: str, document: str) -> FastAPI:
    """An app that answers each POST after inserting *document* (extended JSON) under a new id."""
    template: dict[str, Any] = loads(document)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connect(mongo, "bench_bare") as database:
            app.state.requests = database["requests"]
            await app.state.requests.create_index("reception_no")
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/requests", status_code=202)
    async def accept(answers: dict[str, Any]) -> dict[str, Any]:
        name = str(uuid4())
        await app.state.requests.insert_one({**template, "_id": name})
        return {"request_id": name, "answers": len(answers)}

    return app


if __name__ == "__main__":
    mongo_uri, listen_port, document_path = sys.argv[1:]
    with open(document_path, encoding="utf-8") as file:  # noqa: PTH123  # a script of three lines
        bare = bare_app(mongo_uri, file.read())
    uvicorn.run(bare, host="127.0.0.1", port=int(listen_port), access_log=False, log_level="warning")
