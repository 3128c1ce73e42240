"""The playground: a page on which one person plays everybody, each in a chat that looks and acts like Telegram.

`routes` makes the pages, `clock` is the time that can be moved, `framed` lets the inbox stand beside the chats.
`pretended` says what is needed of the pretend Telegram, which comes as an argument. The page's own words are in
phrases.yaml, its looks and doings in static/; static/show.js plays "Se det skje". It is for one person on one machine:
it listens on loopback, and `guard` turns away what does not come from its own page.
"""

from bot.web.playground.clock import MovableClock, Timekeeper
from bot.web.playground.framed import Framed
from bot.web.playground.person import Mailbox, Person, seed
from bot.web.playground.pretended import Pretended
from bot.web.playground.routes import routes

__all__ = ["Framed", "Mailbox", "MovableClock", "Person", "Pretended", "Timekeeper", "routes", "seed"]
