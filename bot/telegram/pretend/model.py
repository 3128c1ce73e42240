"""What one sees of the pretend Telegram: users and messages, as they stand."""

from dataclasses import dataclass
from datetime import datetime

JSON = dict[str, object]


@dataclass(frozen=True)
class User:
    """A person with a Telegram account."""

    id: int
    name: str
    language_code: str | None = "nb"
    username: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def as_json(self) -> JSON:
        """As the Bot API tells a bot about them."""
        known = {"username": self.username, "language_code": self.language_code}
        return {"id": self.id, "is_bot": False, "first_name": self.name} | {k: v for k, v in known.items() if v}


@dataclass(frozen=True)
class Button:
    """A button under a message; exactly one of the last three says what it does."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None


@dataclass(frozen=True)
class Message:
    """A message as both sides see it now. `body` holds its content in the Bot API's form."""

    chat_id: int
    id: int
    sender_id: int
    from_bot: bool
    sent_at: datetime
    body: JSON
    edited_at: datetime | None = None
    deleted: bool = False
    reply_to: int | None = None
    thread_id: int | None = None
    revision: int = 0

    @property
    def text(self) -> str:
        """What can be read: the text, or the caption of a photo or file."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[JSON]:
        found = self.body.get("entities") or self.body.get("caption_entities")
        return found if isinstance(found, list) else []

    @property
    def keyboard(self) -> list[list[Button]]:
        markup = self.body.get("reply_markup")
        rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
        return [[_button(button) for button in row] for row in rows or []]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]

    def button(self, text: str) -> Button:
        """The one button whose label contains this, for tests that press by what is written on it."""
        fitting = [button for button in self.buttons if text in button.text]
        if len(fitting) != 1:
            raise LookupError(f"{len(fitting)} buttons with {text!r} among {[button.text for button in self.buttons]}")
        return fitting[0]


def _button(button: JSON) -> Button:
    copy = button.get("copy_text")
    return Button(
        text=str(button["text"]),
        callback_data=_text(button.get("callback_data")),
        url=_text(button.get("url")),
        copy_text=_text(copy.get("text")) if isinstance(copy, dict) else None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
