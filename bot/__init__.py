"""A Telegram assistant for people who think of moving to Fjellregionen.

The order to read it in:

1. `dialogue/model.py` and `dialogue/respond.py`: what comes in, what one Turn decides. No Telegram, database or clock.
2. `matching/verdict.py`: what a line is understood as; `matching/matcher.py` how.
3. `leads/model.py`: a lead, a host; `leads/routing.py` who is told.
4. `assistant.py` and `desk.py`: the two doors, one transaction each.
5. `storage/tables.py` and `storage/turns.py`: how a turn is kept.
6. `telegram/receiving.py`, `working.py`, `channel.py` and `delivery/`: the way in and the way out.
7. `app.py`: where all of it is joined.

Imports point one way (pyproject.toml, [tool.importlinter]): cli, commands, doctor, running, app; telegram, mail, web;
doors: assistant, desk, delivery; storage; dialogue; leads, matching; knowledge, texts.
"""
