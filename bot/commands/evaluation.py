"""evaluate: labelled questions and dialogues, the way a mover's message would go."""

from __future__ import annotations
