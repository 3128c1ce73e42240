"""Inline keyboards: what Telegram accepts under a message, and the refusals for what it does not."""

import re

from bot.telegram.pretend.errors import Refused, bad_request
from bot.telegram.pretend.limits import BUTTONS, CALLBACK_DATA_BYTES, COPY_TEXT, is_unicode, utf16_length

Markup = dict[str, object]
Button = dict[str, object]

_ACTIONS = ("callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "web_app")
_URL = re.compile(r"(?:https?://)?[\w.-]+\.[\w-]+(?::\d+)?(?:[/?#]\S*)?|tg://\S+", re.IGNORECASE)


def checked(markup: object) -> Markup | None:
    """The keyboard as the message will carry it. Other kinds of markup (force_reply, …) leave nothing to show."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[_checked_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _checked_button(button: object) -> Button:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip() or not is_unicode(text):
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = [kind for kind in _ACTIONS if button.get(kind) not in (None, "")]
    kinds += [kind for kind in _ACTIONS[3:5] if button.get(kind) == ""]  # an empty inline query is allowed
    if not kinds:
        raise _unusable("Text buttons are unallowed in the inline keyboard")
    _check_callback_data(button)
    _check_url(button)
    _check_copy_text(button)
    return {str(key): value for key, value in button.items()}


def _check_callback_data(button: Button) -> None:
    data = button.get("callback_data")
    if data is None:
        return
    if not isinstance(data, str):
        raise _unusable('Field "callback_data" must be of type String')
    if not is_unicode(data) or len(data.encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(button: Button) -> None:
    url = button.get("url")
    if url is not None and not (isinstance(url, str) and _URL.fullmatch(url)):
        reason = "Unsupported URL protocol" if "://" in str(url) else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _check_copy_text(button: Button) -> None:
    copy = button.get("copy_text")
    if copy is None:
        return
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= utf16_length(text) <= COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _unusable(reason: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {reason}")
