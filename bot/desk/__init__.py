"""The one door for hosts, whatever channel they use: join, look, take, answer, pass on, close.

Every action checks the right, changes the lead, tells whom it concerns and is stored in one transaction. What the
host is told comes back as replies; for a chat they are stored for delivery in the same transaction.

door        Desk: opens a case for each action and stores it
groups      Telegram groups: where they begin and end, and what a host does there
follow_ups  what a mover is asked after a lead is closed, and after some months
office      what is set, not done with a lead: opens cases like the door
case        one action while it happens: who acts, through what, what is said
finding     the lead and the role in which somebody may handle it
telling     what the mover and the other hosts hear of it
invitations one-time links, by hand or by mail; whoever presses a coordinator's waits
confirming  a coordinator says whether the right person pressed
joining     coming by an invitation, and leaving
linking     one more channel for a host who is there already
preferences what hosts choose for themselves
municipality how a municipality's hosts work, and their ready-made texts
staff       who is host where, for the coordinator
handling    take, answer, close
passing     give a lead to the coordinator or, when the mover agrees, to another municipality; notes; snoozing
looking     what a page shows of the leads; every look is in the lead's log
drafting    a proposal for the answer, from the entries that match the mover's words
by_clock    what happens without anybody asking, each minute
escalating  who is called when a lead waits, and what its mover hears
summaries   mornings, Mondays, broken files
post        what comes back of our mails: bounces, and replies that become drafts
signing_in  links and codes by mail, and the browsers that are signed in
"""

from bot.desk.case import Addresses, Told, Via
from bot.desk.door import Desk
from bot.desk.groups import Where
from bot.desk.post import Post, Replied, Returned
from bot.desk.signing_in import SignIn

__all__ = ["Addresses", "Desk", "Post", "Replied", "Returned", "SignIn", "Told", "Via", "Where"]
