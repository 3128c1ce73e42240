"""The short way beside PTB's own over the same real sockets, plain and by TLS: the same answers, the same errors."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import trustme
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram import lean
from bot.telegram.lean import LeanRequest
from tests.telegram.loopback import OK, Peer, Script, always, answer, serving

Way = type[HTTPXRequest]
both_ways = pytest.mark.parametrize("way", [HTTPXRequest, LeanRequest])
plain_and_tls = pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
#: Seconds that nothing takes unless something is wrong.
LONG = 10.0
BIG = b'{"ok":true,"result":"' + b"x" * 5_000_000 + b'"}'


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return _shown(authority, "127.0.0.1")


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this authority were one of the system's; and no proxy of this machine's."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def _shown(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["h2", "http/1.1"])
    authority.issue_cert(name).configure_cert(context)
    return context


@asynccontextmanager
async def asking(way: Way, size: int = 2, **seconds: float) -> AsyncIterator[HTTPXRequest]:
    patience: dict[str, Any] = (
        dict.fromkeys(("read_timeout", "write_timeout", "connect_timeout", "pool_timeout"), 2 * LONG) | seconds
    )
    request = way(connection_pool_size=size, **patience)
    await request.initialize()
    try:
        async with asyncio.timeout(LONG):
            yield request
    finally:
        await request.shutdown()
        await asyncio.sleep(0.005)


def form(**given: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])


# -- answers

_MUCH = answer(head=b"X-Much: " + b"y" * 60_000 + b"\r\n")
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ANSWERS: dict[str, tuple[list[bytes], int, bytes]] = {
    "whole": ([answer()], 200, OK),
    "bit by bit": ([answer()[start : start + 3] for start in range(0, len(answer()), 3)], 200, OK),
    "head and body apart": ([answer()[: -len(OK)], OK], 200, OK),
    "in chunks": (
        [_CHUNKED, b"5\r\n", OK[:5], b"\r\n%x;name=value\r\n%b\r\n" % (len(OK) - 5, OK[5:]), b"0\r\n\r\n"],
        200,
        OK,
    ),
    "in chunks with a trailer": ([_CHUNKED + b"%x\r\n%b\r\n0\r\nX-End: yes\r\n\r\n" % (len(OK), OK)], 200, OK),
    "after 100 Continue": ([b"HTTP/1.1 100 Continue\r\n\r\n", answer()], 200, OK),
    "after 103 Early Hints": ([b"HTTP/1.1 103 -\r\nLink: </x>\r\n\r\n" + answer()], 200, OK),
    "many headers": ([_MUCH[:40_000], _MUCH[40_000:]], 200, OK),
    "5 MB": ([answer(BIG)], 200, BIG),
    "nothing": ([answer(b"")], 200, b""),
    "no content": ([b"HTTP/1.1 204 -\r\n\r\n"], 204, b""),
    "400": ([answer(b'{"ok":false}', status=400)], 400, b'{"ok":false}'),
    "502 of a proxy": ([answer(b"<html>nginx</html>", status=502)], 502, b"<html>nginx</html>"),
    "a way elsewhere is not gone": ([answer(head=b"Location: /elsewhere\r\n", status=302)], 302, OK),
}


@plain_and_tls
@both_ways
@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_the_connection_kept(
    name: str, way: Way, secure: bool, tls: ssl.SSLContext
) -> None:
    said, status, body = ANSWERS[name]
    async with serving(always(*said), tls if secure else None) as server, asking(way) as request:
        for _ in range(2):
            assert await request.do_request(server.url, "POST", form(chat_id=7)) == (status, body)
        assert len(server.peers) == 1


@plain_and_tls
@both_ways
@pytest.mark.parametrize(
    "head", [b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nConnection: close\r\n"]
)
async def test_an_answer_may_end_with_the_connection(head: bytes, way: Way, secure: bool, tls: ssl.SSLContext) -> None:
    async def script(peer: Peer) -> None:
        await peer.hear()
        await peer.say(head + b"\r\n" + OK)
        peer.hang_up()

    # httpx itself would ask again on such a connection, by TLS.
    calls = 1 if way is HTTPXRequest else 2
    async with serving(script, tls if secure else None) as server, asking(way) as request:
        for _ in range(calls):
            assert await request.do_request(server.url, "POST") == (200, OK)
        assert len(server.peers) == calls


async def test_a_slow_answer_is_waited_for_as_long_as_something_comes() -> None:
    async def script(peer: Peer) -> None:
        await peer.hear()
        for part in (answer()[:10], answer()[10:]):
            await asyncio.sleep(0.35)
            await peer.say(part)

    async with serving(script) as server, asking(HTTPXRequest) as usual, asking(LeanRequest) as lean:
        calls = (way.do_request(server.url, "POST", read_timeout=0.6) for way in (usual, lean))
        assert await asyncio.gather(*calls) == [(200, OK), (200, OK)]


# -- what is asked

HARD = (
    "Hei på deg & dine! æøå 100 % = 1+1\n\t\"sitat\" 'x' \\ 👩‍👩‍👧 🇳🇴 العربية עברית 日本語 \u00ad\u200b\u0000\x7f" * 20
)


@plain_and_tls
@both_ways
async def test_words_arrive_unharmed(way: Way, secure: bool, tls: ssl.SSLContext) -> None:
    heard: list[bytes] = []

    async def script(peer: Peer) -> None:
        heard.append(await peer.hear())
        assert "content-type: application/x-www-form-urlencoded" in peer.head.lower()
        await peer.say(answer())

    buttons = {"inline_keyboard": [[{"text": "Ta saken 👍", "callback_data": "1:ht:TYN-7F3K"}]]}
    async with serving(script, tls if secure else None) as server, asking(way) as request:
        await request.do_request(server.url, "POST", form(chat_id=-100, text=HARD, reply_markup=buttons, empty=""))
    given = dict(parse_qsl(heard[0].decode("ascii"), keep_blank_values=True, strict_parsing=True))
    assert given["text"] == HARD and given["chat_id"] == "-100"
    assert given["reply_markup"] == form(x=buttons).json_parameters["x"]


@both_ways
async def test_what_is_no_text_is_refused_before_anything_is_sent(way: Way) -> None:
    async with serving(always(answer())) as server, asking(way) as request:
        with pytest.raises(UnicodeEncodeError):
            await request.do_request(server.url, "POST", form(text="\ud800"))
        assert await request.do_request(server.url, "POST", form(text="Hei")) == (200, OK)


async def test_both_ways_ask_alike() -> None:
    heads: list[str] = []

    async def script(peer: Peer) -> None:
        await peer.hear()
        heads.append(peer.head)
        await peer.say(answer())

    async with serving(script) as server:
        for way in (HTTPXRequest, LeanRequest):
            async with asking(way) as request:
                await request.do_request(server.url, "POST", form(text="Hei på deg"))
    usual, lean = (dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2]) for head in heads)
    assert heads[0].split("\r\n")[0] == heads[1].split("\r\n")[0]
    assert {name: usual[name] for name in lean} == lean


@both_ways
async def test_by_tls_it_asks_for_what_it_speaks(way: Way, tls: ssl.SSLContext) -> None:
    async with serving(always(answer()), tls) as server, asking(way) as request:
        await request.do_request(server.url, "POST")
        spoken: ssl.SSLObject = server.peers[0].writer.get_extra_info("ssl_object")
        assert spoken.selected_alpn_protocol() == "http/1.1"


@both_ways
async def test_a_name_and_a_password_in_the_address_go_along(way: Way) -> None:
    async with serving(always(answer())) as server, asking(way) as request:
        await request.do_request(server.url.replace("127.", "me:secret@127."), "POST")
        assert "authorization: basic bwu6c2vjcmv0" in server.peers[0].head.lower()


# -- troubles


async def _silence(peer: Peer) -> None:
    await peer.hear()
    await asyncio.sleep(LONG)


async def _deafness(peer: Peer) -> None:
    peer.reader._transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.sleep(LONG)


async def _half_deafness(peer: Peer) -> None:
    await peer.reader.readexactly(1000)
    peer.reset()


def _then(*said: bytes, reset: bool = False, unheard: bool = False) -> Script:
    async def script(peer: Peer) -> None:
        if not unheard:
            await peer.hear()
        await peer.say(*said)
        if reset:
            await asyncio.sleep(0.02)
            peer.reset()
        else:
            peer.hang_up()

    return script


Trouble = tuple[Script, type[httpx.TransportError]]
#: What the server does, and httpx's error for it.
TROUBLES: dict[str, Trouble] = {
    "hangs up": (_then(), httpx.RemoteProtocolError),
    "hangs up within the head": (_then(b"HTTP/1.1 200 OK\r\nContent-"), httpx.RemoteProtocolError),
    "hangs up within the body": (_then(answer()[:-4]), httpx.RemoteProtocolError),
    "hangs up within a chunk": (_then(_CHUNKED + b"ff\r\nhalf"), httpx.RemoteProtocolError),
    "no HTTP": (_then(b"220 mail.example ESMTP\r\n"), httpx.RemoteProtocolError),
    "a length that is none": (_then(b"HTTP/1.1 200 -\r\nContent-Length: many\r\n\r\n"), httpx.RemoteProtocolError),
    "a chunk that is none": (_then(_CHUNKED + b"many\r\n"), httpx.RemoteProtocolError),
    "another protocol": (_then(b"HTTP/1.1 101 -\r\nUpgrade: x\r\n\r\n"), httpx.RemoteProtocolError),
    "reset before it was asked": (_then(reset=True, unheard=True), httpx.ReadError),
    "reset after it was asked": (_then(reset=True), httpx.ReadError),
    "reset while it is asked": (_half_deafness, httpx.ReadError),
    "reset within the body": (_then(answer()[:-4], reset=True), httpx.ReadError),
    "silence": (_silence, httpx.ReadTimeout),
    "silence within the body": (always(answer()[:-4]), httpx.ReadTimeout),
    "deafness": (_deafness, httpx.WriteTimeout),
}


async def _error(request: HTTPXRequest, url: str, data: RequestData | None = None) -> TelegramError:
    with pytest.raises(NetworkError) as caught:
        await request.do_request(url, "POST", data)
    return caught.value


def _is(error: TelegramError, cause: type[httpx.TransportError]) -> bool:
    """As PTB tells it: its own error, and httpx's as the cause."""
    own = TimedOut if issubclass(cause, httpx.TimeoutException) else NetworkError
    return (type(error), type(error.__cause__)) == (own, cause)


