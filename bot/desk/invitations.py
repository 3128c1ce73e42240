"""One-time links that make somebody a host, kept as hashes."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.desk.case import Case
from bot.leads.model import Role
from bot.storage import hosts
from bot.storage.notices import mail
from bot.texts import DEFAULT, say

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MAX_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Mailed:
    """An invitation as its page shows it. `name`: who gets her mail linked by it; empty for somebody new."""

    name: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_address(text: str) -> bool:
    """Whether mail could go there."""
    return len(text.strip()) <= MAX_ADDRESS and _ADDRESS.fullmatch(text.strip()) is not None


async def invite(case: Case, role: Role, municipality: str | None, email: str = "") -> str:
    """The link's parameter; it works once, for seven days. With `email`, it is mailed there too."""
    token = secrets.token_urlsafe(16)
    parameter = f"{'h' if role == 'host' else 'c'}_{token}"
    email = email.strip().lower()
    await hosts.invite(case.session, hash_of(token), role, municipality, case.now, email or None)
    if email:
        html = say(DEFAULT, f"mail.invite_{role}", place=case.place(municipality))
        await mail(case.session, 0, email, DEFAULT, "invite", str(html), f"/inbox/join/{parameter}", case.now)
    return parameter


async def look(session: AsyncSession, parameter: str, now: datetime) -> Mailed | None:
    """None when it cannot be used, or was not mailed."""
    found = await hosts.look_at_invite(session, hash_of(parameter[2:]), now)
    if isinstance(found, str) or not found.email:
        return None
    if found.host_id is None:
        return Mailed("")
    host = next((host for host in await hosts.active(session) if host.id == found.host_id), None)
    return Mailed(host.name) if host else None
