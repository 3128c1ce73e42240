"""The page's answers: what it shows, what it does for a person, how it refuses."""

import json
from pathlib import Path

import pytest
from httpx import AsyncClient

from bot.telegram.pretend import PretendTelegram
from bot.telegram.pretend.params import Upload
from bot.web.playground import routes
from bot.web.playground.phrases import LANGUAGES, words
from bot.web.playground.stream import Stream
from tests.web.playground.conftest import PEOPLE, ids, visiting


async def do(client: AsyncClient, action: str, **given: object) -> tuple[int, dict[str, object]]:
    answer = await client.post(f"/playground/do/{action}", json=given)
    found: dict[str, object] = answer.json()
    return answer.status_code, found


def test_every_phrase_in_every_language() -> None:
    for name, texts in words().phrases.items():
        assert list(texts) == list(LANGUAGES), name
        assert all(texts.values()), name
        holes = [text.count("{") for text in texts.values()]
        assert len(set(holes)) == 1, name
    assert len(words().openings) == 3


def test_every_phrase_is_used() -> None:
    folder = Path(routes.__code__.co_filename).parent
    sources = [*folder.glob("static/*.js"), *folder.glob("templates/*.html")]
    text = "\n".join(path.read_text() for path in sources)
    composed = ("role_", "kind_", "error_")
    assert [name for name in words().phrases if name not in text and not name.startswith(composed)] == []


async def test_the_page_speaks_three_languages(client: AsyncClient) -> None:
    assert "Lekeplassen" in (await client.get("/")).text
    assert "Leikeplassen" in (await client.get("/?lang=nn")).text
    assert "Leikeplassen" in (await client.get("/")).text  # remembered
    assert 'lang="en"' in (await client.get("/?lang=en")).text
    assert (await client.get("/playground/state")).json()["words"]["send"] == "Send"
    assert "The playground" in (await client.get("/?lang=xx")).text


async def test_the_people_are_there_and_stay_the_same(client: AsyncClient, telegram: PretendTelegram) -> None:
    state = (await client.get("/playground/state")).json()
    assert [person["name"] for person in state["people"]] == ["Kari", "Jonas", "Tone", "Rune", "Kristin"]
    before = ids(telegram)
    routes(telegram, PEOPLE)
    assert ids(telegram) == before


async def test_saying_replying_editing(client: AsyncClient, telegram: PretendTelegram) -> None:
    kari = ids(telegram)["kari"]
    assert await do(client, "say", user=kari, text="Hei <b>alle</b>") == (200, {})
    first = telegram.messages(kari)[0]
    assert first.text == "Hei <b>alle</b>"
    assert (await do(client, "say", user=kari, text="Svar", reply_to=first.id))[0] == 200
    assert telegram.messages(kari)[1].reply_to == first.id
    assert (await do(client, "edit", user=kari, message_id=first.id, text="Hei igjen"))[0] == 200
    state = (await client.get("/playground/state")).json()
    assert [message["text"] for message in state["messages"]] == ["Hei igjen", "Svar"]  # the edited one keeps its place
    assert (await do(client, "send", user=kari, kind="voice"))[0] == 200
    assert (await do(client, "start", user=kari, payload="m_tynset"))[0] == 200
    assert [message.text for message in telegram.messages(kari)] == ["Hei igjen", "Svar", "", "/start m_tynset"]


async def test_adding_movers_survives_a_restart(client: AsyncClient, telegram: PretendTelegram, tmp_path: Path) -> None:
    added = [(await do(client, "mover"))[1]["id"] for _ in range(len(words().movers) + 2)]
    assert len(set(added)) == len(added)
    again = PretendTelegram(tmp_path / "telegram.db")
    async with visiting(again) as other:
        people = (await other.get("/playground/state")).json()["people"]
    assert [person["id"] for person in people if person["added"]] == added
    assert len({person["name"] for person in people}) == len(people)
    again.close()


@pytest.mark.parametrize(
    ("action", "given", "status", "code"),
    [
        ("say", {"text": "x" * 4097}, 422, "too_long"),
        ("say", {"text": "🏔" * 2049}, 422, "too_long"),
        ("say", {"text": " \n"}, 422, "empty"),
        ("say", {"text": 5}, 400, "not_json"),
        ("say", {"text": "x", "reply_to": 99}, 422, "not_possible"),
        ("say", {"text": "x", "user": 1}, 404, "unknown"),
        ("say", {"text": "x", "user": "1"}, 400, "not_json"),
        ("say", {"text": "x", "user": 2**70}, 400, "not_json"),
        ("say", {"text": "x" * 70_000}, 413, "too_long"),
        ("press", {"message_id": 1, "data": "forged"}, 422, "not_possible"),
        ("start", {"payload": "not valid!"}, 422, "not_possible"),
        ("send", {"kind": "smell"}, 422, "not_possible"),
        ("explode", {}, 404, "unknown"),
    ],
)
async def test_refusals(
    client: AsyncClient, telegram: PretendTelegram, action: str, given: dict[str, object], status: int, code: str
) -> None:
    answered, body = await do(client, action, **{"user": ids(telegram)["kari"], **given})
    assert (answered, body["error"]) == (status, code)
    assert telegram.pending() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"[" * 60_000, b'{"user":', b"\xff"])
async def test_rubbish_is_refused(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/playground/do/say", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_4096_characters_pass(client: AsyncClient, telegram: PretendTelegram) -> None:
    assert (await do(client, "say", user=ids(telegram)["kari"], text="🏔" * 2048))[0] == 200


async def test_blocking_and_unblocking(client: AsyncClient, telegram: PretendTelegram) -> None:
    kari = ids(telegram)["kari"]
    await do(client, "start", user=kari)
    await do(client, "block", user=kari)
    assert (await do(client, "say", user=kari, text="Hei"))[1]["error"] == "not_possible"
    await do(client, "unblock", user=kari)
    assert (await do(client, "say", user=kari, text="Hei"))[0] == 200


async def test_reading_is_remembered_and_wakes_nobody_twice(client: AsyncClient, telegram: PretendTelegram) -> None:
    kari = ids(telegram)["kari"]
    await do(client, "say", user=kari, text="Hei")
    await do(client, "read", user=kari, message_id=1)
    revision = telegram.revision
    await do(client, "read", user=kari, message_id=1)
    assert telegram.revision == revision
    assert (await client.get("/playground/state")).json()["people"][0]["read_up_to"] == 1


async def test_files_come_as_downloads(client: AsyncClient, telegram: PretendTelegram) -> None:
    assert (await client.get("/playground/file/PretendFile00000001")).status_code == 404
    file_id = telegram.keep_file(Upload("mine «data».html", "text/html", b"<script>alert(1)</script>"))
    answer = await client.get(f"/playground/file/{file_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''mine%20%C2%AB")


async def test_the_stream_tells_what_changed(telegram: PretendTelegram) -> None:
    routes(telegram, PEOPLE)
    seen = telegram.revision
    stop = False
    events = Stream(telegram, lambda: stop).events(seen)
    assert await anext(events) == "retry: 500\n\n"
    telegram.say(ids(telegram)["kari"], "Hei")
    event = await anext(events)
    news = json.loads(event.partition("data: ")[2])
    assert [message["text"] for message in news["messages"]] == ["Hei"]
    assert event.startswith(f"id: {telegram.revision}\n")
    stop = True
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_a_page_older_than_the_file_starts_anew(telegram: PretendTelegram) -> None:
    events = [event async for event in Stream(telegram, lambda: False).events(telegram.revision + 5)]
    assert events[-1].startswith("event: reset")
