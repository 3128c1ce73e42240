"""Telegram's updates as messages: every kind there is, through PTB's own parsing."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Update

from bot.dialogue.model import Commanded, Message, Pressed, Said, Showed
from bot.telegram.messages import Heard, hear
from bot.telegram.pretend.sample_content import of_kind

USER = {"id": 5_204_881_301, "is_bot": False, "first_name": "Mona", "language_code": "nb"}
PRIVATE = {"id": USER["id"], "type": "private", "first_name": "Mona"}
GROUP = {"id": -1_002_204_310_551, "type": "supergroup", "title": "Venner"}
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "Flytt hit"}
HEAD: dict[str, Any] = {"message_id": 8, "date": 1_790_000_000, "chat": PRIVATE, "from": USER}


def _heard(**update: Any) -> Heard | None:
    parsed = Update.de_json({"update_id": 1, **update}, Bot("7000000001:x"))
    assert parsed is not None
    return hear(parsed)


def _message(**content: Any) -> Message | None:
    heard = _heard(message=HEAD | content)
    return heard.message if heard else None


def test_a_text_is_said() -> None:
    heard = _heard(message=HEAD | {"text": "Hei på deg"})
    assert heard is not None
    assert heard.message == Said("Hei på deg")
    assert (heard.sender.chat_id, heard.sender.first_name, heard.sender.language_code) == (USER["id"], "Mona", "nb")
    assert heard.private and heard.about_message is None and heard.callback_id is None


def test_an_answer_tells_what_it_answers() -> None:
    heard = _heard(
        message=HEAD | {"text": "ja", "reply_to_message": HEAD | {"message_id": 3, "from": BOT, "text": "?"}}
    )
    assert heard is not None and heard.about_message == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/start", Commanded("start")),
        ("/start m_tynset", Commanded("start", "m_tynset")),
        ("/Tema bolig", Commanded("tema", "bolig")),
        ("/start@FlyttHitBot plakat", Commanded("start", "plakat")),
        ("/vert   tynset  ", Commanded("vert", "tynset")),
        ("/", Said("/")),
        ("/ tema", Said("/ tema")),
        ("/1", Said("/1")),
        ("hei /start", Said("hei /start")),
    ],
)
def test_a_command_is_told_from_a_text(text: str, message: Message) -> None:
    assert _message(text=text) == message


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("photo", "photo"),
        ("voice", "voice"),
        ("sticker", "sticker"),
        ("location", "location"),
        ("contact", "contact"),
        ("document", "document"),
        ("video", "photo"),
        ("animation", "sticker"),
        ("poll", "other"),
        ("dice", "sticker"),
    ],
)
def test_what_is_no_text_tells_its_kind(kind: str, shown: str) -> None:
    message = _message(**of_kind(kind))
    assert isinstance(message, Showed) and message.kind == shown


def test_a_caption_comes_along() -> None:
    message = _message(**of_kind("photo"), caption="Er dette Tynset?")
    assert isinstance(message, Showed) and (message.kind, message.caption) == ("photo", "Er dette Tynset?")


def test_an_edited_text_is_shown_as_edited() -> None:
    heard = _heard(edited_message=HEAD | {"edit_date": 1_790_000_001, "text": "Hei"})
    assert heard is not None and heard.message == Showed("edited")


def test_a_live_location_that_moves_is_met_with_silence() -> None:
    assert _heard(edited_message=HEAD | {"edit_date": 1_790_000_001} | of_kind("location")) is None


def test_a_group_is_not_private() -> None:
    heard = _heard(message=HEAD | {"chat": GROUP, "text": "Hei"})
    assert heard is not None and not heard.private
    assert heard.sender.chat_id == GROUP["id"]


SILENT: dict[str, dict[str, Any]] = {
    "a channel's post": {
        "channel_post": {"message_id": 1, "date": 1, "chat": GROUP | {"type": "channel"}, "text": "x"}
    },
    "a bot's own message": {"message": HEAD | {"from": BOT, "text": "Hei"}},
    "somebody joined": {"message": HEAD | {"chat": GROUP, "new_chat_members": [USER]}},
    "somebody left": {"message": HEAD | {"chat": GROUP, "left_chat_member": USER}},
    "a pinned message": {"message": HEAD | {"pinned_message": HEAD | {"text": "x"}}},
    "a poll's end": {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": True,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "an unknown kind": {"something_new": {"a": [1, 2]}},
    "nothing": {},
}


@pytest.mark.parametrize("update", SILENT.values(), ids=SILENT.keys())
def test_what_deserves_silence_is_no_message(update: dict[str, Any]) -> None:
    assert _heard(**update) is None


def test_a_press_tells_its_data_and_its_message() -> None:
    query = {
        "id": "77",
        "from": USER,
        "chat_instance": "1",
        "data": "1:T:",
        "message": HEAD | {"from": BOT, "text": "x"},
    }
    heard = _heard(callback_query=query)
    assert heard is not None
    assert heard.message == Pressed("1:T:", 8)
    assert (heard.callback_id, heard.about_message, heard.private) == ("77", 8, True)


def test_a_press_under_a_message_too_old_to_be_told_counts_too() -> None:
    query = {"id": "77", "from": USER, "chat_instance": "1", "data": "1:T:"}
    gone = query | {"message": {"chat": PRIVATE, "message_id": 8, "date": 0}}
    for update in (query, gone):
        heard = _heard(callback_query=update)
        assert heard is not None and heard.sender.chat_id == USER["id"] and heard.private


def test_a_press_without_data_is_an_empty_press() -> None:
    heard = _heard(callback_query={"id": "77", "from": USER, "chat_instance": "1", "game_short_name": "x"})
    assert heard is not None and heard.message == Pressed("", None)


DIRT = [("N\x00UL", "NUL"), ("lone \ud83c here", "lone  here"), ("\udc00", ""), ("🏔 \u202eok", "🏔 \u202eok")]


@pytest.mark.parametrize(("dirty", "clean"), DIRT, ids=["NUL", "high surrogate", "only a low one", "emoji and RTL"])
def test_what_no_database_can_hold_is_taken_out_everywhere(dirty: str, clean: str) -> None:
    assert _message(text=dirty) == Said(clean)
    message = _message(**of_kind("photo"), caption=dirty)
    assert isinstance(message, Showed) and message.caption == clean
    assert _message(text=f"/vert {dirty}") == Commanded("vert", clean)
    named = _heard(message=HEAD | {"from": USER | {"first_name": dirty}, "text": "x"})
    assert named is not None and named.sender.first_name == clean
    pressed = _heard(callback_query={"id": "1", "from": USER, "chat_instance": "1", "data": dirty})
    assert pressed is not None and pressed.message == Pressed(clean)
