"""What the page is told: everything at first, then what changed, as plain JSON."""

from bot.web.playground.clock import Timekeeper
from bot.web.playground.mails import Mails, newest
from bot.web.playground.pretended import JSON, Persona, Pretended


def bot(telegram: Pretended) -> JSON:
    return {"name": telegram.bot_name, "username": telegram.bot_username}


def beside(time: Timekeeper, mails: Mails) -> JSON:
    """What lies around the chats: the playground's time, and by which mail one sees whether there is a new one."""
    return {
        "ahead": round(time.clock.ahead.total_seconds() * 1000),
        "moves": time.moves,
        "is_open": time.is_open,
        "newest_mail": newest(mails),
    }


def changes(telegram: Pretended, after: int) -> JSON:
    """All that is newer than this revision. The people come whole each time: there are few."""
    revision = telegram.revision
    personas = telegram.personas()
    chats = {persona.user.id for persona in personas}
    return {
        "revision": revision,
        "people": [_person(telegram, persona) for persona in personas],
        "messages": [message for message in telegram.messages_after(after) if message["chat_id"] in chats],
        "answers": telegram.answers_after(after) if after else [],  # old ones were shown long ago
    }


def _person(telegram: Pretended, persona: Persona) -> JSON:
    user = persona.user
    return {
        "id": user.id,
        "key": persona.key,
        "name": user.name,
        "role": persona.role,
        "language_code": user.language_code,
        "description": persona.description,
        "added": persona.added,
        "read_up_to": persona.read_up_to,
        "started": user.started,
        "blocked": user.blocked,
        "commands": telegram.commands(user.id),
        "about": telegram.description(user.id),
    }
