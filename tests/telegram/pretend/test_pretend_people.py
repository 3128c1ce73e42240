"""The people's side: what Telegram's app lets them do, and what the bot hears of it."""

import pytest
from telegram import Bot, Update

from bot.telegram.pretend import NotPossible, PretendTelegram, sample_content


async def heard(telegram: PretendTelegram, bot: Bot) -> list[Update]:
    found = [Update.de_json(update, bot) for update in telegram.pending()]
    return [update for update in found if update]


def test_what_the_app_does_not_send(telegram: PretendTelegram) -> None:
    kari = telegram.user("Kari")
    for text in ("", " \n", "x" * 4097):
        with pytest.raises(NotPossible):
            telegram.say(kari, text)
    with pytest.raises(NotPossible):
        telegram.say(kari, "Hei", reply_to=7)
    with pytest.raises(NotPossible):
        telegram.start(kari, "ikke gyldig!")
    assert telegram.pending() == []


async def test_junk_gets_through_when_asked(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    for text in ("", "x" * 5000, "\x00", "\ud83d"):
        telegram.say(kari, text, unchecked=True)
    assert [update.message.text for update in await heard(telegram, bot) if update.message] == [
        *("", "x" * 5000, "\x00", "\ud83d"),
    ]


def test_buttons_must_be_there_unless_forged(telegram: PretendTelegram) -> None:
    kari = telegram.user("Kari")
    message = telegram.say(kari, "Hei")
    with pytest.raises(NotPossible):
        telegram.press(kari, message.id, "1:x")
    telegram.press(kari, message.id, "1:x", forged=True)
    telegram.press(kari, 99, "1:x", forged=True)
    assert [update["callback_query"]["message"]["date"] for update in telegram.pending()[1:]][1] == 0  # type: ignore[index]


async def test_edits_replies_and_kinds(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    first = telegram.say(kari, "Hei")
    telegram.edit(kari, first.id, "Hei der")
    telegram.say(kari, "Svar", reply_to=first.id)
    for kind in sample_content.CONTENT:
        telegram.send_kind(kari, kind)
    updates = await heard(telegram, bot)
    assert updates[1].edited_message and updates[1].edited_message.text == "Hei der"
    assert updates[2].message and updates[2].message.reply_to_message
    assert updates[2].message.reply_to_message.text == "Hei der"
    assert updates[3].message and updates[3].message.photo
    assert all(update.effective_message for update in updates)
    with pytest.raises(NotPossible):
        telegram.send_kind(kari, "smell")
    with pytest.raises(NotPossible):
        telegram.edit(telegram.user("Ola"), first.id, "x", chat_id=kari.id)


async def test_blocking(telegram: PretendTelegram, bot: Bot) -> None:
    kari = telegram.user("Kari")
    telegram.start(kari)
    telegram.block(kari)
    with pytest.raises(NotPossible):
        telegram.say(kari, "Hei")
    telegram.unblock(kari)
    telegram.say(kari, "Hei")
    changes = [update.my_chat_member for update in await heard(telegram, bot) if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


def test_a_button_is_found_by_its_label(telegram: PretendTelegram) -> None:
    message = telegram.say(telegram.user("Kari"), "Hei")
    with pytest.raises(LookupError, match="0 buttons with 'Ja'"):
        message.button("Ja")


def test_the_same_id_is_the_same_person(telegram: PretendTelegram) -> None:
    assert telegram.user("Kari", "nb", 77) == telegram.user("Kari", "nb", 77)
    assert telegram.user("Kari Anne", "nn", 77).name == "Kari Anne"
    with pytest.raises(NotPossible):
        telegram.say(78, "Hei")
