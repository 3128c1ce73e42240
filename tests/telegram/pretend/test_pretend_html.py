"""Telegram's HTML: what becomes of it, and the exact words it is refused with."""

import pytest

from bot.telegram.pretend import entities, html
from bot.telegram.pretend.errors import Refused


def spans(source: str) -> list[tuple[object, object, object]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in html.parse(source)[1]]


def test_tags_become_entities() -> None:
    text, found = html.parse('<b>Leie</b> hos <a href="https://www.finn.no/">finn.no</a> &lt;3')
    assert text == "Leie hos finn.no <3"
    assert found == [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 9, "length": 7, "url": "https://www.finn.no/"},
    ]


def test_offsets_count_utf16() -> None:
    assert spans("🏔🏔 <i>fjell</i>") == [("italic", 5, 5)]


def test_nesting_and_every_tag() -> None:
    assert sorted(spans("<b>a<i>b</i></b>")) == [("bold", 0, 2), ("italic", 1, 1)]
    assert [span[0] for span in spans("<u>a</u><s>b</s><code>c</code><pre>d</pre><tg-spoiler>e</tg-spoiler>")] == [
        *("underline", "strikethrough", "code", "pre", "spoiler"),
    ]
    assert spans('<span class="tg-spoiler">a</span>') == [("spoiler", 0, 1)]
    assert spans("<blockquote expandable>a</blockquote>") == [("expandable_blockquote", 0, 1)]
    assert (
        html.parse("<a href='tg://resolve?domain=x&amp;start=y'>a</a>")[1][0]["url"] == "tg://resolve?domain=x&start=y"
    )


def test_what_is_no_link_stays_text() -> None:
    assert html.parse('<a href="javascript:alert(1)">a</a>') == ("a", [])


def test_ampersands_that_start_nothing_stay() -> None:
    assert html.parse("R&D &copy; &#65; &#x42; &amp;lt;")[0] == "R&D &copy; A B &lt;"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>unclosed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("blåbær <x>", 'Unsupported start tag "x" at byte offset 9'),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_refusals_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        html.parse(source)
    assert refused.value.code == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_both_ends_are_trimmed_and_entities_move_along() -> None:
    assert entities.read("  <b> Hei </b> \n", "HTML") == ("Hei", [{"type": "bold", "offset": 0, "length": 3}])


def test_links_and_commands_are_found_without_asking() -> None:
    text, found = entities.read("Se /tema på https://t.me/FlyttHitBot?start=m_os. Skriv til post@os.kommune.no", "")
    shown = [(entity["type"], text[slice_of(entity)]) for entity in found]
    assert shown == [
        ("bot_command", "/tema"),
        ("url", "https://t.me/FlyttHitBot?start=m_os"),
        ("email", "post@os.kommune.no"),
    ]


def slice_of(entity: html.Entity) -> slice:
    offset, length = int(str(entity["offset"])), int(str(entity["length"]))
    return slice(offset, offset + length)


def test_control_characters_and_lone_surrogates() -> None:
    assert entities.read("a\x00b\rc", "")[0] == "a bc"
    with pytest.raises(Refused, match="UTF-8"):
        entities.read("a\ud800", "")


def test_other_parse_modes_are_not_pretended() -> None:
    with pytest.raises(Refused, match="unsupported parse_mode"):
        entities.read("*a*", "MarkdownV2")
