"""Proof that somebody said yes, by a pseudonym. Erasure destroys the key, and with it the way back to the person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.storage.tables import ConsentRow, PseudonymKeyRow


async def give(
    session: AsyncSession, chat_id: int, reference: str, version: str, language: str, text_hash: str, now: datetime
) -> None:
    session.add(
        ConsentRow(
            pseudonym=await _pseudonym(session, chat_id, reference, now),
            version=version,
            language=language,
            text_hash=text_hash,
            at=now,
        )
    )


async def withdraw(session: AsyncSession, chat_id: int, reference: str, now: datetime) -> None:
    pseudonym = await _pseudonym(session, chat_id, reference, now)
    await session.exec(
        update(ConsentRow)
        .where(col(ConsentRow.pseudonym) == pseudonym, col(ConsentRow.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
    )


async def _pseudonym(session: AsyncSession, chat_id: int, reference: str, now: datetime) -> str:
    row = await session.get(PseudonymKeyRow, chat_id)
    if row is None:
        row = PseudonymKeyRow(chat_id=chat_id, key=secrets.token_bytes(32), used_at=now)
    row.used_at = now
    session.add(row)
    await session.flush()
    return hmac.new(row.key, f"{chat_id}/{reference}".encode(), hashlib.sha256).hexdigest()
