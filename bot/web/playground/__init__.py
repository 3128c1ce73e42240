"""The playground: a page on which one person plays everybody, each in a chat that looks and acts like Telegram.

`routes` makes the pages; `pretended` says what it needs of the pretend Telegram, which comes as an argument. The
page's own words are in phrases.yaml, its looks and doings in static/. It is for one person on one machine: it listens
on loopback, and `guard` turns away what does not come from its own page.
"""

from bot.web.playground.person import Person
from bot.web.playground.pretended import Pretended
from bot.web.playground.routes import routes

__all__ = ["Person", "Pretended", "routes"]
