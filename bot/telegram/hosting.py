"""What a host does in Telegram, brought to the desk: presses, /svar, and answers to notices."""

from __future__ import annotations

import re
from datetime import datetime

from bot.desk import Desk, Via
from bot.dialogue.buttons import parse
from bot.dialogue.dates import read_day
from bot.dialogue.model import Commanded, Pressed, Said, Showed
from bot.leads import references
from bot.leads.model import MORE_OUTCOMES, OUTCOMES
from bot.leads.notices import OSLO
from bot.telegram.messages import Heard

#: "Svar TYN-7F3K og så teksten", typed instead of pressed.
_ANSWER = re.compile(r"(?:svar|answer)\s+(?P<reference>[A-Za-z]{2,3}-\w{4})\s*(?P<text>.*)", re.IGNORECASE | re.DOTALL)
_INVITES = ("h_", "c_")
_PRESSES = ("ht", "ha", "hz", "hm", "hx", "hc", "iy", "in")
_COMMANDS = ("svar", "saker", "avbryt", "ta", "lukk", "kort", "kortsprak", "gruppe", "group")
#: What a host sets, in Norwegian and English.
_SETTINGS = ("innstillinger", "settings", "borte", "away", "tilbake", "back", "invite", "inviter")
#: A coordinator's word on who pressed an invitation, typed instead of pressed.
_YES, _NO = ("bekreft", "confirm"), ("avvis", "refuse")
_CHANNELS = {"telegram": "telegram", "e-post": "mail", "epost": "mail", "mail": "mail", "email": "mail"}
_UNTIL = re.compile(r"(?:til og med|t\.o\.m\.|til|until|to)\s+", re.IGNORECASE)
#: A picture with this below it becomes the picture of the host's card.
_CARD = "/kort"


class DeskInTelegram:
    def __init__(self, desk: Desk) -> None:
        self.desk = self._desk = desk

    async def is_host(self, chat_id: int) -> bool:
        return await self._desk.is_host(chat_id)

    async def handle(self, heard: Heard, arrival_id: int, now: datetime) -> bool:
        """Do it if it is a host's business; False leaves it to the assistant."""
        via = Via(heard.sender.chat_id, " ".join(heard.sender.first_name.split())[:64], (arrival_id,))
        match heard.message:
            case Pressed(data):
                return await self._pressed(data, via, now)
            case Commanded(name, argument) if name == "start" and argument.startswith(_INVITES):
                await self._desk.join(argument, via, now)
                return True
            case Commanded(name, argument) if name in _COMMANDS and await self._desk.is_host(via.chat_id):
                return await self._commanded(name, argument, via, now)
            case Commanded(name, argument) if name in (*_SETTINGS, *_YES, *_NO) and await self._desk.is_host(
                via.chat_id
            ):
                await self._set(name, argument.strip(), via, now)
                return True
            case Said(text):
                return await self._said(text, heard, via, now)
            case Showed("photo", caption, file_id) if caption.strip().lower().startswith(_CARD):
                if not await self._desk.is_host(via.chat_id):
                    return False
                await self._desk.set_card(via, now, photo=file_id)
                return True
            case _:
                return False

    async def _pressed(self, data: str, via: Via, now: datetime) -> bool:
        press = parse(data)
        if press is None or press.verb not in _PRESSES:
            return False
        reference, _, outcome = press.argument.partition(".")
        if press.verb == "ht":
            await self._desk.take(reference, via, now)
        elif press.verb == "ha":
            await self._desk.begin_answer(reference, via, now)
        elif press.verb in ("hz", "hm"):
            await self._desk.ask_outcome(reference, via, now, more=press.verb == "hm")
        elif press.verb == "hc":
            await self._desk.office.set_channel(press.argument, via, now)
        elif press.verb == "iy":
            await self._desk.office.confirm(press.argument, via, now)
        elif press.verb == "in":
            await self._desk.office.refuse(press.argument, via, now)
        else:
            known = next((o for o in (*OUTCOMES, *MORE_OUTCOMES) if o == outcome), None)
            if known is None:
                return False
            await self._desk.close(reference, known, via, now)
        return True

    async def _commanded(self, name: str, argument: str, via: Via, now: datetime) -> bool:
        reference = references.find(argument)
        if name == "kort":
            await self._desk.set_card(via, now, **({"sentence": argument} if argument else {}))
        elif name == "kortsprak":
            await self._desk.set_card(via, now, languages=argument)
        elif name in ("gruppe", "group"):
            await self._desk.tell("group_how", via, now)
        elif name == "saker":
            await self._desk.show_open(via, now)
        elif name == "avbryt":
            if await self._desk.answering(via.chat_id, now) is None:
                return False
            await self._desk.stop_answering(via, now)
        elif reference is None:
            await self._desk.tell("which", via, now)
        elif name == "ta":
            await self._desk.take(reference, via, now)
        elif name == "lukk":
            await self._desk.ask_outcome(reference, via, now)
        else:
            await self._answer(reference, references.PATTERN.sub("", argument, count=1), via, now)
        return True

    async def _set(self, name: str, argument: str, via: Via, now: datetime) -> None:
        """How a host works, and who else is one."""
        office = self._desk.office
        if name in ("invite", "inviter"):
            place, _, email = argument.partition(" ")
            await office.invite(place, email.strip(), via, now)
        elif name in (*_YES, *_NO) and not argument:
            await office.ask_again(via, now)
        elif name in _YES:
            await office.confirm(argument, via, now)
        elif name in _NO:
            await office.refuse(argument, via, now)
        elif name in ("borte", "away"):
            day = read_day(_UNTIL.sub("", argument, count=1), now.astimezone(OSLO).date())
            await office.set_away(day, via, now)
        elif name in ("tilbake", "back"):
            await office.set_back(via, now)
        elif "@" in argument:
            await office.link_mail(argument, via, now)
        elif argument:
            await office.set_channel(_CHANNELS.get(argument.lower(), ""), via, now)
        else:
            await office.show(via, now)

    async def _said(self, text: str, heard: Heard, via: Via, now: datetime) -> bool:
        """A text is for a mover only as an answer to that lead's message, or after "Svar TYN-…"."""
        if not await self._desk.is_host(via.chat_id):
            return False
        typed = _ANSWER.fullmatch(text.strip())
        if typed:
            await self._answer(typed["reference"], typed["text"], via, now)
            return True
        reference = await self._lead_answered(heard)
        reference = reference or await self._desk.answering(via.chat_id, now)
        if reference is None or not text.strip():
            return False
        await self._desk.answer(reference, text, via, now)
        return True

    async def _answer(self, reference: str, text: str, via: Via, now: datetime) -> None:
        if text.strip():
            await self._desk.answer(reference, text.strip(), via, now)
        else:
            await self._desk.begin_answer(reference, via, now)

    async def _lead_answered(self, heard: Heard) -> str | None:
        if heard.about_message is None:
            return None
        return await self._desk.lead_of_message(heard.sender.chat_id, heard.about_message)