@plain_and_tls
@both_ways
@pytest.mark.parametrize("name", TROUBLES)
async def test_a_trouble_has_its_name_and_the_next_call_a_connection_of_its_own(
    name: str, way: Way, secure: bool, tls: ssl.SSLContext
) -> None:
    script, cause = TROUBLES[name]
    much = form(text="x" * 6_000_000) if "deafness" in script.__name__ else form(text="Hei")
    short = {httpx.ReadTimeout: "read_timeout", httpx.WriteTimeout: "write_timeout"}
    patience: dict[str, Any] = {short[cause]: 0.1} if cause in short else {}
    async with serving(script, tls if secure else None) as server, asking(way, **patience) as request:
        error = await _error(request, server.url, much)
        assert _is(error, cause), repr(error.__cause__)
        server.script = always(answer())
        assert await request.do_request(server.url, "POST", read_timeout=LONG) == (200, OK)
        assert len(server.peers) == 2


@both_ways
async def test_a_name_that_nobody_knows(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    async with asking(way) as request:
        for scheme in ("http", "https"):
            assert _is(await _error(request, f"{scheme}://telegram.invalid/bot1:TOKEN/getMe"), httpx.ConnectError)


@plain_and_tls
@both_ways
async def test_nobody_listens(way: Way, secure: bool, tls: ssl.SSLContext) -> None:
    async with serving(always(answer()), tls if secure else None) as server:
        url = server.url
    async with asking(way) as request:
        assert _is(await _error(request, url), httpx.ConnectError)


@both_ways
async def test_a_full_queue_at_the_door(way: Way) -> None:
    """What comes after those in the queue is not refused: it gets no answer."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        queue = [socket.socket() for _ in range(3)]
        for waiting in queue:
            waiting.setblocking(False)
            waiting.connect_ex(door.getsockname())
        url = f"http://127.0.0.1:{door.getsockname()[1]}/bot1:TOKEN/getMe"
        async with asking(way, connect_timeout=0.1) as request:
            assert _is(await _error(request, url), httpx.ConnectTimeout)
        for waiting in queue:
            waiting.close()


@both_ways
@pytest.mark.parametrize("name", ["of an authority nobody knows", "of another", "none"])
async def test_a_wrong_certificate(name: str, way: Way, authority: trustme.CA) -> None:
    contexts = {
        "of an authority nobody knows": _shown(trustme.CA(), "127.0.0.1"),
        "of another": _shown(authority, "telegram.invalid"),
        "none": None,
    }
    heard: list[bytes] = []

    async def script(peer: Peer) -> None:
        heard.append(await peer.reader.read(1))
        await peer.say(answer(status=400))

    async with serving(script, contexts[name]) as server, asking(way) as request:
        url = server.url.replace("http:", "https:")
        assert _is(await _error(request, url, form(text="Hei")), httpx.ConnectError)
    assert heard in ([], [b"\x16"]), "nothing but a hello"


@both_ways
async def test_nobody_shakes_hands(way: Way) -> None:
    async def script(peer: Peer) -> None:
        await asyncio.sleep(LONG)

    async with serving(script) as server, asking(way, connect_timeout=0.1) as request:
        error = await _error(request, server.url.replace("http:", "https:"))
    assert _is(error, httpx.ConnectTimeout)


def _answers_when(let_go: asyncio.Event) -> Script:
    async def script(peer: Peer) -> None:
        while True:
            await peer.hear()
            await let_go.wait()
            await peer.say(answer())

    return script


@plain_and_tls
@both_ways
async def test_no_connection_is_free(way: Way, secure: bool, tls: ssl.SSLContext) -> None:
    let_go = asyncio.Event()
    script = _answers_when(let_go)

    async with serving(script, tls if secure else None) as server, asking(way, size=2) as request:
        first = [asyncio.create_task(request.do_request(server.url, "POST")) for _ in range(2)]
        await _until(lambda: len(server.peers) == 2)
        with pytest.raises(TimedOut) as caught:
            await request.do_request(server.url, "POST", pool_timeout=0.05)
        assert _is(caught.value, httpx.PoolTimeout)
        let_go.set()
        assert await asyncio.gather(*first) == [(200, OK)] * 2
        assert await request.do_request(server.url, "POST", pool_timeout=0.05) == (200, OK)
        assert len(server.peers) == 2


async def _until(seen: Callable[[], bool]) -> None:
    for _ in range(int(LONG / 0.001)):
        if seen():
            return
        await asyncio.sleep(0.001)
    raise TimeoutError("it did not come about")


# -- kept connections


async def _gone(peer: Peer) -> None:
    """The end has come, and nobody had time to look."""
    peer.writer.get_extra_info("socket").shutdown(socket.SHUT_WR)


async def _ended(peer: Peer) -> None:
    peer.hang_up()
    await asyncio.sleep(0.02)


async def _complained(peer: Peer) -> None:
    """As some proxies do when nothing was asked for a while."""
    peer.writer.write(answer(b"<html>Request Time-out</html>", b"Connection: close\r\n", 408))
    peer.hang_up()
    await asyncio.sleep(0.02)


async def _said_too_much(peer: Peer) -> None:
    peer.writer.write(answer(b"somebody else's"))
    await asyncio.sleep(0.02)


async def _forgotten(peer: Peer) -> None:
    peer.reset()
    await asyncio.sleep(0.02)


@pytest.mark.parametrize(("way", "secure"), [(HTTPXRequest, False), (LeanRequest, False), (LeanRequest, True)])
@pytest.mark.parametrize("meanwhile", [_gone, _ended, _complained, _said_too_much, _forgotten])
async def test_a_connection_on_which_something_came_unasked_is_not_used_again(
    meanwhile: Script, way: Way, secure: bool, tls: ssl.SSLContext
) -> None:
    """By TLS httpx does not always see it."""
    async with serving(always(answer()), tls if secure else None) as server, asking(way) as request:
        for calls in range(1, 4):
            assert await request.do_request(server.url, "POST") == (200, OK)
            assert len(server.peers) == calls
            await meanwhile(server.peers[-1])


@plain_and_tls
async def test_a_second_answer_to_one_call_is_nobodys(secure: bool, tls: ssl.SSLContext) -> None:
    """httpx takes it for the answer to the next call."""
    said = answer() + answer(b"somebody else's")
    async with serving(always(said), tls if secure else None) as server, asking(LeanRequest) as request:
        for _ in range(3):
            assert await request.do_request(server.url, "POST") == (200, OK)
        assert len(server.peers) == 3


@plain_and_tls
async def test_a_thousand_calls_get_each_its_own_answer(secure: bool, tls: ssl.SSLContext) -> None:
    chance = random.Random(7)

    async def script(peer: Peer) -> None:
        while True:
            heard = await peer.hear()
            await asyncio.sleep(chance.choice((0, 0, 0.001, 0.003)))
            ends = chance.random() < 0.02
            whole = answer(b"heard " + heard, b"Connection: close\r\n" if ends else b"")
            cut = chance.randrange(1, len(whole))
            await peer.say(whole[:cut], whole[cut:])
            if ends:
                peer.hang_up()
                return

    async def ask(request: HTTPXRequest, number: int) -> bool:
        async with at_once:
            said = await request.do_request(server.url, "POST", form(chat_id=number, text=f"Hei {number} 👍"))
        return said == (200, f"heard chat_id={number}&text=Hei+{number}+%F0%9F%91%8D".encode())

    at_once = asyncio.Semaphore(64)
    async with serving(script, tls if secure else None) as server, asking(LeanRequest, size=64) as request:
        assert all(await asyncio.gather(*(ask(request, number) for number in range(1000))))
        assert len(server.peers) < 200


class _Hours:
    """A time for the client alone."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_what_a_burst_left_behind_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = _Hours()
    monkeypatch.setattr(lean, "time", hours)
    async with serving(always(answer())) as server, asking(LeanRequest) as request:
        await asyncio.gather(*(request.do_request(server.url, "POST") for _ in range(2)))
        for hours.now in (3.0, 6.0):
            await request.do_request(server.url, "POST")
        await _until(lambda: any(peer.reader.at_eof() for peer in server.peers))
        assert len(server.peers) == 2


# -- calls that are given up


@plain_and_tls
@both_ways
@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\n", answer()[:-4]], ids=["before", "in the head", "in the body"]
)
async def test_a_call_that_was_given_up_leaves_nothing_to_the_next(
    said: bytes, way: Way, secure: bool, tls: ssl.SSLContext
) -> None:
    waits = asyncio.Event()

    async def script(peer: Peer) -> None:
        while await peer.hear() != b"text=wait":
            await peer.say(answer())
        await peer.say(said)
        waits.set()
        await peer.reader.read()
        peer.writer.write(answer(b"too late"))

    async with serving(script, tls if secure else None) as server, asking(way, size=1) as request:
        for _ in range(3):
            call = asyncio.create_task(request.do_request(server.url, "POST", form(text="wait")))
            await waits.wait()
            await asyncio.sleep(0.005)
            waits.clear()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await request.do_request(server.url, "POST", form(text="next")) == (200, OK)


