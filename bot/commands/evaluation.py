"""evaluate: the labelled questions and dialogues, the way a mover's message would go."""
