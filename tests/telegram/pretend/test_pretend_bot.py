"""The bot's side, through PTB's real Bot: sending, editing, refusing, by both fronts."""

import pytest
from telegram import Bot, BotCommand, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, RetryAfter

from bot.telegram.pretend import Pace, PretendRequest, PretendTelegram
from tests.telegram.pretend.conftest import Clock


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([list(buttons)])


async def test_a_conversation(telegram: PretendTelegram, any_bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari, "m_tynset")
    (update,) = await any_bot.get_updates()
    assert update.message and update.message.text == "/start m_tynset"
    assert update.message.from_user and update.message.from_user.first_name == "Kari"
    sent = await any_bot.send_message(
        kari.id,
        "<b>Hei</b>, Kari",
        parse_mode="HTML",
        reply_markup=keyboard(InlineKeyboardButton("Vert", callback_data="1:host")),
        reply_to_message_id=update.message.message_id,
    )
    assert sent.reply_to_message and sent.reply_to_message.text == "/start m_tynset"
    shown = telegram.messages(kari)[-1]
    assert shown.text == "Hei, Kari" and shown.from_bot and shown.button("Vert").callback_data == "1:host"
    query_id = telegram.press(kari, shown.id, "1:host")
    (pressed,) = await any_bot.get_updates(offset=update.update_id + 1)
    assert pressed.callback_query and pressed.callback_query.data == "1:host"
    assert telegram.press_answer(query_id) is None
    await pressed.callback_query.answer("Verten er varslet", show_alert=True)
    assert telegram.press_answer(query_id) == {"text": "Verten er varslet", "show_alert": True, "url": ""}
    edited = await pressed.callback_query.edit_message_text("Ferdig")
    assert isinstance(edited, Message) and edited.edit_date
    assert [message.text for message in telegram.messages(kari)] == ["/start m_tynset", "Ferdig"]
    assert not telegram.messages(kari)[-1].buttons


