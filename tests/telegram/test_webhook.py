"""The webhook: stored before it is confirmed, nobody without the secret, and nothing that makes Telegram give up."""

from __future__ import annotations

import json
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from bot.storage.arrivals import Incoming
from bot.telegram.watching import WebhookWatcher
from bot.telegram.webhook import MOST_BYTES, PATH, SECRET_HEADER, webhook_route
from tests.world import World

SECRET = "a-secret-that-is-long-enough"
UPDATE = {"update_id": 5, "message": {"message_id": 1, "date": 0, "chat": {"id": 9, "type": "private"}, "text": "Hei"}}


class Door:
    def __init__(self) -> None:
        self.kept: list[Incoming] = []
        self.down = False

    async def keep(self, updates: Sequence[Incoming]) -> int:
        if self.down:
            raise OperationalError("INSERT", None, Exception("disk full"))
        self.kept += updates
        return len(updates)

    async def post(self, body: bytes, secret: str = SECRET) -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=[webhook_route(self.keep, SECRET)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            return await client.post(PATH, content=body, headers={SECRET_HEADER: secret})


@pytest.fixture
def door() -> Door:
    return Door()


async def test_an_update_is_kept_and_confirmed(door: Door) -> None:
    assert (await door.post(json.dumps(UPDATE).encode())).status_code == 200
    assert [(update.update_id, update.chat_id) for update in door.kept] == [(5, 9)]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1]])
async def test_without_the_secret_nothing_is_read(door: Door, secret: str) -> None:
    assert (await door.post(json.dumps(UPDATE).encode(), secret)).status_code == 403
    assert door.kept == []


async def test_when_the_store_is_down_telegram_comes_again(door: Door) -> None:
    door.down = True
    response = await door.post(json.dumps(UPDATE).encode())
    assert response.status_code == 503 and int(response.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"7", b'{"update_id": "x"}', b'{"update_id": 1e400}', b"[" * 5000, b"\xff\xfe"]
)
async def test_what_is_no_update_is_confirmed_since_it_would_come_for_ever(door: Door, body: bytes) -> None:
    assert (await door.post(body)).status_code == 200
    assert door.kept == []


async def test_more_than_an_update_can_be_is_refused(door: Door) -> None:
    assert (await door.post(b"x" * (MOST_BYTES + 1))).status_code == 413


async def test_the_watcher_sets_the_webhook_and_sees_when_it_is_taken_away(world: World) -> None:
    watcher = WebhookWatcher(world.service.bot, f"https://bot.example{PATH}", SECRET)
    await watcher.set()
    assert world.telegram.webhook["url"] == f"https://bot.example{PATH}"
    assert await watcher.look() == []
    await world.service.bot.set_webhook("https://foreign.example/x")
    (trouble,) = await watcher.look()
    assert "foreign" in trouble
    await world.service.bot.delete_webhook()
    (trouble,) = await watcher.look()
    assert "taken away" in trouble
    assert world.telegram.webhook["url"] == f"https://bot.example{PATH}"
