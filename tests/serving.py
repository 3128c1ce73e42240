"""An app behind a port of this machine, as uvicorn serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

#: A page that never ends is a fault; the test must not hang on it.
STOP_SECONDS = 8


@asynccontextmanager
async def on_a_port(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """The address at which it answers; with port 0 the system chooses a free one."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, STOP_SECONDS)
