"""Wishes to sign in and the browsers that are signed in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, and_, delete, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession as Session

from bot.storage.tables import SessionRow, SignInRow

LINK_LIVES = timedelta(minutes=15)
#: Wrong codes for one wish; then only its link works.
MAX_TRIES = 3
IDLE = timedelta(hours=12)
OWN_DEVICE = timedelta(days=30)
#: A session's last use is written no more often than this.
SEEN_EVERY = timedelta(minutes=5)


async def asked_lately(session: Session, email: str, now: datetime) -> int:
    rows = await session.exec(
        select(func.count())
        .select_from(SignInRow)
        .where(col(SignInRow.email) == email, col(SignInRow.created_at) > now - timedelta(days=1))
    )
    return rows.one()


async def ask(
    session: Session, browser_hash: str, token_hash: str, code_hash: str | None, email: str, now: datetime
) -> None:
    """A browser has one wish; a newer one takes its place."""
    await session.exec(
        update(SignInRow)
        .where(col(SignInRow.browser_hash) == browser_hash)
        .values(browser_hash=col(SignInRow.token_hash), expires_at=now)
    )
    session.add(
        SignInRow(
            browser_hash=browser_hash,
            token_hash=token_hash,
            code_hash=code_hash,
            email=email,
            created_at=now,
            expires_at=now + LINK_LIVES,
        )
    )
    await session.flush()


def _open(browser_hash: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        col(SignInRow.browser_hash) == browser_hash,
        col(SignInRow.used_at).is_(None),
        col(SignInRow.expires_at) > now,
    )


async def find(session: Session, browser_hash: str, token_hash: str, now: datetime) -> bool:
    rows = await session.exec(
        select(SignInRow.email).where(_open(browser_hash, now), col(SignInRow.token_hash) == token_hash)
    )
    return rows.first() is not None


async def use_link(session: Session, browser_hash: str, token_hash: str, now: datetime) -> str | None:
    """The address, for the one who gets it; one conditional update, so that a link works once."""
    return await _use(session, and_(_open(browser_hash, now), col(SignInRow.token_hash) == token_hash), now)


async def use_code(session: Session, browser_hash: str, code_hash: str, now: datetime) -> str | None:
    """As use_link; a wrong code counts as a try."""
    await session.exec(update(SignInRow).where(_open(browser_hash, now)).values(tries=SignInRow.tries + 1))
    right = and_(_open(browser_hash, now), col(SignInRow.code_hash) == code_hash, col(SignInRow.tries) <= MAX_TRIES)
    return await _use(session, right, now)


async def _use(session: Session, which: ColumnElement[bool], now: datetime) -> str | None:
    found = (await session.exec(select(SignInRow.email).where(which))).first()
    result = await session.exec(update(SignInRow).where(which).values(used_at=now))
    return found if getattr(result, "rowcount", 0) == 1 else None


async def begin(session: Session, token_hash: str, email: str, own_device: bool, now: datetime) -> None:
    session.add(SessionRow(token_hash=token_hash, email=email, own_device=own_device, created_at=now, seen_at=now))
    await session.flush()


def _over(now: datetime) -> ColumnElement[bool]:
    own = col(SessionRow.own_device)
    return or_(
        and_(own.is_(True), col(SessionRow.created_at) <= now - OWN_DEVICE),
        and_(own.is_(False), col(SessionRow.seen_at) <= now - IDLE),
    )


async def session_of(session: Session, token_hash: str, now: datetime) -> SessionRow | None:
    rows = await session.exec(select(SessionRow).where(col(SessionRow.token_hash) == token_hash, ~_over(now)))
    row = rows.first()
    if row is not None and now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now
        session.add(row)
    return row


async def end(session: Session, token_hash: str) -> None:
    await session.exec(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))


async def end_all(session: Session, email: str) -> None:
    """Every browser of this address, and every link on its way there."""
    await session.exec(delete(SessionRow).where(col(SessionRow.email) == email))
    await session.exec(delete(SignInRow).where(col(SignInRow.email) == email))


def old(now: datetime) -> dict[str, Delete]:
    """What retention deletes."""
    return {
        "sign_in": delete(SignInRow).where(col(SignInRow.created_at) < now - timedelta(days=1)),
        "host_session": delete(SessionRow).where(_over(now)),
    }