@both_ways
async def test_who_gives_up_waiting_for_a_connection_takes_none(way: Way) -> None:
    let_go = asyncio.Event()
    script = _answers_when(let_go)

    async with serving(script) as server, asking(way, size=1) as request:
        first, *others = [asyncio.create_task(request.do_request(server.url, "POST")) for _ in range(4)]
        await _until(lambda: len(server.peers) == 1)
        for call in others[:2]:
            call.cancel()
        await asyncio.sleep(0)
        let_go.set()
        assert list(await asyncio.gather(first, others[2])) == [(200, OK)] * 2
        assert await request.do_request(server.url, "POST") == (200, OK)
        assert len(server.peers) == 1


async def test_who_gives_up_while_connecting_leaves_no_connection() -> None:
    """httpx leaves it open."""
    shakes, hung_up = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.reader.readexactly(1)
        shakes.set()
        await peer.reader.read()
        hung_up.set()

    async with serving(script) as server, asking(LeanRequest, size=1) as request:
        call = asyncio.create_task(request.do_request(server.url.replace("http:", "https:"), "POST"))
        await shakes.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(LONG):
            await hung_up.wait()


@both_ways
async def test_what_is_under_way_ends_with_the_client(way: Way) -> None:
    async with serving(_silence) as server, asking(way) as request:
        call = asyncio.create_task(request.do_request(server.url, "POST"))
        await _until(lambda: len(server.peers) == 1)
        await asyncio.sleep(0.01)
        await request.shutdown()
        with pytest.raises(NetworkError):
            await call
        assert server.peers[0].reader.at_eof() or server.peers[0].reader.exception()
        with pytest.raises(RuntimeError, match="not initialized"):
            await request.do_request(server.url, "POST")


# -- proxies


@both_ways
async def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(
    way: Way, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def script(peer: Peer) -> None:
        asked.append((await peer.reader.readuntil(b"\r\n\r\n")).decode().splitlines()[0])
        there, beyond = await asyncio.open_connection("127.0.0.1", server.port)
        await peer.say(b"HTTP/1.1 200 -\r\n\r\n")
        await asyncio.wait(
            [asyncio.create_task(_pass_on(peer.reader, beyond)), asyncio.create_task(_pass_on(there, peer.writer))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        beyond.transport.abort()

    async with serving(always(answer()), tls) as server, serving(script) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        async with asking(way) as request:
            assert await request.do_request(server.url, "POST", form(text="Hei")) == (200, OK)
    assert asked == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"]


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
