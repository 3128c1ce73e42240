"""Which Bot API methods are pretended. Any other is answered with 404, as Telegram answers what it does not know."""

import inspect
from collections.abc import Awaitable, Callable

from bot.telegram.pretend import account, sending, topics
from bot.telegram.pretend.errors import Refused
from bot.telegram.pretend.params import Params
from bot.telegram.pretend.state import State

Method = Callable[[State, Params], object | Awaitable[object]]

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "getUpdates": account.get_updates,
    "setWebhook": account.set_webhook,
    "deleteWebhook": account.delete_webhook,
    "getWebhookInfo": account.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": sending.edit_message_text,
    "editMessageCaption": sending.edit_message_caption,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "deleteMessage": sending.delete_message,
    "answerCallbackQuery": account.answer_callback_query,
    "setMyCommands": account.set_my_commands,
    "getMyCommands": account.get_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "setMyDescription": account.set_my_description,
    "setMyShortDescription": account.set_my_short_description,
    "getChat": account.get_chat,
    "getChatMember": account.get_chat_member,
    "leaveChat": account.leave_chat,
    "createForumTopic": topics.create_forum_topic,
    "getFile": account.get_file,
}

_BY_LOWER_CASE = {name.lower(): method for name, method in METHODS.items()}  # Telegram does not mind the case


async def carry_out(state: State, name: str, params: Params) -> object:
    method = _BY_LOWER_CASE.get(name.lower())
    if method is None:
        raise Refused(404, "Not Found: method not found")
    if inspect.iscoroutinefunction(method):
        return await method(state, params)
    with state.db.transaction():
        return method(state, params)
