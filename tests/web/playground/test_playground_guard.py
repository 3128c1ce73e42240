"""Who is let in: only the page itself, on this machine."""

import pytest
from httpx import AsyncClient

from bot.telegram.pretend import PretendTelegram
from bot.web.playground.guard import is_local
from tests.web.playground.conftest import ORIGIN, ids


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "[::1]"])
def test_own_names(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "evil@127.0.0.1"),
        *("127.0.0.1:x", "127.0.0.1/x", "127.0.0.1?x", "0.0.0.0", "10.0.0.1", "[::2]", "[", "::1"),
    ],
)
def test_others_names(host: str) -> None:
    assert not is_local(host)


@pytest.mark.parametrize("path", ["/", "/playground/state", "/playground/static/main.js", "/playground/stream"])
async def test_a_foreign_host_sees_nothing(client: AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Host": "rebound.example:8080"})
    assert answer.status_code == 403
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "null"},
    ],
)
async def test_a_foreign_page_cannot_act(
    client: AsyncClient, telegram: PretendTelegram, headers: dict[str, str]
) -> None:
    client.headers.pop("Sec-Fetch-Site")
    answer = await client.post(
        "/playground/do/say", json={"user": ids(telegram)["kari"], "text": "Hei"}, headers=headers
    )
    assert answer.status_code == 403
    assert telegram.pending() == []


async def test_without_any_word_of_where_it_comes_from(client: AsyncClient) -> None:
    del client.headers["Origin"], client.headers["Sec-Fetch-Site"]
    assert (await client.post("/playground/do/mover", json={})).status_code == 403


async def test_a_foreign_page_cannot_read(client: AsyncClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert (await client.get("/playground/state", headers=foreign)).status_code == 403
    assert (
        await client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    ).status_code == 200


async def test_only_json(client: AsyncClient) -> None:
    answer = await client.post("/playground/do/mover", content="{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


async def test_headers_on_every_answer(client: AsyncClient) -> None:
    for path in ("/", "/playground/state", "/playground/static/main.js", "/playground/file/none"):
        headers = (await client.get(path)).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';"), path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


async def test_nothing_comes_from_elsewhere_and_nothing_is_inline(
    client: AsyncClient, telegram: PretendTelegram
) -> None:
    page = (await client.get("/")).text
    assert "style=" not in page and " on" + "click" not in page and "<script>" not in page
    assert "//" not in page.replace("<!doctype html>", "")
    assert telegram.token not in page + (await client.get("/playground/state")).text
