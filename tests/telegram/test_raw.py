"""What is read from an update before anything may fail."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.raw import chat_of, incoming

CHAT = {"id": 5_204_881_301, "type": "private"}
GROUP = {"id": -1_002_204_310_551, "type": "supergroup"}
OTHER = {"id": 4, "is_bot": False}

FOUND = {
    "a message": ({"message": {"chat": CHAT, "from": OTHER}}, CHAT["id"]),
    "an edited message": ({"edited_message": {"chat": CHAT}}, CHAT["id"]),
    "a group's message": ({"message": {"chat": GROUP, "from": OTHER}}, GROUP["id"]),
    "a channel's post": ({"channel_post": {"chat": GROUP}}, GROUP["id"]),
    "an edited channel's post": ({"edited_channel_post": {"chat": GROUP}}, GROUP["id"]),
    "a membership": ({"my_chat_member": {"chat": CHAT, "from": OTHER}}, CHAT["id"]),
    "somebody's membership": ({"chat_member": {"chat": GROUP}}, GROUP["id"]),
    "a wish to join": ({"chat_join_request": {"chat": GROUP}}, GROUP["id"]),
    "a reaction": ({"message_reaction": {"chat": CHAT}}, CHAT["id"]),
    "a press": ({"callback_query": {"from": OTHER, "message": {"chat": CHAT}}}, CHAT["id"]),
    "a press in a group": ({"callback_query": {"from": OTHER, "message": {"chat": GROUP}}}, GROUP["id"]),
    "a press without a message": ({"callback_query": {"from": OTHER}}, OTHER["id"]),
    "a press under what is no message": ({"callback_query": {"from": OTHER, "message": []}}, OTHER["id"]),
}


@pytest.mark.parametrize(("update", "chat_id"), FOUND.values(), ids=FOUND.keys())
def test_its_chat_is_found(update: dict[str, object], chat_id: int) -> None:
    assert chat_of(update) == chat_id


NOT_FOUND: dict[str, dict[str, object]] = {
    "nothing": {},
    "an inline query": {"inline_query": {"from": OTHER}},
    "a poll": {"poll": {"id": "1"}},
    "an unknown kind": {"something_new": {"chat": CHAT}},
    "a message that is null": {"message": None},
    "a message that is a list": {"message": [CHAT]},
    "a chat that is a text": {"message": {"chat": "5204881301"}},
    "a chat's id that is a text": {"message": {"chat": {"id": "5204881301"}}},
    "a chat's id that is true": {"message": {"chat": {"id": True}}},
    "a chat's id that is a fraction": {"message": {"chat": {"id": 1.5}}},
    "a chat's id too big for any database": {"message": {"chat": {"id": 2**63}}},
    "a chat's id too small for any database": {"message": {"chat": {"id": -(2**70)}}},
    "a press by nobody": {"callback_query": {"id": "1"}},
}


@pytest.mark.parametrize("update", NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_nonsense_has_no_chat(update: dict[str, object]) -> None:
    assert chat_of(update) is None


@pytest.mark.parametrize("update_id", [None, "5", 5.0, True, 2**63, -(2**63), [5], {"id": 5}])
def test_what_has_no_usable_id_cannot_be_kept(update_id: object) -> None:
    assert incoming({"update_id": update_id, "message": {"chat": CHAT}}) is None


def test_what_has_no_id_at_all_cannot_be_kept() -> None:
    assert incoming({"message": {"chat": CHAT}}) is None


@pytest.mark.parametrize("text", ["NUL \x00 inside", "lone \ud83c surrogate", "\ud800\udc00", "🏔", "\u202eRTL"])
def test_the_body_keeps_what_came_to_the_last_character(text: str) -> None:
    update = {"update_id": 5, "message": {"chat": CHAT, "text": text}}
    kept = incoming(update)
    assert kept is not None and kept.body.isascii()
    assert json.loads(kept.body) == json.loads(json.dumps(update))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "chat", "from", "message", "callback_query", "update_id"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "edited_message"]), _JSON))
def test_no_update_whatever_breaks_it(update: dict[str, object]) -> None:
    kept = incoming(update)
    if kept is not None:
        assert -(2**63) < kept.update_id < 2**63
        assert kept.chat_id is None or -(2**63) < kept.chat_id < 2**63
