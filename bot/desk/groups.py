"""Telegram groups of hosts: where they begin and end, and what a host does there.

Who acts is known by the user id, which is the number of that person's private chat; what is for one person goes there.
In the group stands only what all in it may read: reference and summary, never a name, contact or word of a mover.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk import handling
from bot.desk.case import Case, Told, Via
from bot.dialogue.model import Reply
from bot.leads import routing
from bot.leads.model import Host
from bot.storage import deliveries, groups, hosts, leads, lost_groups
from bot.storage.groups import Group
from bot.storage.turns import reply_body
from bot.texts import say

#: Typed after /gruppe to end it.
_OFF = ("av", "off", "slutt", "stopp", "stop")


@dataclass(frozen=True, slots=True)
class Where:
    """A group, and the topic in it that somebody wrote in."""

    chat_id: int
    forum: bool = False
    thread_id: int | None = None


class GroupDesk:
    def __init__(self, case: Callable[[Via, datetime], AbstractAsyncContextManager[Case]]) -> None:
        """`case` opens one and stores what became of it."""
        self._case = case

    async def ignore(self, via: Via, now: datetime) -> None:
        """Talk that is not for us."""
        async with self._case(via, now):
            pass

    async def begin(self, where: Where, place: str, via: Via, now: datetime) -> None:
        """/gruppe, or the bot was added: from now on the hosts of one municipality are told there."""
        async with self._case(via, now) as case:
            await _begin(case, where, place.strip().lower())

    async def hosts_of(self, chat_id: int, now: datetime) -> tuple[Host, ...]:
        """The hosts whose group it is, in it or not; none where it is no group of ours."""
        async with self._case(Via(), now) as case:
            group = await groups.get(case.session, chat_id)
            return tuple(host for host in await hosts.active(case.session) if group is not None and group.is_of(host))

    async def seen(self, chat_id: int, present: Sequence[int], absent: Sequence[int], via: Via, now: datetime) -> None:
        """Who is in the group is told there; everybody else is told alone."""
        async with self._case(via, now) as case:
            await groups.set_present(case.session, chat_id, present, absent)

    async def rights_changed(self, where: Where, topics: bool, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            await groups.set_forum(case.session, where.chat_id, where.forum and topics)

    async def left(self, chat_id: int, via: Via, now: datetime) -> None:
        """The bot is not there any more; its hosts are told alone."""
        async with self._case(via, now) as case:
            await lost_groups.lost(case.session, chat_id, now)

    async def moved(self, chat_id: int, new: int, via: Via, now: datetime) -> None:
        async with self._case(via, now) as case:
            await groups.move(case.session, chat_id, new)

    async def take(self, chat_id: int, reference: str, via: Via, now: datetime) -> Told:
        """Somebody pressed there to take a lead; the rest goes to the private chat."""
        async with self._case(via, now) as case:
            await _note_presence(case, chat_id)
            if await _is_told_there(case, chat_id, reference):
                await handling.take(case, reference)
                if case.done:
                    case.say("group.taken")
            else:
                case.say("desk.unknown")
        return Told(case.done, tuple(case.replies))

    async def answer_notice(self, where: Where, about_message: int, text: str, via: Via, now: datetime) -> None:
        """A direct answer to a notice is for the mover, from the one who has the lead; all other talk stays there."""
        async with self._case(via, now) as case:
            await _note_presence(case, where.chat_id)
            reference = await deliveries.reference_of(case.session, where.chat_id, about_message, ("notice",))
            if reference is not None and text.strip() and await _is_meant_for_mover(case, reference):
                await _answer(case, where, reference, text)

    async def answer(self, where: Where, reference: str, text: str, via: Via, now: datetime) -> None:
        """/svar with the text."""
        async with self._case(via, now) as case:
            await _answer(case, where, reference, text)


async def _begin(case: Case, where: Where, place: str) -> None:
    if not case.roles:
        return  # strangers and movers change nothing, and are not told who could
    present = await groups.get(case.session, where.chat_id)
    by = case.via.chat_id
    if present is not None and case.role_at(present.municipality) is None:
        await _say_there(case, where, "group.not_yours", place=_place(case, present))
        return
    if place in _OFF:
        await _end(case, where, present)
        return
    wanted = _roles_for(case, place)
    if len(wanted) != 1:
        await _say_there(case, where, "group.which", places=", ".join(_where(case, role) for role in case.roles))
        return
    role = wanted[0]
    group = Group(where.chat_id, None if role.role == "coordinator" else role.municipality, role.language, where.forum)
    group = replace(group, present=(*(present.present if present else ()), *([by] if by is not None else [])))
    before = await groups.begin(case.session, group, case.now)
    if before is not None:
        html = say(before.language, "group.moved_away", place=_place(case, before))
        await deliveries.add(case.session, "desk", before.chat_id, reply_body(Reply(str(html))), case.now)
    await _say_there(case, where, "group.begun", place=_place(case, group))


async def _end(case: Case, where: Where, present: Group | None) -> None:
    if present is not None:
        await lost_groups.lost(case.session, where.chat_id, case.now)
    await _say_there(case, where, "group.ended")


def _roles_for(case: Case, place: str) -> Sequence[Host]:
    """The roles that a group could be for; `place` is a municipality by slug or name, or the region."""
    if not place:
        return case.roles
    return [role for role in case.roles if place in (role.municipality, _where(case, role).lower())]


def _where(case: Case, role: Host) -> str:
    return case.place(role.municipality) or str(say(case.language, "group.region"))


def _place(case: Case, group: Group) -> str:
    return case.place(group.municipality) or str(say(group.language, "group.region"))


async def _note_presence(case: Case, chat_id: int) -> None:
    """Who does something in a group is in it."""
    if case.roles and case.via.chat_id is not None:
        await groups.set_present(case.session, chat_id, [case.via.chat_id])


async def _is_told_there(case: Case, chat_id: int, reference: str) -> bool:
    """The group is one of ours, and the lead one that its members may see."""
    group, lead = await groups.get(case.session, chat_id), await leads.get(case.session, reference)
    if group is None or lead is None:
        return False
    return group.municipality is None or group.municipality == lead.municipality


async def _is_meant_for_mover(case: Case, reference: str) -> bool:
    """From the one who has the lead; while nobody has it, whoever may take it is told how. Others talk."""
    lead = await leads.get(case.session, reference)
    if lead is None or not any(routing.may_see(role, lead) for role in case.roles):
        return False
    return lead.state == "new" or lead.taken_by in {role.id for role in case.roles}


async def _answer(case: Case, where: Where, reference: str, text: str) -> None:
    if not text.strip():
        await handling.begin_answer(case, reference)
        return
    await handling.answer(case, reference, text.strip())
    if case.done:
        await _say_there(case, where, "group.answered", reference=reference.upper(), host=case.roles[0].name)
    else:
        await _say_alone(case)


async def _say_there(case: Case, where: Where, key: str, **values: object) -> None:
    body = reply_body(Reply(str(say(case.language, key, **values)))) | {"thread": where.thread_id}
    await deliveries.add(case.session, "desk", where.chat_id, body, case.now)


async def _say_alone(case: Case) -> None:
    """What could not be done is for the private chat."""
    if case.via.chat_id is not None:
        for reply in case.replies:
            await deliveries.add(case.session, "desk", case.via.chat_id, reply_body(reply), case.now)
