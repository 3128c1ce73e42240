"""Holds knowledge and matcher together while files change: new words are served at once and learnt behind.

Training runs in a process of its own, so the answering one stays small and never waits. Until it is done the old
model serves, without the ids that are gone.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.assistant import Mind
from bot.knowledge.model import Knowledge
from bot.matching import UnusableFilesError, load
from bot.matching.matcher import TrainedMatcher
from bot.matching.train import child

log = logging.getLogger(__name__)

FOLDER = "trained"
TRAINING_SECONDS = 900
#: What ships with the program, for a KNOWLEDGE_DIR that has no trained files of its own.
SHIPPED = Path(__file__).parent.parent / "knowledge" / FOLDER


class Learner:
    def __init__(self, knowledge: Knowledge, knowledge_dir: Path, data_dir: Path, semantic: bool) -> None:
        """Raises UnusableFilesError when no trained files can be read anywhere."""
        self._knowledge_dir, self._semantic = knowledge_dir, semantic
        self._own = data_dir / FOLDER
        self._training: asyncio.Task[None] | None = None
        self.mind = Mind(knowledge, self._load(knowledge))

    async def take(self, knowledge: Knowledge) -> None:
        """Serve this knowledge from now on; learn its examples in the background where they are new."""
        matcher = await asyncio.to_thread(self._load, knowledge)
        self.mind.knowledge, self.mind.matcher = knowledge, matcher
        self.learn_if_needed()

    def learn_if_needed(self) -> None:
        if self._stale and self._training is None:
            self._training = asyncio.create_task(self._train())

    async def stop(self) -> None:
        if self._training is not None:
            self._training.cancel()
            await asyncio.gather(self._training, return_exceptions=True)

    @property
    def _stale(self) -> bool:
        matcher = self.mind.matcher
        return isinstance(matcher, TrainedMatcher) and matcher.stale

    def _load(self, knowledge: Knowledge) -> TrainedMatcher:
        """The first model trained on just this knowledge; else the last that can be read at all."""
        found: TrainedMatcher | None = None
        for folder in (self._knowledge_dir / FOLDER, self._own, SHIPPED):
            try:
                matcher = load(knowledge, folder, self._semantic)
            except UnusableFilesError:
                continue
            if not matcher.stale:
                return matcher
            found = found or matcher
        if found is None:
            raise UnusableFilesError(f"no trained files in {self._knowledge_dir / FOLDER}; run `knowledge train`")
        return found

    async def _train(self) -> None:
        """Train until what was learnt is what is known: editors may save again meanwhile."""
        try:
            while self._stale:
                wanted = self.mind.knowledge.digest
                log.info("the examples have changed; learning them in the background")
                if not await self._train_in_child():
                    return
                self.mind.matcher = await asyncio.to_thread(self._load, self.mind.knowledge)
                if self._stale and wanted == self.mind.knowledge.digest:
                    log.error("what was learnt does not fit the knowledge; the old examples serve on")
                    return
        finally:
            self._training = None

    async def _train_in_child(self) -> bool:
        """False when it failed. The child dies with us: a stop must not wait for it."""
        process = child(self._knowledge_dir, self._own, quick=True, base=SHIPPED)
        nowhere = asyncio.subprocess.DEVNULL
        running = await asyncio.create_subprocess_exec(
            *process.command, env=dict(process.environment), cwd=process.folder, stdout=nowhere, stderr=nowhere
        )
        try:
            code = await asyncio.wait_for(running.wait(), TRAINING_SECONDS)
        except TimeoutError:
            code = -1
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
        if code != 0:
            log.error("learning the examples failed (exit %s); the old ones serve on", code)
        return code == 0
