"""Topics of a forum group, as far as a bot makes them and writes in them."""

from bot.telegram.pretend.database import JSON
from bot.telegram.pretend.errors import bad_request
from bot.telegram.pretend.limits import utf16_length
from bot.telegram.pretend.params import Params
from bot.telegram.pretend.state import State

MAX_NAME = 128


def create_forum_topic(state: State, params: Params) -> JSON:
    """A topic's number is that of the message that tells of its making."""
    chat_id, name = params.chat_id(), params.text("name")
    chat = state.people.check_reachable(chat_id)
    if not chat.get("is_forum"):
        raise bad_request("the chat is not a forum")
    if state.people.bot_status(chat_id) != "administrator":
        raise bad_request("not enough rights to create a topic")
    if not 1 <= utf16_length(name) <= MAX_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if state.pace:
        state.pace.check(chat_id, state.now())
    body: JSON = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    thread_id = state.messages.add(chat_id, None, body, state.now()).id
    state.people.add_topic(chat_id, thread_id)
    return {"message_thread_id": thread_id, "name": name, "icon_color": 7322096}


def checked(state: State, chat_id: int, thread_id: int | None) -> int | None:
    """The topic a message goes to, if it is there."""
    if thread_id is not None and not state.people.has_topic(chat_id, thread_id):
        raise bad_request("message thread not found")
    return thread_id
