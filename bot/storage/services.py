"""How each municipality's hosts work, as they set it; the default where nothing was set."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.leads.service import Service, Services
from bot.storage.tables import ServiceRow

_service = TypeAdapter(Service)
#: The coordinators' own settings, which hold for leads without municipality.
REGION = ""


async def everything(session: AsyncSession) -> Services:
    rows = (await session.exec(select(ServiceRow))).all()
    return Services({row.municipality or None: _service.validate_python(row.settings) for row in rows})


async def save(session: AsyncSession, municipality: str | None, service: Service, now: datetime) -> None:
    settings = _service.dump_python(service, mode="json")
    await session.merge(ServiceRow(municipality=municipality or REGION, settings=settings, changed_at=now))
