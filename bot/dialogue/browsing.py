"""Reading without asking: topics, the entries in one, a single entry."""

from __future__ import annotations

from bot.dialogue import answers
from bot.dialogue.buttons import data
from bot.dialogue.model import Button
from bot.dialogue.talk import Talk
from bot.texts import label, phrases


def show_topics(talk: Talk, edit: bool = False) -> None:
    topics = [topic for topic in talk.knowledge.topics if topic != answers.ABOUT_ITSELF]
    named = [Button(topic_name(talk, topic), data("t", topic)) for topic in topics]
    talk.say("topics.ask", [named[i : i + 2] for i in range(0, len(named), 2)], edit)


def show_topic(talk: Talk, topic: str) -> bool:
    """The entries of a topic; False when there is no such topic."""
    entries = talk.knowledge.in_topic(topic)
    if not entries:
        return False
    rows = [[answers.entry_button(talk, entry)] for entry in entries]
    talk.say("topics.entries", [*rows, [talk.button("back", "T")]], edit=True, topic=topic_name(talk, topic))
    return True


def show_entry(talk: Talk, argument: str) -> bool:
    """An entry by "topic/slug" or "topic/slug@municipality"; False when it is not there (any more)."""
    entry_id, _, slug = argument.partition("@")
    entry = talk.knowledge.entries.get(entry_id)
    if entry is None:
        return False
    place = slug if slug in talk.knowledge.municipalities else None
    context = talk.conversation.context
    spoken_of = (place,) if place else context.municipalities
    answers.tell(talk, entry, spoken_of or talk.conversation.municipalities)
    talk.remember(context=type(context)(entry.id, spoken_of))
    return True


def topic_command(talk: Talk, argument: str) -> None:
    """/tema, or /tema bolig"""
    wanted = argument.strip().lower()
    for topic in talk.knowledge.topics:
        if wanted and wanted in (topic, topic_name(talk, topic).lower()):
            show_topic(talk, topic)
            return
    show_topics(talk)


def topic_name(talk: Talk, topic: str) -> str:
    """Editors may add a topic; until it has a name in the phrases its folder's name serves."""
    key = f"topics.{topic}"
    return label(talk.language, key) if key in phrases(talk.language) else topic.replace("-", " ").capitalize()
