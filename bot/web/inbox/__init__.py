"""The hosts' inbox: pages that need no JavaScript, for hosts who have only a browser and mail.

door      what the pages are given, and what they share: language, cookies, forms, who is signed in
guard     headers of every answer; turns away foreign hosts, forms from elsewhere and floods of bytes
signing   sign-in by link or code, invitations, signing out
reading   the list of leads and one lead
doing     what a host does with a lead; each is a POST that leads back to its page
setting   a host's own settings, and a municipality's
texting   a municipality's ready-made texts
staffing  who is host where, for the coordinator
places    the ways between those pages
shown     leads as the templates show them: age, promise, wishes
routes    all addresses in one place
"""

from bot.web.inbox.door import Door
from bot.web.inbox.routes import routes

__all__ = ["Door", "routes"]
