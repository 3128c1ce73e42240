"""The parameters of a Bot API call, read the same whether they came as form, query, JSON or from PTB's own objects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.telegram.pretend.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file as it came with a multipart call."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """Telegram takes every value as text or as JSON; so do these readers."""

    values: Mapping[str, object]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value or ""
        return json.dumps(value)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> object:
        """The value of a parameter that is an object or a list; None when it is not there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            parsed: object = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
        return parsed

    def object(self, name: str) -> Mapping[str, object]:
        value = self.json(name)
        return value if isinstance(value, dict) else {}

    def chat_id(self) -> int:
        value = self.text("chat_id")
        if not value:
            raise bad_request("chat_id is empty")
        try:
            return int(value)
        except ValueError:
            raise bad_request("chat not found") from None
