"""What may go wrong on the wire, as PTB sees it by each front, and whether the message was sent all the same."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram.pretend import TOKEN, Fault, Plan, PretendTelegram


@pytest.mark.parametrize(
    ("fault", "error", "sent"),
    [
        (Fault.refused(), NetworkError, False),
        (Fault.reset(after_effect=False), NetworkError, False),
        (Fault.reset(after_effect=True), NetworkError, True),
        (Fault.timeout(), TimedOut, True),
        (Fault.timeout(after_effect=False), TimedOut, False),
        (Fault.half_body(), NetworkError, True),
        (Fault.invalid_json(), TelegramError, True),
        (Fault.answer(502, b"<html>Bad Gateway</html>"), NetworkError, False),
        (Fault.error(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100), ChatMigrated, False),
        (Fault.error(400, "Bad Request: something else"), BadRequest, False),
        (Fault.too_many_requests(7), RetryAfter, False),
        (Fault.too_many_requests(None), NetworkError, False),
    ],
)
async def test_a_fault_in_process(
    telegram: PretendTelegram, bot: Bot, fault: Fault, error: type[Exception], sent: bool
) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    plan = Plan()
    plan.add("sendMessage", fault)
    telegram.fault = plan
    with pytest.raises(error):
        await bot.send_message(kari.id, "Hei")
    assert len(telegram.messages(kari)) == 1 + sent
    await bot.send_message(kari.id, "Hei igjen")
    assert [call.method for call in telegram.calls][-2:] == ["sendMessage", "sendMessage"]


async def test_the_cause_tells_refused_from_unknown(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    telegram.fault = lambda method, params: Fault.refused()
    with pytest.raises(NetworkError, match="ConnectError") as refused:
        await bot.send_message(kari.id, "Hei")
    assert isinstance(refused.value.__cause__, httpx.ConnectError)


class Elsewhere:
    """The pretend Telegram as a process of its own, spoken to by its control side."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self._client = httpx.AsyncClient(base_url=self.base_url)

    async def ask(self, action: str, **given: object) -> dict[str, object]:
        answer = await self._client.post(f"/control/{action}", json=given)
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found

    async def close(self) -> None:
        await self._client.aclose()


async def test_over_a_port(tmp_path: Path, unused_port: int) -> None:
    command = [sys.executable, "-m", "bot.telegram.pretend", "--port", str(unused_port), "--db", str(tmp_path / "t.db")]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    elsewhere = Elsewhere(unused_port)
    try:
        await _until_it_answers(elsewhere)
        kari = (await elsewhere.ask("user", name="Kari"))["id"]
        assert isinstance(kari, int)
        await elsewhere.ask("start", user=kari, payload="h_abc")
        async with Bot(TOKEN, base_url=f"{elsewhere.base_url}/bot", base_file_url=elsewhere.base_url) as bot:
            (update,) = await bot.get_updates()
            assert update.message and update.message.text == "/start h_abc"
            for kind, error in [("reset", NetworkError), ("half_body", NetworkError), ("timeout", TimedOut)]:
                await elsewhere.ask("fault", method="sendMessage", kind=kind, after_effect=True)
                with pytest.raises(error):
                    await bot.send_message(kari, kind, read_timeout=0.3)
            assert len(await updates_of(elsewhere)) == 1
        messages = (await elsewhere.ask("messages", chat=kari))["messages"]
        assert isinstance(messages, list)
        assert [message["text"] for message in messages] == ["/start h_abc", "reset", "half_body", "timeout"]
        refused = await elsewhere._client.post("/control/say", json={"user": kari, "text": " "})
        assert refused.status_code == 400
    finally:
        await elsewhere.close()
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def updates_of(elsewhere: Elsewhere) -> list[object]:
    updates = (await elsewhere.ask("pending"))["updates"]
    assert isinstance(updates, list)
    return updates


async def _until_it_answers(elsewhere: Elsewhere) -> None:
    for _ in range(100):
        try:
            await elsewhere.ask("pending")
        except httpx.ConnectError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("the pretend Telegram did not start")
