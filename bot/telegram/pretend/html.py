"""Telegram's HTML: strict, with its own list of tags, and with its own words when something is wrong.

Only this parse mode is pretended, since the assistant uses no other. Byte offsets in the errors count UTF-8, offsets
of entities UTF-16, as in Telegram.
"""

import re
from dataclasses import dataclass

from bot.telegram.pretend.errors import bad_request
from bot.telegram.pretend.limits import utf16_length

type_of_tag = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
}

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_TAG_NAME = re.compile(r"<([^\s>]*)")
_ATTRIBUTES = re.compile(r"""((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_END = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)(?=\s|$)))?""")
_LINK = re.compile(r"(?:https?|tg|ton)://\S+|(?:mailto|tel):\S+", re.IGNORECASE)
_BARE_LINK = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")

Entity = dict[str, object]


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    start: int  # where its text begins, in the characters of the result


def parse(source: str) -> tuple[str, list[Entity]]:
    """The text without its tags, and the entities that stand for them."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.offset = 0  # UTF-16 units so far
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        at = 0
        while at < len(self.source):
            if self.source.startswith("</", at):
                at = self._end_tag(at)
            elif self.source[at] == "<":
                at = self._start_tag(at)
            else:
                at = self._plain(at)
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -int(str(entity["length"]))))
        return "".join(self.text), self.entities

    def _plain(self, at: int) -> int:
        """A stretch without tags, or one character reference; an `&` that starts none stands for itself."""
        plain = _PLAIN.match(self.source, at)
        reference = _REFERENCE.match(self.source, at)
        character = _decoded(reference) if reference else None
        self.text.append(plain[0] if plain else character or "&")
        self.offset += utf16_length(self.text[-1])
        if plain:
            return plain.end()
        return reference.end() if reference and character else at + 1

    def _start_tag(self, at: int) -> int:
        name = _TAG_NAME.match(self.source, at)
        if name is None or name.end() == len(self.source):
            raise _wrong(f"Unclosed start tag at byte offset {self._bytes(at)}")
        tag = name[1].lower()
        if tag not in type_of_tag:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {self._bytes(at)}')
        rest = _ATTRIBUTES.match(self.source, name.end())
        if rest is None:
            raise _wrong(f"Unclosed start tag at byte offset {self._bytes(at)}")
        argument = self._argument(tag, rest[1], at)
        self.open.append(_Open(tag, argument, self.offset, len(self.text)))
        return rest.end()

    def _argument(self, tag: str, attributes: str, at: int) -> str:
        """The one attribute a tag may carry that means something; others are read and ignored."""
        argument = ""
        end = 0
        attributes = attributes.rstrip()
        while end < len(attributes):
            found = _ATTRIBUTE.match(attributes, end)
            if not found:
                raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(at)}')
            end = found.end()
            value = _REFERENCE.sub(
                lambda reference: _decoded(reference) or reference[0], found[2] or found[3] or found[4] or ""
            )
            argument = _meaning(tag, found[1].lower(), value) or argument
        if tag == "span" and argument != "spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(at)}')
        return argument

    def _end_tag(self, at: int) -> int:
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {self._bytes(at)}")
        found = _END.match(self.source, at)
        if not found:
            raise _wrong(f"Unclosed end tag at byte offset {self._bytes(at)}")
        opened = self.open.pop()
        if found[1] and found[1].lower() != opened.tag:
            where = self._bytes(at)
            raise _wrong(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{found[1]}>"')
        if self.offset > opened.offset:
            self._close(opened)
        return found.end()

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": type_of_tag[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        if opened.tag == "a":
            url = checked_link(opened.argument or "".join(self.text[opened.start :]))
            if url is None:
                return  # Telegram shows the text and forgets the link
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        self.entities.append(entity)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())


def checked_link(url: str) -> str | None:
    """The address as Telegram would open it, or None for what it does not take for one."""
    url = url.strip()
    if _LINK.fullmatch(url):
        return url
    return f"http://{url}" if _BARE_LINK.fullmatch(url) else None


def _meaning(tag: str, attribute: str, value: str) -> str:
    if (tag, attribute) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, attribute) == ("span", "class"):
        return value.removeprefix("tg-")
    if (tag, attribute) == ("code", "class"):
        return value.removeprefix("language-") if value.startswith("language-") else ""
    return "yes" if (tag, attribute) == ("blockquote", "expandable") else ""


def _decoded(reference: re.Match[str]) -> str | None:
    if reference[3]:
        return _NAMED[reference[3]]
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    usable = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if usable else None


def _wrong(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")
