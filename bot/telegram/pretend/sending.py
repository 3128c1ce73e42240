"""Bot API methods that put something into a chat or change what is there."""

from collections.abc import Mapping

from bot.telegram.pretend import entities, keyboards, limits, topics
from bot.telegram.pretend.database import JSON
from bot.telegram.pretend.errors import bad_request
from bot.telegram.pretend.limits import utf16_length
from bot.telegram.pretend.model import Message
from bot.telegram.pretend.params import Params, Upload
from bot.telegram.pretend.state import State

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)


def send_message(state: State, params: Params) -> JSON:
    if not params.text("text"):
        raise bad_request("message text is empty")
    body = _text_body(params, "message is too long")
    return _send(state, params, body)


def send_photo(state: State, params: Params) -> JSON:
    upload, file_id = _file(state, params, "photo")
    size = {"file_id": file_id, "file_unique_id": file_id[-9:], "width": 800, "height": 600}
    return _send(state, params, {"photo": [size | {"file_size": len(upload.content)}]} | _caption(params))


def send_document(state: State, params: Params) -> JSON:
    upload, file_id = _file(state, params, "document")
    document = {
        "file_id": file_id,
        "file_unique_id": file_id[-9:],
        "file_name": upload.name,
        "mime_type": upload.mime,
        "file_size": len(upload.content),
    }
    return _send(state, params, {"document": document} | _caption(params))


def send_chat_action(state: State, params: Params) -> bool:
    state.people.check_reachable(params.chat_id())
    return True


def edit_message_text(state: State, params: Params) -> JSON:
    if not params.text("text"):
        raise bad_request("message text is empty")
    message = _own_message(state, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _change(state, message, _text_body(params, "MESSAGE_TOO_LONG"), counts_as_edit=True)


def edit_message_caption(state: State, params: Params) -> JSON:
    message = _own_message(state, params)
    kept = {key: value for key, value in message.body.items() if key in {"photo", "document"}}
    if not kept:
        raise bad_request("there is no caption in the message to edit")
    return _change(state, message, kept | _caption(params) | _keyboard(params), counts_as_edit=True)


def edit_message_reply_markup(state: State, params: Params) -> JSON:
    message = _own_message(state, params)
    kept = {key: value for key, value in message.body.items() if key != "reply_markup"}
    return _change(state, message, kept | _keyboard(params), counts_as_edit=False)


def delete_message(state: State, params: Params) -> bool:
    chat_id = params.chat_id()
    state.people.chat(chat_id)
    message = state.messages.find(chat_id, params.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if state.now() - message.sent_at > limits.DELETABLE:
        raise bad_request("message can't be deleted")
    state.messages.delete(message)
    return True


def _send(state: State, params: Params, body: Mapping[str, object]) -> JSON:
    chat_id = params.chat_id()
    state.people.check_reachable(chat_id)
    body = dict(body) | _keyboard(params)
    reply_to = _answered(state, params, chat_id)
    if state.pace:
        state.pace.check(chat_id, state.now())
    thread = topics.checked(state, chat_id, params.number("message_thread_id") or None)
    sent = state.messages.add(chat_id, None, body, state.now(), reply_to=reply_to, thread_id=thread)
    return state.messages.as_json(sent)


def _change(state: State, message: Message, body: Mapping[str, object], *, counts_as_edit: bool) -> JSON:
    if dict(body) == message.body:
        raise bad_request(NOT_MODIFIED)
    changed = state.messages.change(message, body, state.now() if counts_as_edit else None)
    return state.messages.as_json(changed)


def _text_body(params: Params, too_long: str) -> JSON:
    text, found = entities.read(params.text("text"), params.text("parse_mode"), params.json("entities"))
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > limits.TEXT:
        raise bad_request(too_long)
    return {"text": text} | ({"entities": found} if found else {}) | _keyboard(params)


def _caption(params: Params) -> JSON:
    text, found = entities.read(params.text("caption"), params.text("parse_mode"), params.json("caption_entities"))
    if utf16_length(text) > limits.CAPTION:
        raise bad_request("message caption is too long")
    return ({"caption": text} if text else {}) | ({"caption_entities": found} if found else {})


def _keyboard(params: Params) -> JSON:
    markup = keyboards.checked(params.json("reply_markup"))
    return {"reply_markup": markup} if markup else {}


def _answered(state: State, params: Params, chat_id: int) -> int | None:
    """The message this one answers, if it is named and still there."""
    reply = params.object("reply_parameters")
    named = reply.get("message_id") or params.number("reply_to_message_id")
    if not named:
        return None
    if isinstance(named, int) and state.messages.find(chat_id, named):
        return named
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _own_message(state: State, params: Params) -> Message:
    """The message a bot wants to edit: it must be there and the bot's own."""
    chat_id = params.chat_id()
    state.people.check_reachable(chat_id)
    message = state.messages.find(chat_id, params.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _file(state: State, params: Params, name: str) -> tuple[Upload, str]:
    """A file that came along, or one sent before and named by its id."""
    given = params.text(name)
    upload = params.files.get(given.removeprefix("attach://")) or params.files.get(name)
    if upload:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return upload, state.keep_file(upload)
    known = state.file(given) if given else None
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified" if given else f"there is no {name} in the request")
    return known, given
