"""Signing in by a link or code in a mail, and the browsers that are signed in. Every secret is stored as a hash.

A mail scanner that fetches the link burns nothing: only a POST from the browser that asked, or the six digits typed
into that browser, signs in. Whoever asks for an address that we do not know is told the same as everybody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.model import Host
from bot.storage import hosts, sign_ins
from bot.storage.engine import Database
from bot.storage.notices import mail, reopen_mailbox
from bot.texts import say

#: Wishes for one address in a day: after the first few a mail has no code, since codes can be guessed; then no mail.
CODES_A_DAY, MAILS_A_DAY = 5, 20


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whose browser is signed in, with the roles the address has now."""

    email: str
    roles: tuple[Host, ...]
    own_device: bool

    @property
    def host_ids(self) -> tuple[int, ...]:
        return tuple(role.id for role in self.roles)

    @property
    def language(self) -> str:
        return self.roles[0].language


class SignIn:
    def __init__(self, database: Database, stored: Callable[[], None]) -> None:
        self._database, self._stored = database, stored

    async def ask(self, email: str, browser: str, next_path: str, now: datetime) -> None:
        """Mail a link and a code to this address, if a host has it. `browser` is the secret of the one that asks."""
        email = email.strip().lower()
        token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06}"
        async with self._database.transaction() as session:
            roles = await hosts.of_email(session, email)
            if not roles:
                return
            asked = await sign_ins.asked_lately(session, email, now)
            if asked >= MAILS_A_DAY:
                return
            with_code = asked < CODES_A_DAY
            code_hash = _code_hash(browser, code) if with_code else None
            await sign_ins.ask(session, _hash(browser), _hash(token), code_hash, email, now)
            for role in roles:
                await reopen_mailbox(session, role.id)
            html = say(roles[0].language, "mail.sign_in" if with_code else "mail.sign_in_link", code=code)
            path = f"/inbox/sign-in/{token}?next={next_path}"
            await mail(session, roles[0].id, email, roles[0].language, "sign_in", str(html), path, now)
        self._stored()

    async def asked(self, browser: str, token: str, now: datetime) -> bool:
        """Whether this browser asked for this link and it still works; looking uses nothing up."""
        async with self._database.reading() as session:
            return await sign_ins.find(session, _hash(browser), _hash(token), now)

    async def by_link(self, browser: str, token: str, own_device: bool, now: datetime) -> str | None:
        """The session's secret, or None when the link does not work, or not in this browser."""
        async with self._database.transaction() as session:
            email = await sign_ins.use_link(session, _hash(browser), _hash(token), now)
            if email is None or not await hosts.of_email(session, email):
                return None
            return await self._begin(session, email, own_device, now)

    async def by_code(self, browser: str, code: str, own_device: bool, now: datetime) -> str | None:
        async with self._database.transaction() as session:
            digits = "".join(character for character in code if character.isdigit())
            email = await sign_ins.use_code(session, _hash(browser), _code_hash(browser, digits), now)
            if email is None or not await hosts.of_email(session, email):
                return None
            return await self._begin(session, email, own_device, now)

    async def begin(self, host: Host, now: datetime) -> str | None:
        """For somebody who has just used an invitation that was mailed."""
        if not host.email:
            return None
        async with self._database.transaction() as session:
            return await self._begin(session, host.email, False, now)

    async def who(self, secret: str, now: datetime) -> SignedIn | None:
        """Who this browser is signed in as; None when the session ended, or the roles did."""
        async with self._database.transaction() as session:
            row = await sign_ins.session_of(session, _hash(secret), now)
            roles = await hosts.of_email(session, row.email) if row else ()
            return SignedIn(row.email, roles, row.own_device) if row and roles else None

    async def leave(self, secret: str) -> None:
        async with self._database.transaction() as session:
            await sign_ins.end(session, _hash(secret))

    async def leave_everywhere(self, email: str) -> None:
        async with self._database.transaction() as session:
            await sign_ins.end_all(session, email)

    async def _begin(self, session: AsyncSession, email: str, own_device: bool, now: datetime) -> str:
        secret = secrets.token_urlsafe(32)
        await sign_ins.begin(session, _hash(secret), email, own_device, now)
        return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _code_hash(browser: str, code: str) -> str:
    """Six digits alone could be found from their hash; with the browser's secret, which is not stored, they cannot."""
    return _hash(f"{browser}/{code}")
