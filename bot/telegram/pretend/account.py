"""Bot API methods about the bot itself, its updates, its commands, and the chats it is in."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.telegram.pretend import limits
from bot.telegram.pretend.database import JSON, packed, unpacked
from bot.telegram.pretend.errors import bad_request, conflict
from bot.telegram.pretend.limits import utf16_length
from bot.telegram.pretend.params import Params
from bot.telegram.pretend.state import State


def get_me(state: State, params: Params) -> JSON:
    return state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_updates(state: State, params: Params) -> list[JSON]:
    """Long polling: whatever waits, at once; else the first that comes within the timeout."""
    limit = min(max(params.number("limit", 100), 1), limits.UPDATES_AT_ONCE)
    offset = params.number("offset")
    state.polls += 1
    mine = state.polls
    state.db.changes.wake()  # an older poll sees that it was replaced
    ends = asyncio.get_running_loop().time() + min(params.number("timeout"), limits.LONG_POLL_SECONDS)
    while True:
        if state.polls != mine:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        if webhook(state).get("url"):
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete it first")
        seen = state.db.changes.revision
        updates = state.queue.take(offset, limit, state.now())
        left = ends - asyncio.get_running_loop().time()
        if updates or left <= 0:
            return updates
        await state.db.changes.wait(seen, left)


def set_webhook(state: State, params: Params) -> bool:
    """Remembers the address; calling it is for the test that needs it."""
    url = params.text("url")
    parts = urlsplit(url)
    # A self-hosted Bot API server in local mode takes plain HTTP too, and only a local address can be one here.
    if url and parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if params.flag("drop_pending_updates"):
        state.queue.drop()
    state.db.set("webhook", packed({"url": url, "secret_token": params.text("secret_token")}))
    state.db.changes.wake()
    return True


def delete_webhook(state: State, params: Params) -> bool:
    return set_webhook(state, Params({"drop_pending_updates": params.text("drop_pending_updates")}))


def get_webhook_info(state: State, params: Params) -> JSON:
    return {
        "url": webhook(state).get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(state.queue.pending(state.now())),
    }


def webhook(state: State) -> Mapping[str, object]:
    """Address and secret as the bot set them; empty without a webhook."""
    return unpacked(state.db.setting("webhook") or "{}")


def answer_callback_query(state: State, params: Params) -> bool:
    text = params.text("text")
    if utf16_length(text) > limits.CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": params.flag("show_alert"), "url": params.text("url")}
    state.queue.answer_press(params.text("callback_query_id"), answer, state.now())
    return True


# Commands and descriptions, by scope and language; a page shows the ones that fit the person.


def set_my_commands(state: State, params: Params) -> bool:
    given = params.json("commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in given]
    _keep(state, f"commands {_scope(params)} {params.text('language_code')}", packed({"commands": commands}))
    return True


def delete_my_commands(state: State, params: Params) -> bool:
    _keep(state, f"commands {_scope(params)} {params.text('language_code')}", "")
    return True


def get_my_commands(state: State, params: Params) -> object:
    found = state.db.setting(f"commands {_scope(params)} {params.text('language_code')}")
    return unpacked(found)["commands"] if found else []


def commands_for(state: State, chat_id: int, language_code: str | None) -> object:
    """What the menu in a chat shows, looked up from the narrowest scope to the widest, as Telegram does."""
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    for scope in (f"chat:{chat_id}", kind, "default"):
        for language in (language_code or "", ""):
            if found := state.db.setting(f"commands {scope} {language}"):
                return unpacked(found)["commands"]
    return []


def set_my_description(state: State, params: Params) -> bool:
    if utf16_length(params.text("description")) > 512:
        raise bad_request("DESCRIPTION_TOO_LONG")
    _keep(state, f"description {params.text('language_code')}", params.text("description"))
    return True


def set_my_short_description(state: State, params: Params) -> bool:
    if utf16_length(params.text("short_description")) > 120:
        raise bad_request("SHORT_DESCRIPTION_TOO_LONG")
    _keep(state, f"short description {params.text('language_code')}", params.text("short_description"))
    return True


def description_for(state: State, language_code: str | None) -> str:
    """What Telegram shows in a chat that nothing was said in yet."""
    return state.db.setting(f"description {language_code or ''}") or state.db.setting("description ") or ""


def _keep(state: State, name: str, value: str) -> None:
    with state.db.transaction():
        state.db.set(name, value)
        state.db.revise()


def _scope(params: Params) -> str:
    scope = params.object("scope")
    kind = str(scope.get("type") or "default")
    return f"{kind}:{scope['chat_id']}" if scope.get("chat_id") else kind


def _command(given: object) -> JSON:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: Object expected")
    command, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not limits.COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(description) <= limits.COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


# Chats


def get_chat(state: State, params: Params) -> JSON:
    gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"), False)
    gifts["gifts_from_channels"] = False
    return state.people.chat(params.chat_id()) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


def get_chat_member(state: State, params: Params) -> JSON:
    chat_id, user_id = params.chat_id(), params.number("user_id")
    state.people.chat(chat_id)
    user = state.people.find(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    status = state.people.member_status(chat_id, user_id)
    return {"status": status, "user": user.as_json()} | ({"is_anonymous": False} if status == "creator" else {})


def leave_chat(state: State, params: Params) -> bool:
    chat = state.people.check_reachable(params.chat_id())
    if chat["type"] == "private":
        raise bad_request("chat member status can't be changed in private chats")
    state.people.set_bot_status(params.chat_id(), "left")
    return True


def get_file(state: State, params: Params) -> JSON:
    file_id = params.text("file_id")
    upload = state.file(file_id)
    if upload is None:
        raise bad_request("invalid file_id")
    size = len(upload.content)
    return {"file_id": file_id, "file_unique_id": file_id[-9:], "file_size": size, "file_path": f"files/{file_id}"}
