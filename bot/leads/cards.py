"""What a host is shown of a lead, in the host's own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from bot.leads.model import Author, Host, Lead
from bot.leads.notices import local
from bot.texts import label, say

MAX_THREAD = 3000


def mover_name(host: Host, lead: Lead) -> str:
    return lead.mover_name or label(host.language, "desk.anonymous")


def taken_card(host: Host, lead: Lead, thread: Iterable[tuple[Author, str]]) -> Markup:
    """For the one who took the lead, in a private chat: the mover's questions and what was written so far."""
    parts = [say(host.language, "desk.taken_by_you", reference=lead.reference, mover=mover_name(host, lead))]
    wishes = lead.wishes
    told = {
        "household": wishes.household,
        "trades": ", ".join(wishes.trades),
        "when": wishes.when,
        "contact": f"{label(host.language, f'button.way.{wishes.contact_way}')} {wishes.contact}".strip(),
        "languages": wishes.languages,
        "message": wishes.message,
        **{f"companion{n}": f"{c.name}: {c.words}" for n, c in enumerate(lead.companions)},
    }
    keys = {key: "companion" if key.startswith("companion") else key for key in told}
    lines = [say(host.language, f"lead.line.{keys[key]}", value=value) for key, value in told.items() if value]
    parts.append(Markup("\n").join(lines))
    if lead.asked:
        questions = Markup("\n").join(Markup("– {}").format(asked.shown) for asked in lead.asked)
        parts.append(say(host.language, "desk.questions", mover=mover_name(host, lead), questions=questions))
    written = [text for author, text in thread if author == "mover"]
    if written:
        parts.append(say(host.language, "desk.thread", thread="\n".join(written)[-MAX_THREAD:]))
    return Markup("\n\n").join(parts)


def taken_summary(host: Host, lead: Lead) -> Markup:
    """For the one who took the lead where the municipality wants no words told outside the inbox."""
    mover = label(host.language, "desk.anonymous")
    taken = say(host.language, "desk.taken_by_you", reference=lead.reference, mover=mover)
    key = "desk.words_in_inbox" if host.email else "desk.words_need_inbox"
    return Markup("\n\n").join([taken, say(host.language, key)])


def host_card(language: str, host: Host) -> Markup:
    """The host's card in the mover's language; the sentence is the host's own."""
    lines = [Markup("<b>{}</b>").format(host.name)]
    if host.card.sentence:
        lines.append(Markup("{}").format(host.card.sentence))
    if host.card.languages:
        lines.append(say(language, "partner.card_languages", languages=host.card.languages))
    return Markup("\n").join(lines)


def list_line(host: Host, lead: Lead, places: Mapping[str, str], takers: Mapping[int, Host], quiet: str = "") -> Markup:
    """One lead in the list of open ones; `quiet` says that its mover is not heard from."""
    taker = takers.get(lead.taken_by or 0)
    if lead.state == "new":
        state = label(host.language, "desk.state_new")
    elif taker and taker.id == host.id:
        state = label(host.language, "desk.state_mine")
    else:
        state = label(host.language, "desk.state_taken", host=taker.name if taker else "?")
    place = places.get(lead.municipality or "", label(host.language, "lead.unsure"))
    when = local(lead.created_at)
    return say(
        host.language,
        "desk.line",
        reference=lead.reference,
        place=place,
        state=", ".join(filter(None, [state, when, quiet])),
    )
