"""References of leads: TYN-7F3K. Short enough to say on the phone, no letters that are mistaken for digits."""

from __future__ import annotations

import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 4
#: For a request that does not name a municipality yet.
REGION = "REG"
PATTERN = re.compile(rf"\b([A-Z]{{2,3}})-([{ALPHABET}]{{{LENGTH}}})\b", re.IGNORECASE)


def reference(municipality: str | None, token: str) -> str:
    """The reference for a municipality (slug) from a random token of at least LENGTH characters."""
    prefix = municipality[:3].upper() if municipality else REGION
    # The token's characters are spread over the alphabet; collisions are the store's to refuse.
    letters = "".join(ALPHABET[ord(character) % len(ALPHABET)] for character in token[:LENGTH])
    return f"{prefix}-{letters}"


def find(text: str) -> str | None:
    """The first reference named in a text, in its proper form."""
    found = PATTERN.search(text)
    return found[0].upper() if found else None
