"""What the mover and the other hosts hear of what a host does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from bot.desk.case import Case
from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Conversation, Notice, Reply
from bot.leads import cards, notices, routing
from bot.leads.model import Card, Host, Lead
from bot.storage import conversations, deliveries, groups, hosts, services, sharing
from bot.storage.notices import add_notices
from bot.storage.turns import reply_body
from bot.texts import label, say


async def tell_mover(
    case: Case,
    lead: Lead,
    host: Host,
    key: str,
    partner: bool | None = None,
    card: Card | None = None,
    rows: tuple[tuple[Button, ...], ...] = (),
    below: str = "",
    **values: object,
) -> None:
    """A message to the mover; `partner` True makes this host the one who is written to, False ends that.

    `below` is the key of a phrase that follows.
    """
    conversation, version = await conversations.load(case.session, lead.mover_chat)
    language = conversation.language if conversation else lead.language
    name = host.name or label(language, "partner.default_host")
    html = say(language, key, host=name, reference=lead.reference, **values)
    if partner:
        html += "\n\n" + say(language, "partner.hint", host=name)
        rows = ((Button(label(language, "button.to_assistant"), data("as")),),)
    if below:
        html += "\n\n" + say(language, below)
    if conversation is not None:
        changed = _with_offered(conversation, rows)
        if partner is not None:
            stays = partner or conversation.partner not in (None, lead.reference)
            changed = replace(changed, partner=lead.reference if partner else (conversation.partner if stays else None))
        if changed != conversation:
            await conversations.save(case.session, changed, version)
    if card:
        html += "\n\n" + cards.host_card(language, host)
    body = reply_body(Reply(str(html), rows, photo=card.photo if card else ""))
    await deliveries.add(case.session, "host", lead.mover_chat, body, case.now, lead.reference)


async def say_to_mover(case: Case, lead: Lead, text: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    """A text of our own, with its buttons."""
    conversation, version = await conversations.load(case.session, lead.mover_chat)
    if conversation is not None:
        await conversations.save(case.session, _with_offered(conversation, rows), version)
    body = reply_body(Reply(str(Markup.escape(text)), rows))
    await deliveries.add(case.session, "host", lead.mover_chat, body, case.now, lead.reference)


def _with_offered(conversation: Conversation, rows: tuple[tuple[Button, ...], ...]) -> Conversation:
    """Typing what these buttons say will be pressing them."""
    shown = [(button.label, button.data) for row in rows for button in row if button.data]
    return replace(conversation, offered=tuple(dict.fromkeys((*shown, *conversation.offered))))


async def tell_other_hosts(case: Case, lead: Lead, taker: Host) -> None:
    """Each alone, and the group that was told of the lead once."""
    others = routing.informed(lead, await hosts.active(case.session))
    in_groups = await groups.of_hosts(case.session, others)
    for group in dict.fromkeys(in_groups.values()):
        html = say(group.language, "desk.taken_by_other", reference=lead.reference, host=taker.name)
        await sharing.tell(case.session, group, str(html), (), case.now, lead.reference)
    told = [
        Notice(
            host,
            lead.reference,
            str(say(host.language, "desk.taken_by_other", reference=lead.reference, host=taker.name)),
        )
        for host in others
        # In Telegram the others see at once that it is taken; a mail for that is one mail too many.
        if not _same_person(host, taker)
        and not host.by_mail
        and not (host.id in in_groups and in_groups[host.id].reaches(host))
    ]
    await add_notices(case.session, told, case.now)


async def tell_group_of_removal(case: Case, former: Host) -> None:
    """Whoever is no host any more reads on in the group until somebody there takes them out."""
    group = await groups.of_host(case.session, former)
    if group is not None and former.chat_id in group.present:
        html = say(group.language, "group.host_removed", host=former.name)
        await sharing.tell(case.session, group, str(html), (), case.now, None)
        await groups.set_present(case.session, group.chat_id, (), [former.chat_id])


async def tell_of_lead(case: Case, lead: Lead, to: Iterable[Host]) -> None:
    """A notice at summary level, with the button to take it."""
    told = []
    for host in to:
        html = await lead_notice(case, lead, host)
        button = Button(label(host.language, "desk.take"), data("ht", lead.reference))
        shared = routing.acts_for(host, lead.municipality) and host.id != lead.stand_in
        told.append(Notice(host, lead.reference, str(html), ((button,),), shared=shared))
    await add_notices(case.session, told, case.now)


async def lead_notice(case: Case, lead: Lead, host: Host) -> Markup:
    """As much of it as the municipality wants told outside the inbox."""
    detail = (await services.everything(case.session))[lead.municipality].detail_for(host)
    titles = {id: entry.title(host.language) for id, entry in case.knowledge.entries.items()}
    also_to = ", ".join(case.place(slug) for slug in lead.also_to)
    return notices.new_lead(host, lead, case.place(lead.municipality), also_to, titles, detail)


def _same_person(one: Host, other: Host) -> bool:
    return one.id == other.id or (one.chat_id is not None and one.chat_id == other.chat_id)
