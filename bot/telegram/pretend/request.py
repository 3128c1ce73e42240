"""The pretend Telegram in the same process: give it to PTB as its request, and nothing goes over a network.

telegram = PretendTelegram()
bot = Bot(telegram.token, request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))
"""

from urllib.parse import unquote, urlsplit

import httpx
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.pretend.core import PretendTelegram
from bot.telegram.pretend.faults import Broken
from bot.telegram.pretend.params import Upload


class PretendRequest(BaseRequest):
    def __init__(self, telegram: PretendTelegram, *, read_timeout: float | None = 5.0) -> None:
        self._telegram = telegram
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """The pretend Telegram outlives the bot, as Telegram does."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        token, name = _token_and_method(url)
        values = dict(request_data.json_parameters) if request_data else {}
        try:
            return await self._telegram.call(token, name, values, _uploads(request_data))
        except Broken as broken:
            raise _as_httpx_would(broken) from _cause(broken)


def _token_and_method(url: str) -> tuple[str, str]:
    """From …/bot<token>/<method>."""
    path = [unquote(part) for part in urlsplit(url).path.split("/")]
    return path[-2].removeprefix("bot"), path[-1]


def _uploads(request_data: RequestData | None) -> dict[str, Upload]:
    if request_data is None or not request_data.contains_files:
        return {}
    uploads = {}
    for name, part in request_data.multipart_data.items():
        filename, content, mime = part
        raw = content if isinstance(content, bytes) else content.read()
        uploads[name] = Upload(filename, mime, raw)
    return uploads


def _cause(broken: Broken) -> httpx.HTTPError:
    """The error that httpx raises for it, so that code which looks at the cause sees the true thing."""
    match broken.fault.kind:
        case "refused":
            return httpx.ConnectError("All connection attempts failed")
        case "timeout":
            return httpx.ReadTimeout("")
        case "half_body":
            return httpx.RemoteProtocolError("peer closed connection without sending complete message body")
        case _:
            return httpx.ReadError("Connection reset by peer")


def _as_httpx_would(broken: Broken) -> NetworkError:
    """PTB's own wording for errors of the wire (HTTPXRequest.do_request)."""
    if broken.fault.kind == "timeout":
        return TimedOut()
    cause = _cause(broken)
    return NetworkError(f"httpx.{type(cause).__name__}: {cause}")
