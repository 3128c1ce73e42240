"""The short way to the Bot API: real sockets, and a server that behaves as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.telegram import lean
from bot.telegram.client import Client

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
OK = b'{"ok":true,"result":true}'


class Server:
    """Answers each call by `answer`; knows how many connections were opened and what was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.connections, self.asked = answer, 0, list[bytes]()
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                await self.answer(self.asked[-1], writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[tuple[Server, str]]:
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/botTOKEN/sendMessage"
    finally:
        listening.close()
        for writer in server.writers:
            writer.close()
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(**options: float) -> AsyncIterator[Client]:
    client = Client(connection_pool_size=2, **options)
    try:
        yield client
    finally:
        await client.shutdown()
        await asyncio.sleep(0.01)


async def ok(asked: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(OK), OK))


async def test_a_call_is_a_form_and_the_connection_is_kept() -> None:
    async with serving(ok) as (server, url), asking() as client:
        for _ in range(3):
            assert await client.do_request(url, "POST") == (200, OK)
        assert server.connections == 1
        assert server.asked[0].startswith(b"POST /botTOKEN/sendMessage HTTP/1.1\r\n")


async def test_ptb_calls_through_it() -> None:
    async with serving(ok) as (server, url), asking() as client:
        bot = Bot("1:TOKEN", base_url=url.split("TOKEN")[0], request=client, get_updates_request=client)
        await bot.do_api_request("sendmessage", {"chat_id": 7, "text": "Hei på deg & dine"})
        assert b"chat_id=7&text=Hei+p%C3%A5+deg+%26+dine" in server.asked[0]


async def test_an_answer_in_chunks() -> None:
    async def chunked(asked: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for part in (OK[:5], OK[5:]):
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            await asyncio.sleep(0.01)
        writer.write(b"0\r\n\r\n")

    async with serving(chunked) as (server, url), asking() as client:
        for _ in range(2):
            assert await client.do_request(url, "POST") == (200, OK)
        assert server.connections == 1


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again() -> None:
    async with serving(ok) as (server, url), asking() as client:
        await client.do_request(url, "POST")
        server.writers[0].close()
        await asyncio.sleep(0.02)
        assert await client.do_request(url, "POST") == (200, OK)
        assert server.connections == 2


async def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(ok) as (server, url), asking() as client:
        await client.do_request(url, "POST")
        monkeypatch.setattr(lean, "IDLE_SECONDS", 0.0)
        await client.do_request(url, "POST")
        assert server.connections == 2


async def test_a_server_that_says_close_is_obeyed() -> None:
    async def closing(asked: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + OK)
        writer.close()

    async with serving(closing) as (server, url), asking() as client:
        for _ in range(2):
            assert await client.do_request(url, "POST") == (200, OK)
        assert server.connections == 2


async def test_nobody_listens_so_nothing_was_sent() -> None:
    async with asking() as client:
        with pytest.raises(NetworkError) as caught:
            await client.do_request("http://127.0.0.1:9/botTOKEN/sendMessage", "POST")
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", b"nonsense\r\n\r\n"])
async def test_an_answer_cut_off_leaves_the_outcome_unknown(said: bytes) -> None:
    async def cut(asked: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with serving(cut) as (_, url), asking() as client:
        with pytest.raises(NetworkError) as caught:
            await client.do_request(url, "POST")
    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)


async def test_no_answer_in_time_leaves_the_outcome_unknown_and_the_connection_is_given_up() -> None:
    async def silent(asked: bytes, writer: asyncio.StreamWriter) -> None:
        pass

    async with serving(silent) as (server, url), asking(read_timeout=0.05) as client:
        with pytest.raises(TimedOut) as caught:
            await client.do_request(url, "POST")
        assert isinstance(caught.value.__cause__, httpx.ReadTimeout)
        server.answer = ok
        assert await client.do_request(url, "POST") == (200, OK)
        assert server.connections == 2


async def test_no_room_in_time_means_that_nothing_was_sent() -> None:
    async def slow(asked: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await ok(asked, writer)

    async with serving(slow) as (_, url), asking(pool_timeout=0.05) as client:
        calls = [asyncio.create_task(client.do_request(url, "POST")) for _ in range(3)]
        results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0].__cause__, httpx.PoolTimeout)


async def test_a_cancelled_call_gives_its_connection_up_and_its_room_back() -> None:
    async def never(asked: bytes, writer: asyncio.StreamWriter) -> None:
        pass

    async with serving(never) as (server, url), asking() as client:
        for _ in range(3):
            call = asyncio.create_task(client.do_request(url, "POST"))
            await asyncio.sleep(0.02)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        server.answer = ok
        assert await client.do_request(url, "POST") == (200, OK)


async def test_files_go_by_httpx() -> None:
    async with serving(ok) as (server, url), asking() as client:
        bot = Bot("1:TOKEN", base_url=url.split("TOKEN")[0], request=client, get_updates_request=client)
        await bot.do_api_request("senddocument", {"chat_id": 7, "document": InputFile(b"x", attach=True)})
        assert b"multipart/form-data" in server.asked[0]


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(ok) as (server, url):
        monkeypatch.setenv("http_proxy", url.split("/bot")[0])
        async with asking() as client:
            data = RequestData([])
            assert await client.do_request("http://telegram.invalid/botTOKEN/getMe", "POST", data) == (200, OK)
        assert server.asked[0].startswith(b"POST http://telegram.invalid/botTOKEN/getMe")
