"""From what a sender gave to the text and entities of a message: parsed, checked, trimmed, links found."""

import re
from collections.abc import Iterable

from bot.telegram.pretend import html
from bot.telegram.pretend.errors import bad_request
from bot.telegram.pretend.html import Entity
from bot.telegram.pretend.limits import cleaned, is_unicode, utf16_length

# What Telegram makes pressable without being asked. Good enough for a page and for PTB's command filters.
_AUTOMATIC = [
    (
        "url",
        re.compile(r"\bhttps?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)\]]|\b(?:t\.me|www\.[\w-]+\.\w+)(?:/[^\s<>\"]*[\w/])?"),
    ),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?\b")),
    ("hashtag", re.compile(r"(?<!\w)#[^\W\d]\w*")),
]


def read(text: str, parse_mode: str, given: object = None) -> tuple[str, list[Entity]]:
    """What Telegram makes of a text and its markup; an empty text is for the caller to refuse."""
    if not is_unicode(text):
        raise bad_request("strings must be encoded in UTF-8")
    text = cleaned(text)
    entities: list[Entity] = []
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = html.parse(text)
    elif isinstance(given, list):
        entities = [_checked(entity, utf16_length(text)) for entity in given]
    text, entities = _trimmed(text, entities)
    return text, entities + found(text, entities)


def found(text: str, taken: Iterable[Entity] = ()) -> list[Entity]:
    """The links, commands and addresses in a text that no other link covers."""
    covered = [_range(entity) for entity in taken if entity["type"] in {"text_link", "code", "pre"}]
    result: list[Entity] = []
    for kind, pattern in _AUTOMATIC:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            span = range(offset, offset + utf16_length(match[0]))
            if not any(span.start < other.stop and other.start < span.stop for other in covered):
                covered.append(span)
                result.append({"type": kind, "offset": span.start, "length": len(span)})
    return sorted(result, key=lambda entity: int(str(entity["offset"])))


def _range(entity: Entity) -> range:
    offset, length = int(str(entity["offset"])), int(str(entity["length"]))
    return range(offset, offset + length)


def _checked(entity: object, length: int) -> Entity:
    if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
        raise bad_request('can\'t parse MessageEntity: Field "type" must be of type String')
    span = _range(entity)
    if span.start < 0:
        raise bad_request(f"receive an entity with incorrect offset {span.start}")
    if span.start > length:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {span.start}")
    if span.stop > length:
        where = f"ends after the end of the text at UTF-16 offset {span.stop}"
        raise bad_request(f"entity beginning at UTF-16 offset {span.start} {where}")
    return {str(key): value for key, value in entity.items()}


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram trims both ends, and moves the entities along."""
    left = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    result = []
    for entity in entities:
        span = _range(entity)
        start, stop = max(span.start - left, 0), min(span.stop - left, length)
        if stop > start:
            result.append({**entity, "offset": start, "length": stop - start})
    return text, result
