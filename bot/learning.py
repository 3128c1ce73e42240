"""Holds knowledge and matcher together while files change: new words are served at once and learnt behind.

Training runs in a process of its own, so the answering one stays small and never waits. Until it is done the old
model serves, without the ids that are gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from bot.assistant import Mind
from bot.knowledge.model import Knowledge
from bot.matching.loading import is_trained_for, load
from bot.matching.verdict import Matcher

log = logging.getLogger(__name__)

SHIPPED = "trained"
OWN = "trained"
TRAINING_SECONDS = 600


class Learner:
    def __init__(self, knowledge: Knowledge, knowledge_dir: Path, data_dir: Path, semantic: bool) -> None:
        self._knowledge_dir, self._semantic = knowledge_dir, semantic
        #: What lies beside the knowledge comes first; what was trained here since comes after it.
        self._folders = (knowledge_dir / SHIPPED, data_dir / OWN)
        self._training: asyncio.Task[None] | None = None
        self.mind = Mind(knowledge, self._load(knowledge))

    def take(self, knowledge: Knowledge) -> None:
        """Serve this knowledge from now on; learn its examples in the background where they are new."""
        self.mind.knowledge = knowledge
        self.mind.matcher = self._load(knowledge)
        self.learn_if_needed()

    def learn_if_needed(self) -> None:
        if self._fresh_folder(self.mind.knowledge) is None and self._training is None:
            self._training = asyncio.create_task(self._train())

    async def stop(self) -> None:
        if self._training is not None:
            self._training.cancel()
            await asyncio.gather(self._training, return_exceptions=True)

    def _load(self, knowledge: Knowledge) -> Matcher:
        folder = self._fresh_folder(knowledge) or self._folders[0]
        return load(knowledge, folder, self._semantic)

    def _fresh_folder(self, knowledge: Knowledge) -> Path | None:
        return next((folder for folder in self._folders if is_trained_for(knowledge, folder)), None)

    async def _train(self) -> None:
        """Train until what was learnt is what is known; editors may have saved again meanwhile."""
        try:
            while self._fresh_folder(self.mind.knowledge) is None:
                wanted = self.mind.knowledge.digest
                if not await self._train_in_child():
                    return
                self.mind.matcher = self._load(self.mind.knowledge)
                if wanted == self.mind.knowledge.digest:
                    return
        finally:
            self._training = None

    async def _train_in_child(self) -> bool:
        log.info("the examples have changed; learning them in the background")
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).parent.parent / "run_bot.py"),
            "knowledge",
            "train",
            "--into",
            str(self._folders[1]),
            env={**os.environ, "KNOWLEDGE_DIR": str(self._knowledge_dir)},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await asyncio.wait_for(child.wait(), TRAINING_SECONDS)
        except TimeoutError:
            code = -1
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if code != 0:
            log.error("learning the examples failed; the old ones serve on")
        return code == 0