async def test_files_come_along(telegram: PretendTelegram, any_bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    sent = await any_bot.send_document(kari.id, b'{"a": 1}', filename="mine.json", caption="Dine data")
    assert sent.document and sent.document.file_name == "mine.json" and sent.caption == "Dine data"
    kept = telegram.file(sent.document.file_id)
    assert kept and kept.content == b'{"a": 1}'
    again = await any_bot.send_document(kari.id, sent.document.file_id)
    assert again.document and again.document.file_id == sent.document.file_id
    photo = await any_bot.send_photo(kari.id, b"\x89PNG", caption="x" * 1024)
    assert photo.photo
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await any_bot.send_photo(kari.id, b"\x89PNG", caption="x" * 1025)


async def test_length_counts_utf16_after_entities(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    await bot.send_message(kari.id, f"<b>{'🏔' * 2048}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(kari.id, "🏔" * 2048 + "x")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(kari.id, "<b> \n </b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        (InlineKeyboardButton("x", callback_data="ø" * 33), "Button_data_invalid"),
        (InlineKeyboardButton("x", callback_data=""), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton(" ", callback_data="x"), "Inline keyboard button text must be non-empty"),
        (
            InlineKeyboardButton("x", url="not-a-url"),
            "button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (InlineKeyboardButton("x", url="ftp://a.no"), "is invalid: Unsupported URL protocol"),
        (InlineKeyboardButton("x", copy_text=CopyTextButton("x" * 257)), "Button_copy_text_invalid"),
    ],
)
async def test_buttons_are_checked(
    telegram: PretendTelegram, bot: Bot, button: InlineKeyboardButton, reason: str
) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(kari.id, "x", reply_markup=keyboard(button))
    assert reason.lower() in str(refused.value).lower()
    assert len(telegram.messages(kari)) == 1


async def test_64_bytes_of_callback_data_pass(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    await bot.send_message(kari.id, "x", reply_markup=keyboard(InlineKeyboardButton("x", callback_data="ø" * 32)))


async def test_edits_are_checked(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    own = telegram.start(kari)
    sent = await bot.send_message(kari.id, "Hei")
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("Hei", kari.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Hei", kari.id, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Hei", kari.id, own.id)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.edit_message_text("x" * 4097, kari.id, sent.message_id)
    markup = keyboard(InlineKeyboardButton("x", callback_data="x"))
    await bot.edit_message_reply_markup(kari.id, sent.message_id, reply_markup=markup)
    assert telegram.messages(kari)[-1].edited_at is None
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_reply_markup(kari.id, sent.message_id, reply_markup=markup)


async def test_deleting(telegram: PretendTelegram, bot: Bot, clock: Clock) -> None:
    kari = telegram.user("Kari")
    old = telegram.start(kari)
    clock.move(hours=49)
    young = await bot.send_message(kari.id, "Hei")
    await young.delete()
    assert [message.id for message in telegram.messages(kari)] == [old.id]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await young.delete()
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(kari.id, old.id)


async def test_who_cannot_be_written_to(telegram: PretendTelegram, bot: Bot) -> None:
    stranger, kari, gone = telegram.user("Ola"), telegram.user("Kari"), telegram.user("Per")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "Hei")
    with pytest.raises(BadRequest, match="Chat_id is empty"):
        await bot.send_message("", "Hei")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "Hei")
    telegram.start(kari)
    telegram.block(kari)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(kari.id, "Hei")
    telegram.start(kari)
    await bot.send_message(kari.id, "Hei igjen")
    telegram.deactivate(gone)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(gone.id, "Hei")


async def test_replies_need_their_message(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(kari.id, "Hei", reply_to_message_id=99)
    await bot.send_message(kari.id, "Hei", reply_to_message_id=99, allow_sending_without_reply=True)


async def test_a_press_is_answered_once_and_in_time(telegram: PretendTelegram, bot: Bot, clock: Clock) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    sent = await bot.send_message(kari.id, "x", reply_markup=keyboard(InlineKeyboardButton("x", callback_data="x")))
    first, second = telegram.press(kari, sent.message_id, "x"), telegram.press(kari, sent.message_id, "x")
    await bot.answer_callback_query(first)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(first)
    clock.move(seconds=151)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(second)
    assert [update for update in telegram.pending() if "callback_query" in update] == []


async def test_commands_by_language_and_scope(telegram: PretendTelegram, bot: Bot) -> None:
    kari, emma = telegram.user("Kari", "nb"), telegram.user("Emma", "en")
    await bot.set_my_commands([BotCommand("tema", "Se tema")])
    await bot.set_my_commands([BotCommand("topics", "See topics")], language_code="en")
    assert telegram.commands(kari) == [{"command": "tema", "description": "Se tema"}]
    assert telegram.commands(emma) == [{"command": "topics", "description": "See topics"}]
    assert [command.command for command in await bot.get_my_commands()] == ["tema"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Tema", "Se tema")])
    await bot.set_my_description("Jeg svarer")
    assert telegram.description(kari) == "Jeg svarer"


async def test_groups(telegram: PretendTelegram, bot: Bot) -> None:
    tone = telegram.user("Tone")
    group = telegram.group("Verter i Tynset", tone)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group, "Hei")
    telegram.add_bot(group, tone)
    telegram.say(tone, "Hei", chat_id=group)
    joined, said = await bot.get_updates()
    assert joined.my_chat_member and joined.my_chat_member.new_chat_member.status == "member"
    assert said.message and said.message.chat.title == "Verter i Tynset"
    await bot.send_message(group, "Hei, alle")
    assert (await bot.get_chat_member(group, tone.id)).status == "member"
    assert (await bot.get_chat(group)).title == "Verter i Tynset"
    await bot.leave_chat(group)
    with pytest.raises(Forbidden):
        await bot.send_message(group, "Hei")
    telegram.start(tone)
    with pytest.raises(BadRequest, match="can't be changed in private chats"):
        await bot.leave_chat(tone.id)


async def test_wrong_tokens_and_unknown_methods(telegram: PretendTelegram, bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage")
    for token in ("7000000001:" + "x" * 35, "nonsense"):
        with pytest.raises(InvalidToken):
            await Bot(token, request=PretendRequest(telegram)).initialize()


async def test_pace(clock: Clock) -> None:
    telegram = PretendTelegram(now=clock, pace=Pace(chat_burst=2))
    kari, ola = telegram.user("Kari"), telegram.user("Ola")
    telegram.start(kari)
    telegram.start(ola)
    async with Bot(telegram.token, request=PretendRequest(telegram)) as bot:
        await bot.send_message(kari.id, "1")
        await bot.send_message(kari.id, "2")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(kari.id, "3")
        assert refused.value._retry_after.total_seconds() == 1
        await bot.send_message(ola.id, "others go on")
        clock.move(seconds=1)
        await bot.send_message(kari.id, "3")
    assert [message.text for message in telegram.messages(kari)] == ["/start", "1", "2", "3"]
    telegram.close()
