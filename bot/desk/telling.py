"""What the mover and the other hosts hear of what a host does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from bot.desk.case import Case
from bot.dialogue.buttons import data
from bot.dialogue.model import Button, Notice, Reply
from bot.leads import cards, notices, routing
from bot.leads.model import Card, Host, Lead
from bot.storage import conversations, deliveries, hosts
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
    **values: object,
) -> None:
    """A message to the mover; `partner` True makes this host the one who is written to, False ends that."""
    conversation, version = await conversations.load(case.session, lead.mover_chat)
    language = conversation.language if conversation else lead.language
    name = host.name or label(language, "partner.default_host")
    html = say(language, key, host=name, reference=lead.reference, **values)
    if partner:
        html += "\n\n" + say(language, "partner.hint", host=name)
        rows = ((Button(label(language, "button.to_assistant"), data("as")),),)
    if conversation is not None and partner is not None:
        stays = partner or conversation.partner not in (None, lead.reference)
        new = lead.reference if partner else (conversation.partner if stays else None)
        await conversations.save(case.session, replace(conversation, partner=new), version)
    if card:
        html += "\n\n" + cards.host_card(language, host)
    body = reply_body(Reply(str(html), rows, photo=card.photo if card else ""))
    await deliveries.add(case.session, "host", lead.mover_chat, body, case.now, lead.reference)


async def tell_other_hosts(case: Case, lead: Lead, taker: Host) -> None:
    others = routing.recipients(lead.municipality, await hosts.active(case.session))
    told = [
        Notice(
            host,
            lead.reference,
            str(say(host.language, "desk.taken_by_other", reference=lead.reference, host=taker.name)),
        )
        for host in others
        # In Telegram the others see at once that it is taken; a mail for that is one mail too many.
        if not _same_person(host, taker) and not host.by_mail
    ]
    await add_notices(case.session, told, case.now)


async def tell_of_lead(case: Case, lead: Lead, to: Iterable[Host]) -> None:
    """A notice at summary level, with the button to take it."""
    told = []
    for host in to:
        html = lead_notice(case, lead, host)
        button = Button(label(host.language, "desk.take"), data("ht", lead.reference))
        told.append(Notice(host, lead.reference, str(html), ((button,),)))
    await add_notices(case.session, told, case.now)


def lead_notice(case: Case, lead: Lead, host: Host) -> Markup:
    titles = {id: entry.title(host.language) for id, entry in case.knowledge.entries.items()}
    also_to = ", ".join(case.place(slug) for slug in lead.also_to)
    return notices.new_lead(host, lead, case.place(lead.municipality), also_to, titles)


def _same_person(one: Host, other: Host) -> bool:
    return one.id == other.id or (one.chat_id is not None and one.chat_id == other.chat_id)
