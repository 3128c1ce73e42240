"""The room behind the desk: how hosts work, not what they do with a lead. Each action is one transaction, as there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime

from bot.desk import confirming, linking, municipality, preferences, staff
from bot.desk.case import Case, Told, Via
from bot.leads.model import Host
from bot.leads.service import Service
from bot.leads.text_blocks import TextBlock
from bot.storage.invites import Waiting


class Office:
    def __init__(self, case: Callable[[Via, datetime], AbstractAsyncContextManager[Case]]) -> None:
        """`case` opens one and stores what became of it."""
        self._case = case

    # -- oneself

    async def mine(self, via: Via, now: datetime) -> preferences.Mine | None:
        async with self._case(via, now) as case:
            return await preferences.mine(case)

    async def choose(self, chosen: preferences.Chosen, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: preferences.choose(case, chosen))

    async def show(self, via: Via, now: datetime) -> Told:
        return await self._do(via, now, preferences.show)

    async def set_channel(self, channel: str, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: preferences.set_channel(case, channel))

    async def set_away(self, until: date | None, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: preferences.set_away(case, until))

    async def set_back(self, via: Via, now: datetime) -> Told:
        return await self._do(via, now, preferences.set_back)

    async def link_telegram(self, via: Via, now: datetime) -> Told:
        return await self._do(via, now, linking.offer_telegram)

    async def link_mail(self, email: str, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: linking.offer_mail(case, email))

    # -- a municipality

    async def service(self, place: str | None, via: Via, now: datetime) -> Service | None:
        async with self._case(via, now) as case:
            return await municipality.service(case, place)

    async def set_service(self, place: str | None, wanted: Service, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: municipality.set_service(case, place, wanted))

    async def blocks(self, place: str | None, via: Via, now: datetime) -> tuple[TextBlock, ...] | None:
        async with self._case(via, now) as case:
            return await municipality.blocks(case, place)

    async def write_block(self, place: str | None, block: TextBlock, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: municipality.write_block(case, place, block))

    async def remove_block(self, place: str | None, key: str, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: municipality.remove_block(case, place, key))

    # -- everybody, for the coordinator

    async def members(self, via: Via, now: datetime) -> Sequence[staff.Member] | None:
        async with self._case(via, now) as case:
            return await staff.members(case)

    async def member(self, host_id: int, via: Via, now: datetime) -> Host | None:
        async with self._case(via, now) as case:
            return await staff.find(case, host_id)

    async def invite(self, place: str, email: str, via: Via, now: datetime) -> tuple[Told, str | None]:
        """With the parameter of the link, where it was not mailed."""
        async with self._case(via, now) as case:
            parameter = await staff.invite(case, place, email)
        return Told(case.done, tuple(case.replies)), parameter

    async def waiting(self, via: Via, now: datetime) -> Sequence[Waiting]:
        """Who pressed a coordinator's link and waits for a yes."""
        async with self._case(via, now) as case:
            return await confirming.waiting(case)

    async def ask_again(self, via: Via, now: datetime) -> Told:
        return await self._do(via, now, confirming.ask_again)

    async def confirm(self, code: str, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: confirming.confirm(case, code))

    async def refuse(self, code: str, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: confirming.refuse(case, code))

    async def remove(self, host_id: int, via: Via, now: datetime) -> Told:
        return await self._do(via, now, lambda case: staff.remove(case, host_id))

    async def _do(self, via: Via, now: datetime, action: Callable[[Case], Awaitable[None]]) -> Told:
        async with self._case(via, now) as case:
            await action(case)
        return Told(case.done, tuple(case.replies))
