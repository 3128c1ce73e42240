"""Whether the right person pressed an invitation: any coordinator says it, in the chat or on the hosts' page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk import invitations, joining, staff
from bot.desk.case import Case
from bot.storage import invites
from bot.storage.invites import Waiting
from bot.texts import label


async def waiting(case: Case) -> Sequence[Waiting]:
    """Who waits, for a coordinator; nobody for others."""
    return await invites.waiting(case.session, case.now) if staff.is_coordinator(case) else ()


async def ask_again(case: Case) -> None:
    """Each who waits, with the buttons: what is typed must say whom it is about."""
    if not staff.is_coordinator(case):
        return
    for one in await invites.waiting(case.session, case.now):
        html, row = invitations.question(case, case.language, one)
        case.tell(html, [row])
    if not case.replies:
        case.say("desk.confirm_nobody")


async def confirm(case: Case, code: str) -> None:
    """The one who waits is host from now on, as if nobody had been asked."""
    one = await _settle(case, code, accepted=True)
    if one is None:
        return
    newcomer = await case.of_chat(one.chat_id, one.name)
    await joining.welcome(newcomer, one.role, one.municipality)
    await newcomer.send_said()
    _say(case, "desk.confirmed", one)


async def refuse(case: Case, code: str) -> None:
    """The link is dead, and the one who waited hears it."""
    one = await _settle(case, code, accepted=False)
    if one is None:
        return
    other = await case.of_chat(one.chat_id, one.name)
    other.say("desk.invite_refused", place=case.place(one.municipality))
    await other.send_said()
    _say(case, "desk.confirm_refused", one)


async def _settle(case: Case, code: str, accepted: bool) -> Waiting | None:
    """Who waited; None where nobody does any more, or it is not for this person to say, and that is told."""
    if not staff.is_coordinator(case):
        return None
    wanted = code.strip().lower()
    found = [one for one in await invites.waiting(case.session, case.now) if one.code == wanted]
    if len(found) == 1 and await invites.settle(case.session, found[0], accepted, case.now):
        return found[0]
    case.say("desk.confirm_over")
    return None


def _say(case: Case, key: str, one: Waiting) -> None:
    case.done = True
    case.say(key, name=one.name or label(case.language, "desk.nameless"), place=case.place(one.municipality))
