"""Which of our mails, and which leads, a text of Message-IDs names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.leads.references import PATTERN

_DELIVERY = re.compile(r"<delivery-(\d{1,15})-([0-9a-f]{16})@([^<>\s@]{1,255})>")
_LEAD = re.compile(r"<lead-([A-Za-z0-9-]{1,20})@([^<>\s@]{1,255})>")


@dataclass(frozen=True, slots=True)
class Named:
    #: Number and proof of each mail (bot/storage/mailboxes.py).
    deliveries: tuple[tuple[int, str], ...] = ()
    references: tuple[str, ...] = ()


def named_in(text: str, domain: str) -> Named:
    """Those of our domain; where several are named, the last is the one that was replied to."""
    deliveries = [(int(number), proof) for number, proof, at in _DELIVERY.findall(text) if at.lower() == domain.lower()]
    references = [reference.upper() for reference, at in _LEAD.findall(text) if at.lower() == domain.lower()]
    known = [reference for reference in references if PATTERN.fullmatch(reference)]
    return Named(tuple(dict.fromkeys(deliveries)), tuple(dict.fromkeys(known)))
