"""Replies and notices as Telegram messages."""

from __future__ import annotations

from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.storage.deliveries import Delivery
from bot.storage.mapping import buttons_from
from bot.telegram.client import UNREADABLE
from bot.telegram.cut import cut_html, visible_units
from bot.telegram.errors import send_error
from bot.telegram.group_places import NOWHERE, GroupPlaces, Place

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
#: Editing failed, but a new message will do.
_CANNOT_EDIT = ("message can't be edited", "message to edit not found", "message_id_invalid")
MAX_CAPTION = 1024
_UNCHANGED = "message is not modified"


class TelegramChannel:
    def __init__(self, bot: Bot, places: GroupPlaces | None = None) -> None:
        """`places` says where in a group a message belongs."""
        self._bot, self._places = bot, places

    async def send(self, delivery: Delivery) -> int | None:
        html = cut_html(str(delivery.body["html"]))
        keyboard = keyboard_of(delivery)
        edits = delivery.body.get("edits")
        try:
            if delivery.chat_id < 0 and self._places is not None:
                return await self._send_to_group(self._places, delivery, html, keyboard)
            if edits is not None and (message_id := await self._edit(delivery, int(edits), html, keyboard)):
                return message_id
            if message := await self._send_file(delivery, html, keyboard):
                return message.message_id
            return await self._send_text(delivery, html, keyboard, NOWHERE)
        except TelegramError as error:
            raise send_error(error) from error

    async def _send_to_group(
        self, places: GroupPlaces, delivery: Delivery, html: str, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        place = await places.find(delivery)
        try:
            return await self._send_text(delivery, html, keyboard, place)
        except BadRequest as error:
            if not await places.is_gone(delivery, place, error):
                raise
            return await self._send_text(delivery, html, keyboard, NOWHERE)

    async def _send_text(
        self, delivery: Delivery, html: str, keyboard: InlineKeyboardMarkup | None, place: Place
    ) -> int:
        """PTB's send_message would build a whole Message from the answer, of which only the id is wanted."""
        parameters: dict[str, Any] = {
            "chat_id": delivery.chat_id,
            "text": html,
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard,
            "link_preview_options": _NO_PREVIEW,
            "message_thread_id": place.thread_id,
            "reply_parameters": place.reply,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        # Lower case: PTB warns of "sendMessage" here.
        answer = await self._bot.do_api_request("sendmessage", given)
        message_id = answer.get("message_id") if isinstance(answer, dict) else None
        if not isinstance(message_id, int):
            raise TelegramError(UNREADABLE)
        return message_id

    async def _send_file(self, delivery: Delivery, html: str, keyboard: InlineKeyboardMarkup | None) -> Message | None:
        """A picture or a file with the text below it; None where the message has neither, or the picture is gone."""
        if document := delivery.body.get("document"):
            name, content = document
            file = InputFile(str(content).encode(), filename=str(name))
            return await self._bot.send_document(
                delivery.chat_id, file, caption=html, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        photo = delivery.body.get("photo")
        if not photo or visible_units(html) > MAX_CAPTION:
            return None
        try:
            return await self._bot.send_photo(
                delivery.chat_id, str(photo), caption=html, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest:
            return None  # Telegram no longer has the picture; the words matter more

    async def _edit(
        self, delivery: Delivery, message_id: int, html: str, keyboard: InlineKeyboardMarkup | None
    ) -> int | None:
        """The message changed in place; None when a new message must be sent instead."""
        try:
            changed = await self._bot.edit_message_text(
                html,
                delivery.chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            words = str(error).lower()
            if words.startswith(_UNCHANGED):
                return message_id
            if words.startswith(_CANNOT_EDIT):
                return None
            raise
        return changed.message_id if isinstance(changed, Message) else message_id


def keyboard_of(delivery: Delivery) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(button.label, url=button.url)
            if button.url
            else InlineKeyboardButton(button.label, callback_data=button.data)
            for button in row
        ]
        for row in buttons_from(delivery.body.get("buttons") or [])
    ]
    return InlineKeyboardMarkup(rows) if rows else None
