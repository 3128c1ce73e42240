"""A Telegram assistant for people who think of moving to Fjellregionen."""
