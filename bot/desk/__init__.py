"""The one door for hosts, whatever channel they use: join, look, take, answer, pass on, close.

Every action checks the right, changes the lead, tells whom it concerns and is stored in one transaction. What the
host is told comes back as replies; for a chat they are stored for delivery in the same transaction.

door        Desk: opens a case for each action and stores it
case        one action while it happens: who acts, through what, what is said
finding     the lead and the role in which somebody may handle it
telling     what the mover and the other hosts hear of it
joining     invitations, by link or by mail, and leaving
handling    take, answer, close
passing     give a lead to the coordinator or, when the mover agrees, to another municipality; notes; snoozing
looking     what a page shows of the leads; every look is in the lead's log
drafting    a proposal for the answer, from the entries that match the mover's words
by_clock    what is told without anybody asking
signing_in  links and codes by mail, and the browsers that are signed in
"""

from bot.desk.case import Told, Via
from bot.desk.door import Desk
from bot.desk.signing_in import SignIn

__all__ = ["Desk", "SignIn", "Told", "Via"]
