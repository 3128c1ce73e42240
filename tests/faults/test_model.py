"""Movers, hosts, strangers, the clock and faults in any order: what design.md promises holds after each step.

`make test` has 100 short stories, FAULTS=full 2,000 longer ones. tests/faults/model is what they are made of.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.engine import ConjectureRunner
from hypothesis.stateful import invariant

from tests.faults.model import endings
from tests.faults.model.acting import stage
from tests.faults.model.hosts import HostsAct
from tests.faults.model.troubles import ThingsHappen

FULL = os.environ.get("FAULTS") == "full"


class Stories(HostsAct, ThingsHappen):
    @invariant()
    def what_was_promised_holds(self) -> None:
        self.promises.hold()

    def teardown(self) -> None:
        try:
            # Of a story that broke a promise no more is asked.
            if sys.exc_info()[0] is None:
                self._all_is_whole_for_a_day()
                endings.are_kept(self.promises)
        finally:
            self.stage.ends()

    def _all_is_whole_for_a_day(self) -> None:
        self.stage.nothing_is_planned()
        self.stage.is_mended()
        # What was to go wrong with the wire comes to pass before.
        self.stage.clock.move(hours=11)
        self.settle()
        self.stage.witness.plan.clear()
        self.stage.post.troubles.clear()
        self.stage.clock.move(hours=15)
        self.settle()
        if self.store.number("SELECT count(*) FROM held_notice"):
            self.stage.run(self._clocks(1))
            self.settle()


@pytest.fixture(autouse=True)
def _set_and_struck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Of a hundred stories Hypothesis makes twenty, and the others by doing one of their steps twice.
    monkeypatch.setattr(ConjectureRunner, "generate_mutations_from", lambda runner, story: None)
    yield
    stage().close()
    stage.cache_clear()


TestStories = Stories.TestCase
TestStories.settings = settings(
    max_examples=2000 if FULL else 100,
    stateful_step_count=30 if FULL else 6,
    deadline=None,
    derandomize=not FULL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
