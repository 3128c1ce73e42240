"""The ready-made texts that municipalities wrote."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.text_blocks import TextBlock
from bot.storage.services import REGION
from bot.storage.tables import TextBlockRow


async def of(session: AsyncSession, municipality: str | None) -> tuple[TextBlock, ...]:
    """By language and title; None: the coordinators' own."""
    rows = await session.exec(
        select(TextBlockRow)
        .where(col(TextBlockRow.municipality) == (municipality or REGION))
        .order_by(col(TextBlockRow.language), col(TextBlockRow.title), col(TextBlockRow.id))
    )
    return tuple(TextBlock(str(row.id), row.language, row.title, row.text) for row in rows.all())


async def add(session: AsyncSession, municipality: str | None, block: TextBlock, now: datetime) -> None:
    """`block.key` is given by the store."""
    session.add(
        TextBlockRow(
            municipality=municipality or REGION,
            language=block.language,
            title=block.title,
            text=block.text,
            changed_at=now,
        )
    )


async def change(session: AsyncSession, municipality: str | None, block: TextBlock, now: datetime) -> bool:
    """False when this municipality has no such text."""
    result = await session.exec(
        update(TextBlockRow)
        .where(col(TextBlockRow.id) == _number(block.key), col(TextBlockRow.municipality) == (municipality or REGION))
        .values(language=block.language, title=block.title, text=block.text, changed_at=now)
    )
    return getattr(result, "rowcount", 0) == 1


async def remove(session: AsyncSession, municipality: str | None, key: str) -> bool:
    result = await session.exec(
        delete(TextBlockRow).where(
            col(TextBlockRow.id) == _number(key), col(TextBlockRow.municipality) == (municipality or REGION)
        )
    )
    return getattr(result, "rowcount", 0) == 1


def _number(key: str) -> int:
    """No row has 0; a key that is no number is met kindly."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0
