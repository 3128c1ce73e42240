"""The list of leads, and one lead. Each look at a lead is in its log."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from bot.desk.drafting import Draft, propose
from bot.desk.looking import Looked
from bot.desk.signing_in import SignedIn
from bot.leads.model import MORE_OUTCOMES, OUTCOMES
from bot.leads.text_blocks import put_at_end
from bot.texts import label
from bot.web.inbox import shown
from bot.web.inbox.door import Door, via


class ReadingPages:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def leads(self, request: Request) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        listed = await door.desk.all_leads(via(who), door.clock())
        language = door.language(request, who)
        groups = shown.groups(listed, door.knowledge(), language, door.clock())
        return door.page(request, "list.html", who=who, groups=groups)

    async def lead(self, request: Request) -> Response:
        return await self._lead_page(request, "lead.html")

    async def answer(self, request: Request) -> Response:
        return await self._lead_page(request, "answer.html")

    async def close(self, request: Request) -> Response:
        return await self._lead_page(request, "close.html")

    async def _lead_page(self, request: Request, template: str) -> Response:
        door, who = self._door, await self._door.who(request)
        if who is None:
            return door.to_sign_in(request)
        return await lead_page(door, request, who, template)


async def lead_page(
    door: Door,
    request: Request,
    who: SignedIn,
    template: str,
    status: int = 200,
    alert: str = "",
    words: str = "",
    put_in: str = "",
) -> Response:
    """A page about one lead; `alert` says why something could not be done, `words` is what had been written, `put_in`
    the ready-made text to put after it.
    """
    looked = await door.desk.look(request.path_params["reference"], via(who), door.clock())
    if looked is None:
        return door.refused(request, "no_lead", 404, who)
    language, knowledge, lead = door.language(request, who), door.knowledge(), looked.lead
    block = next((block for block in looked.blocks if block.key == put_in), None)
    words = put_at_end(words, block) if block else words
    wants_draft = template == "answer.html" and not words and request.query_params.get("draft") != "no"
    draft = await _draft(door, looked) if wants_draft and not looked.mail_draft else Draft()
    mailed = looked.mail_draft if wants_draft else ""
    asked_to = knowledge.municipalities.get(lead.pass_to or "")
    others = [m for m in knowledge.municipalities.values() if m.slug != lead.municipality]
    return door.page(
        request,
        template,
        status,
        who=who,
        looked=looked,
        lead=lead,
        line=shown.line(lead, looked.taker, knowledge, language, door.clock(), looked.quiet),
        wishes=shown.wishes(lead, language),
        way=shown.way(lead),
        asked=[(asked.text, _title(door, asked.entry, language)) for asked in lead.asked],
        moment=lambda at: shown.moment(at, language),
        outcomes=[(outcome, shown.outcome(outcome, language)) for outcome in OUTCOMES],
        more_outcomes=[(outcome, shown.outcome(outcome, language)) for outcome in MORE_OUTCOMES],
        municipalities=others,
        pass_to=asked_to.name if asked_to else "",
        draft=draft,
        mailed=mailed,
        words=words or mailed or draft.text,
        alert=alert,
        name=lead.mover_name or label(language, "desk.anonymous"),
        may_pass=lead.open and (lead.state == "new" or looked.own or looked.role.role == "coordinator"),
        may_act=lead.state == "new" or (lead.state == "taken" and looked.own),
    )


async def _draft(door: Door, looked: Looked) -> Draft:
    words = shown.mover_words(looked)
    # In a thread: other pages and chats go on while the matcher thinks.
    return await asyncio.to_thread(propose, looked.lead, words, looked.role.name, door.knowledge(), door.matcher())


def _title(door: Door, entry: str, language: str) -> str:
    known = door.knowledge().entries.get(entry)
    return known.title(language) if known else ""
