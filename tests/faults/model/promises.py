"""What design.md promises, held after every step against what has been seen, whatever is broken."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections import Counter
from collections.abc import Sequence

from bot.leads.model import OPEN
from tests.faults.model.cast import Mover
from tests.faults.model.stage import Stage
from tests.faults.model.witness import Left

#: Steps of a lead's clock that somebody is told of.
_TOLD_STEPS = ("reminded", "stand_in", "coordinator", "overdue")
FOR_HOSTS = ("notice", "reminder", "gone")
_MADE = "SELECT count(*) FROM seen_lead WHERE state_was IS NULL"


class Promises:
    def __init__(self, stage: Stage, movers: Sequence[Mover]) -> None:
        self.stage, self.store, self.witness, self.movers = stage, stage.store, stage.witness, movers
        #: How often a mover agreed that another municipality reads, and how much came that nobody can read.
        self.passed_on = self.rubbish = 0
        #: For each lead that its mover took back: how many messages had left by then, and the last number given.
        self.withdrawn: dict[str, tuple[int, int]] = {}
        #: Those among them that had ended before, of which no host need hear.
        self.ended: set[str] = set()
        self._read = {"seen_lead": 0, "seen_delivery": 0, "left": 0}
        self._steps: set[tuple[str, str, int, str]] = set()
        self._taken: Counter[str] = Counter()
        self._made: set[int] = set()
        self._moved = 0
        self._offers: dict[tuple[int, str | None, str, int], int] = {}
        self._may_read: dict[int, set[int]] = {mover.user.id: {mover.user.id} for mover in movers}

    def hold(self) -> None:
        assert not self.witness.wrong, self.witness.wrong
        self._leads_go_their_way()
        self._leads_are_stored_once()
        self._consents_are_stored()
        self._messages_go_their_way()
        self._who_is_said_to_know_is_told()
        self._nobody_else_reads()
        self._what_is_withdrawn_stays_so()
        self._what_is_parked_is_told()
        self._who_is_forgotten_is_gone()
        if self.stage.whole:
            self._nothing_is_left_lying()

    # -- leads

    def _leads_go_their_way(self) -> None:
        """One owner, nothing comes back to life, nobody else gets it without a yes, each step of the clock once."""
        for row in self._new("seen_lead"):
            was, state, reference = row["state_was"], row["state"], row["reference"]
            if row["taken_by"] is not None:
                chat = self.store.number("SELECT chat_id FROM host WHERE id = ?", row["taken_by"])
                self._may_read.setdefault(row["chat"], set()).add(chat)
            if was in ("closed", "withdrawn"):
                assert state in (was, None), f"{reference} was {was}"
            if was == state == "taken":
                assert row["taken_by_was"] == row["taken_by"], f"{reference} was taken from its owner"
            # Given back it waits anew, be it in the moment in which it was taken.
            self._taken[reference] += was == "new" and state == "taken"
            if was is not None and state is not None:
                self._moved += row["municipality_was"] != row["municipality"]
                assert self._moved <= self.passed_on, f"{reference} is in {row['municipality']} now"
            if was in OPEN and state in OPEN and row["waiting_since"] == row["waiting_since_was"]:
                self._is_a_new_step(reference, row["waiting_since"], row["step"])

    def _is_a_new_step(self, reference: str, since: str, step: str) -> None:
        if step in _TOLD_STEPS:
            this = (reference, since, self._taken[reference], step)
            assert this not in self._steps, f"{reference}: {step} came twice"
            self._steps.add(this)

    def _leads_are_stored_once(self) -> None:
        made = {
            row["chat"]: row["number"]
            for row in self.store.rows(
                "SELECT chat, count(*) AS number FROM seen_lead WHERE state_was IS NULL GROUP BY chat"
            )
        }
        for mover in self.movers:
            number = made.pop(mover.user.id, 0)
            assert number <= mover.sent, "nothing is stored that was not sent off"
            assert number == mover.sent or not self.stage.whole, "what was sent off is stored, once"
        assert not made, "nobody else became a lead"
        total = self.store.number(_MADE)
        there = self.store.number("SELECT count(*) FROM lead")
        assert there + self.store.number("SELECT count(*) FROM lead_statistic") == total, "each is a lead, or a number"
        assert self.store.number("SELECT sum(count) FROM counter WHERE decision = 'lead'") == total, "counted once"
        asked = self.store.number("SELECT sum(count) FROM counter WHERE decision IN ('answer', 'choose', 'none')")
        assert self.store.number("SELECT count(*) FROM question") == asked, "each question is counted once"

    def _consents_are_stored(self) -> None:
        keys = {row["chat_id"]: row["key"] for row in self.store.rows("SELECT chat_id, key FROM pseudonym_key")}
        given = self.store.rows("SELECT pseudonym, withdrawn_at FROM consent ORDER BY id")
        assert len(given) == self.store.number(_MADE) + self._moved, "one for each lead, and for each who was to read"
        ended = {row["pseudonym"]: row["withdrawn_at"] for row in given}
        for lead in self.store.leads():
            assert lead.mover_chat in keys, "the consent can be proved"
            words = f"{lead.mover_chat}/{lead.reference}".encode()
            pseudonym = hmac.new(keys[lead.mover_chat], words, hashlib.sha256).hexdigest()
            assert pseudonym in ended, "stored with its consent"
            assert (lead.state == "withdrawn") == (ended[pseudonym] is not None), "withdrawn with its consent"

    # -- messages

    def _messages_go_their_way(self) -> None:
        """Marked sent is what was sent; nothing is dropped but what nobody is to get any more."""
        for row in self._new("seen_delivery"):
            number, was, state = row["delivery"], row["state_was"], row["state"]
            if was is None:
                assert number not in self._made, f"{number} is given again"
                self._made.add(number)
            elif state == "sent" or (state is None and row["kind"] == "farewell" and was == "sending"):
                assert self.witness.copies[number], f"{number} was marked sent"
            elif state is None:
                assert self._is_forgotten(row["chat"], row["reference"]), f"{number} disappeared"
            elif state == "stopped" and was != "parked":
                assert self._may_stop(row), f"{number} was stopped"
            elif state == "parked" and not self._has_ended(row["chat"]):
                assert self._is_given_up(number), f"{number} was given up too soon"

    def _may_stop(self, row: sqlite3.Row) -> bool:
        """Of a lead that was taken back; a reply where nobody reads any more; what a group does not take."""
        ended = self._has_ended(row["chat"]) and row["kind"] not in FOR_HOSTS
        gone = row["reference"] in self.withdrawn or self._is_forgotten(row["chat"], row["reference"])
        return ended or gone or row["chat"] < 0

    def _is_given_up(self, number: int) -> bool:
        """It will never be taken, or has left twice, as far as can be known: once more than once in doubt nothing is
        sent.
        """
        left = [message.told for message in self.witness.left if message.delivery == number]
        return "never" in left or len(left) + self.witness.cut_off[number] > 1

    def _who_is_said_to_know_is_told(self) -> None:
        """But for a lead that was found and taken in the night, before the morning's notice: who took it knows."""
        untold = self.store.rows(
            f"""SELECT reference FROM lead WHERE noticed AND state = 'new'
            AND NOT EXISTS (SELECT 1 FROM seen_delivery s WHERE s.reference = lead.reference AND s.kind IN {FOR_HOSTS})
            AND NOT EXISTS (SELECT 1 FROM held_notice h WHERE h.reference = lead.reference)"""
        )
        assert not untold, "who is said to know is told"

    def _nobody_else_reads(self) -> None:
        """A mover's words and name are for the mover, and for whoever took the lead, in private."""
        left = self.witness.left[self._read["left"] :]
        self._read["left"] += len(left)
        for message in left:
            self._is_said_once(message)
            for mover in self.movers:
                if message.chat not in self._may_read[mover.user.id]:
                    told = [secret for secret in mover.secrets if secret in message.text]
                    assert not told, f"{message.kind} {message.delivery} to {message.chat} tells {told}"

    def _is_said_once(self, message: Left) -> None:
        """Nobody is offered the same lead twice at the same time; a second copy is the same message."""
        if message.kind == "notice" and "Ny henvendelse" in message.text:
            takings = "SELECT takings FROM seen_delivery WHERE delivery = ? AND state_was IS NULL"
            made = (message.made_at, self.store.number(takings, message.delivery))
            offer = (message.chat, message.reference, *made)
            assert self._offers.setdefault(offer, message.delivery) == message.delivery, f"{offer} came twice"

    def _what_is_withdrawn_stays_so(self) -> None:
        for reference, (left, last) in self.withdrawn.items():
            for message in self.witness.left[left:]:
                late = message.reference == reference and message.delivery <= last
                assert not late, f"{message.kind} {message.delivery} left after {reference} was withdrawn"

    def _what_is_parked_is_told(self) -> None:
        rows = self.store.rows("SELECT DISTINCT delivery FROM seen_delivery WHERE state = 'parked'")
        assert self.stage.alarms.tell_of({row["delivery"] for row in rows}), "parked with an alarm"
        parked = self.store.number("SELECT count(*) FROM arrival WHERE state = 'parked'")
        assert parked <= self.rubbish, "nothing else is parked"
        alarms = [text for text in self.stage.alarms.texts if "cannot be parsed" in text and "is parked" in text]
        assert len(alarms) >= parked, "parked with an alarm"

    # -- forgotten

    def _who_is_forgotten_is_gone(self) -> None:
        told = [word for mover in self.movers for word in mover.forgotten]
        if told:
            # What was asked is kept without who asked.
            assert not self.store.holding(told, but=("question",)), "the words are gone"
        for mover in self.movers:
            if mover.gone_since is not None:
                self._is_gone(mover, mover.gone_since)

    def _is_gone(self, mover: Mover, since: int) -> None:
        chat = mover.user.id
        found = self.store.holding([mover.name]) | self.store.holding([str(chat)], but=("delivery",))
        assert not found, f"{mover.name} is still in {found}"
        kept = [row["kind"] for row in self.store.rows("SELECT kind FROM delivery WHERE chat_id = ?", chat)]
        assert set(kept) <= {"farewell"}, "only the farewell is to be sent"
        later = {message.kind for message in self.witness.left[since:] if message.chat == chat}
        assert later <= {"farewell"}, "nothing more but the farewell"

    # -- while the store is whole

    def _nothing_is_left_lying(self) -> None:
        assert not self.store.number("SELECT count(*) FROM arrival WHERE state = 'waiting'"), "all is answered"
        assert not self.store.number("SELECT count(*) FROM delivery WHERE state = 'sending'"), "nothing is half sent"
        parked = self.store.number("SELECT count(*) FROM arrival WHERE state = 'parked'")
        assert parked == self.rubbish, "what cannot be read is put aside"

    # -- how

    def _new(self, table: str) -> list[sqlite3.Row]:
        rows = self.store.rows(f"SELECT * FROM {table} WHERE id > ? ORDER BY id", self._read[table])
        self._read[table] = rows[-1]["id"] if rows else self._read[table]
        return rows

    def _is_forgotten(self, chat: int, reference: str | None) -> bool:
        gone = self.store.rows("SELECT 1 FROM seen_lead WHERE reference = ? AND state IS NULL", reference)
        return bool(gone) or any(mover.user.id == chat and mover.gone_since is not None for mover in self.movers)

    def _has_ended(self, chat: int) -> bool:
        return bool(self.store.rows("SELECT 1 FROM ended_chat WHERE chat_id = ?", chat))
