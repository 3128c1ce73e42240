"""What must hold when everything has been whole for some hours: all is done, and everybody heard of it."""

from __future__ import annotations

from tests.faults.model.cast import Mover
from tests.faults.model.promises import FOR_HOSTS, Promises
from tests.faults.model.store import Store


def are_kept(promises: Promises) -> None:
    promises.hold()
    store = promises.store
    # A group is told in its morning.
    waiting = store.rows(
        """SELECT id FROM delivery WHERE state NOT IN ('sent', 'parked', 'stopped')
        AND NOT (chat_id < 0 AND tries = 0 AND due_at > created_at)"""
    )
    assert not waiting, "all is sent, or put aside"
    for mover in promises.movers:
        _is_told_all(promises, mover)
    _hosts_are_told(promises)
    _others_are_called(store)
    assert [row[0] for row in store.rows("PRAGMA quick_check")] == ["ok"]


def _is_told_all(promises: Promises, mover: Mover) -> None:
    """The receipt of each lead, each word of a host's, and the farewell."""
    store, chat = promises.store, mover.user.id
    if store.rows("SELECT 1 FROM delivery WHERE chat_id = ? AND state IN ('parked', 'stopped')", chat):
        return
    texts = "\n".join(message.text for message in mover.from_bot())
    for lead in store.leads(chat):
        assert lead.reference in texts, "the receipt came"
    for words in store.rows(
        "SELECT text FROM lead_message JOIN lead USING (reference) WHERE mover_chat = ? AND author = 'host'", chat
    ):
        assert words["text"] in texts, "what a host answered came"
    if mover.gone_since is not None:
        later = promises.witness.left[mover.gone_since :]
        came = [message for message in later if (message.chat, message.kind) == (chat, "farewell") and message.arrived]
        assert came, "the farewell came"


def _hosts_are_told(promises: Promises) -> None:
    """Of each lead, and that it was taken back."""
    store, left = promises.store, promises.witness.left
    put_aside = _references(store, "SELECT reference FROM delivery WHERE state = 'parked'")
    put_aside |= _references(store, "SELECT reference FROM held_notice")
    told = _references(store, f"SELECT reference FROM delivery WHERE state = 'sent' AND kind IN {FOR_HOSTS}")
    told |= _references(store, "SELECT reference FROM delivery WHERE state = 'waiting' AND chat_id < 0")
    for reference in _references(store, "SELECT reference FROM lead WHERE noticed AND state = 'new'"):
        assert reference in told | put_aside, "its hosts were told"
    for reference, (number, _) in promises.withdrawn.items():
        about = [(n, left) for n, left in enumerate(left) if left.reference == reference and left.arrived]
        before = [left for n, left in about if n < number and left.kind in FOR_HOSTS]
        after = [left for n, left in about if n >= number]
        heard = after or not before or reference in put_aside | promises.ended
        assert heard, "its hosts heard that it was taken back"


def _others_are_called(store: Store) -> None:
    """What a host who is not reached was to be told of an open lead, another is told."""
    lost = store.rows(
        f"""SELECT delivery.id FROM delivery JOIN ended_chat USING (chat_id) JOIN lead USING (reference)
        WHERE delivery.state = 'parked' AND lead.state = 'new'
        AND NOT EXISTS (SELECT 1 FROM delivery other WHERE other.reference = lead.reference
            AND other.kind IN {FOR_HOSTS} AND other.chat_id <> delivery.chat_id)"""
    )
    assert not lost, "somebody else is called"


def _references(store: Store, sql: str) -> set[str]:
    return {row[0] for row in store.rows(sql)}
