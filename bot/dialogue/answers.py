"""How an entry is told: the general part, the mover's municipality, where it comes from, and what to press next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import noticing
from bot.dialogue.model import Button
from bot.dialogue.talk import Talk
from bot.knowledge.markup import html
from bot.knowledge.model import Entry, EntryText, Source
from bot.texts import label

#: Entries in which the assistant speaks of itself: no sources, no feedback.
ABOUT_ITSELF = "assistant"
EMERGENCY = "assistant/emergency"
GOODBYE = "assistant/thanks-and-bye"
MAX_SOURCES = 3
#: Room for each need when one message answers several.
MAX_SHARE = 330
_YEAR = re.compile(r"(?:19|20)\d\d")


def tell(talk: Talk, entry: Entry, places: Sequence[str], edit: bool = False, again: bool = False) -> None:
    """One entry as a reply. `places` are the municipalities spoken of, else the mover's own.

    Told `again`, since a further question led to it too, it says that there is no more.
    """
    text = entry.text(talk.language)
    parts = [
        _title(entry, text),
        *([talk.phrase("answer.again")] if again and entry.topic != ABOUT_ITSELF else []),
        html(text.general),
        *_sections(talk, text, places),
        *_small_print(talk, entry, places),
    ]
    talk.reply(Markup("\n\n").join(parts), buttons(talk, entry, text, places), edit)


def tell_several(talk: Talk, entries: Sequence[Entry], places: Sequence[str]) -> None:
    """The best of each answer in one message, and a button for the rest of each."""
    texts = [entry.text(talk.language) for entry in entries]
    parts = [talk.phrase("answer.several"), *(_best(talk, text, places) for text in texts)]
    more = [[talk.button("more", "e", _argument(entry, places), title=entry.title(talk.language))] for entry in entries]
    talk.reply(Markup("\n\n").join(parts), [*more, [talk.button("host", "h")]])


def _best(talk: Talk, text: EntryText, places: Sequence[str]) -> Markup:
    """What is said of the one place spoken of; with none, or several, what holds for all."""
    if len(places) == 1 and places[0] in text.sections:
        own = _beginning(text.sections[places[0]])
        return Markup("<b>{}</b> · {}\n{}").format(text.title, talk.place(places[0]), own)
    return Markup("<b>{}</b>\n{}").format(text.title, _beginning(text.general))


def buttons(talk: Talk, entry: Entry, text: EntryText, places: Sequence[str]) -> list[list[Button]]:
    """At most four: a related need or the municipality, the host, and whether this helped."""
    if entry.id == EMERGENCY:
        return []
    if entry.topic == ABOUT_ITSELF:
        return [[talk.button("topics", "T"), talk.button("host", "h")]]
    return [
        _next_step(talk, entry, text, places),
        [talk.button("host", "h")],
        [talk.button("helped", "ok", entry.id), talk.button("not_helped", "no", entry.id)],
    ]


def entry_button(talk: Talk, entry: Entry, places: Sequence[str] = ()) -> Button:
    return Button(entry.title(talk.language), talk.button("more", "e", _argument(entry, places), title="").data)


def _next_step(talk: Talk, entry: Entry, text: EntryText, places: Sequence[str]) -> list[Button]:
    if text.sections and not places:
        return [talk.button("municipality", "m", entry.id)]
    fitting = noticing.group_entry(talk, entry)
    if fitting:
        return [entry_button(talk, fitting, places)]
    related = [talk.knowledge.entries[id] for id in entry.related if id in talk.knowledge.entries]
    return [entry_button(talk, related[0], places)] if related else [talk.button("topics", "T")]


def _argument(entry: Entry, places: Sequence[str]) -> str:
    """An entry's button carries the place only when one is spoken of; the mover's own is known anyway."""
    return f"{entry.id}@{places[0]}" if len(places) == 1 else entry.id


def _title(entry: Entry, text: EntryText) -> Markup:
    return Markup("<b>{}</b>").format(text.title) if entry.topic != ABOUT_ITSELF else Markup("")


def _sections(talk: Talk, text: EntryText, places: Sequence[str]) -> list[Markup]:
    told = [place for place in places if place in text.sections]
    sections = [Markup("<b>{}</b>\n{}").format(talk.place(place), html(text.sections[place])) for place in told[:3]]
    missing = [place for place in places if place not in text.sections]
    if missing and text.sections:
        sections.append(talk.phrase("answer.no_section", place=talk.places(missing[:3])))
    return sections


def _small_print(talk: Talk, entry: Entry, places: Sequence[str]) -> list[Markup]:
    if entry.topic == ABOUT_ITSELF:
        return []
    lines = []
    served = entry.language_for(talk.language)
    # Bokmål for a reader of Nynorsk needs no excuse.
    if served != talk.language and talk.language not in ("nb", "nn"):
        lines.append(talk.phrase("language.served_in", language=label(served, "language.name")))
    if entry.texts[served].outdated:
        lines.append(talk.phrase("language.outdated"))
    date = f"{entry.checked_on:%d.%m.%Y}"
    names = _source_names(entry, places)
    if names:
        lines.append(talk.phrase("answer.sources", sources=", ".join(names), date=date))
    else:
        lines.append(talk.phrase("answer.checked", date=date))
    return [Markup("\n").join(lines)]


def _source_names(entry: Entry, places: Sequence[str]) -> list[str]:
    """The municipality's own sources first; those of other municipalities speak of what is not shown."""
    own = [source for source in entry.sources if source.municipality in places]
    general = [source for source in entry.sources if source.municipality is None]
    return list(dict.fromkeys(_named(source) for source in (*own, *general)))[:MAX_SOURCES]


def _named(source: Source) -> str:
    """Name and year; how editors note an uncertain time ("ca. 2021, undated") is nothing for readers."""
    years = _YEAR.findall(source.as_of)
    return f"{source.name} ({years[-1]})" if years else source.name


def _beginning(markdown: str) -> Markup:
    """Whole sentences from the beginning, up to MAX_SHARE characters of text."""
    first = markdown.split("\n\n")[0]
    if len(first) <= MAX_SHARE:
        return html(first)
    cut = first[:MAX_SHARE]
    end = max(cut.rfind(". "), cut.rfind(".\n"))
    # A cut inside a link's target would show the target's beginning; a whole first sentence always fits.
    return html(cut[: end + 1] if end > 0 and cut[: end + 1].count("(") == cut[: end + 1].count(")") else first)
