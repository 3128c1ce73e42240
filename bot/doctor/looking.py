"""Everything, in the order in which one would put it right."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.doctor import content, mail, pages, store, telegram
from bot.doctor.finding import Finding, ok, warning
from bot.settings import Settings


async def look(settings: Settings, database_name: str, mail_to: str, now: datetime) -> list[Finding]:
    """`mail_to` gets a test mail, where it is given."""
    talks, stored = telegram.check(settings, now), store.check(settings, database_name, now)
    told, mailed, page, kept = await asyncio.gather(
        talks, mail.check(settings, mail_to, now), pages.check(settings), stored
    )
    # It trains nothing and waits for nobody, so it may hold up the loop.
    return [*told, *mailed, page, *kept, *content.check(settings), _controller(settings)]


def _controller(settings: Settings) -> Finding:
    named = {"CONTROLLER": settings.controller, "PRIVACY_CONTACT": settings.privacy_contact}
    missing = [name for name, value in named.items() if not value]
    if not missing:
        return ok("privacy", "controller and contact are named")
    text = f"{' and '.join(missing)} not set: movers are told that it is not known"
    return warning("privacy", text, "Set both: who answers for personal data, and where people can write.")
