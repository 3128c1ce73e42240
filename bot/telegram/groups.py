"""What happens in groups, brought to the desk. Whoever is no host is not answered, and the assistant never speaks."""

from __future__ import annotations

import logging
from datetime import datetime

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.desk import Desk, Via, Where
from bot.dialogue.buttons import parse
from bot.dialogue.following import first_guess
from bot.dialogue.model import Commanded, Pressed, Said
from bot.leads import references
from bot.storage.arrivals import Arrival
from bot.telegram.group_hearing import InGroup, Left, Member, Moved, People, heard_in_group
from bot.texts import label, plain

log = logging.getLogger(__name__)

#: In the order they are shown in the menu of a group (texts: group.menu.*).
MENU = ("gruppe", "ta", "svar", "saker")
_BEGIN = ("gruppe", "group")
_ANSWER = ("svar", "answer")
#: What a host may type in a group and is answered in the private chat.
_ALONE = ("ta", "lukk", "saker")
#: Telegram's limit for what is shown over a pressed button.
MAX_TOAST = 200


class GroupsInTelegram:
    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk, self._bot = desk, bot

    async def handle(self, arrival: Arrival, now: datetime) -> None:
        """Raises Unparsable."""
        heard = heard_in_group(arrival, self._bot)
        via = Via(heard.user_id if heard else None, arrival_ids=(arrival.id,), quiet=True)
        if heard is None:
            await self._desk.groups.ignore(via, now)
            return
        where = Where(heard.chat_id, heard.forum, heard.thread_id)
        match heard.what:
            case Pressed(data):
                language = first_guess(heard.language_code)
                await self._show(heard, await self._pressed(data, language, where, via, now))
            case Left():
                await self._desk.groups.left(where.chat_id, via, now)
            case People(came, gone):
                await self._desk.groups.seen(where.chat_id, came, gone, via, now)
            case Moved(to):
                await self._desk.groups.moved(where.chat_id, to, via, now)
            case Member(new=True):
                await self._begin(where, "", via, now)
            case Member(topics=topics):
                await self._desk.groups.rights_changed(where, topics, via, now)
            case Commanded(name, argument) if await self._desk.is_host(heard.user_id):
                await self._commanded(name, argument, where, via, now)
            case Said(text) if heard.about_message is not None and await self._desk.is_host(heard.user_id):
                await self._desk.groups.answer_notice(where, heard.about_message, text, via, now)
            case _:
                await self._desk.groups.ignore(via, now)

    async def _pressed(self, data: str, language: str, where: Where, via: Via, now: datetime) -> str:
        """What is shown over the button."""
        press = parse(data)
        if press is None or press.verb != "ht":
            await self._desk.groups.ignore(via, now)
            return label(language, "other.unknown_button")
        if not await self._desk.is_host(via.chat_id):
            await self._desk.groups.ignore(via, now)
            return label(language, "group.hosts_only")
        told = await self._desk.groups.take(where.chat_id, press.argument, via, now)
        return plain(told.replies[0].html)

    async def _commanded(self, name: str, argument: str, where: Where, via: Via, now: datetime) -> None:
        reference = references.find(argument)
        if name in _BEGIN:
            await self._begin(where, argument, via, now)
        elif name in _ANSWER and reference:
            text = references.PATTERN.sub("", argument, count=1)
            await self._desk.groups.answer(where, reference, text, via, now)
        elif name in _ALONE:
            await self._alone(name, reference, Via(via.chat_id, arrival_ids=via.arrival_ids), now)
        else:
            await self._desk.groups.ignore(via, now)

    async def _begin(self, where: Where, place: str, via: Via, now: datetime) -> None:
        """Whom Telegram knows to be there is told there; everybody else, and who cannot be asked about, alone."""
        await self._desk.groups.begin(where, place, via, now)
        present: list[int] = []
        absent: list[int] = []
        for host in await self._desk.groups.hosts_of(where.chat_id, now):
            if host.chat_id is not None:
                (present if await self._is_there(where.chat_id, host.chat_id) else absent).append(host.chat_id)
        await self._desk.groups.seen(where.chat_id, present, absent, Via(), now)

    async def _is_there(self, chat_id: int, user_id: int) -> bool:
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            log.info("who is in group %s is not known: %s", chat_id, type(error).__name__)
            return False
        return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

    async def _alone(self, name: str, reference: str | None, via: Via, now: datetime) -> None:
        if name == "saker":
            await self._desk.show_open(via, now)
        elif reference is None:
            await self._desk.tell("which", via, now)
        elif name == "ta":
            await self._desk.take(reference, via, now)
        else:
            await self._desk.ask_outcome(reference, via, now)

    async def _show(self, heard: InGroup, toast: str) -> None:
        """Best effort, since Telegram keeps presses for a moment only."""
        if heard.callback_id is None:
            return
        try:
            await self._bot.answer_callback_query(heard.callback_id, toast[:MAX_TOAST])
        except TelegramError as error:
            log.info("press in a group was not answered: %s", type(error).__name__)
