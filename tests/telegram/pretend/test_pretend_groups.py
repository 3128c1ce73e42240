"""Groups, forum topics and migration, as a bot meets them."""

from __future__ import annotations

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated

from bot.telegram.pretend import PretendTelegram


async def test_an_administrator_makes_topics_and_writes_in_them(telegram: PretendTelegram, bot: Bot) -> None:
    mona = telegram.user("Mona Prøve")
    forum = telegram.group("Verter", mona, forum=True)
    telegram.add_bot(forum, mona, status="administrator")
    made = await bot.create_forum_topic(forum, "TYN-7F3K · Tynset")
    sent = await bot.send_message(forum, "Hei", message_thread_id=made.message_thread_id)
    assert sent.message_thread_id == made.message_thread_id and sent.is_topic_message
    written = telegram.say(mona, "Hei", chat_id=forum, thread_id=made.message_thread_id)
    assert written.reply_to == made.message_thread_id
    (joined, heard) = await bot.get_updates()
    assert joined.my_chat_member and joined.my_chat_member.new_chat_member.status == "administrator"
    assert heard.message and heard.message.reply_to_message
    assert heard.message.reply_to_message.forum_topic_created

    telegram.delete_topic(forum, made.message_thread_id)
    with pytest.raises(BadRequest, match=r"[Mm]essage thread not found"):
        await bot.send_message(forum, "Hei", message_thread_id=made.message_thread_id)


async def test_a_mere_member_makes_no_topics_and_a_group_has_none(telegram: PretendTelegram, bot: Bot) -> None:
    mona = telegram.user("Mona Prøve")
    forum, group = telegram.group("Verter", mona, forum=True), telegram.group("Verter", mona)
    for chat in (forum, group):
        telegram.add_bot(chat, mona)
    with pytest.raises(BadRequest, match=r"[Nn]ot enough rights"):
        await bot.create_forum_topic(forum, "TYN-7F3K")
    with pytest.raises(BadRequest, match="not a forum"):
        await bot.create_forum_topic(group, "TYN-7F3K")


async def test_a_group_that_migrated_tells_its_new_number(telegram: PretendTelegram, bot: Bot) -> None:
    mona = telegram.user("Mona Prøve")
    group = telegram.group("Verter", mona, basic=True)
    telegram.add_bot(group, mona)
    new = telegram.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group, "Hei")
    assert caught.value.new_chat_id == new
    await bot.send_message(new, "Hei")
    updates = await bot.get_updates()
    told = [(u.message.migrate_to_chat_id, u.message.migrate_from_chat_id) for u in updates if u.message]
    assert told == [(new, None), (None, group)]
    member = await bot.get_chat_member(new, mona.id)
    assert member.status == "member"
