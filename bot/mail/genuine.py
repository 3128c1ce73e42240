"""Whether our own mail server vouches for a mail's sender: Authentication-Results (RFC 8601), read strictly.

Anybody can write that header. So only the topmost with our server's name counts, since that one our server put there
itself (and RFC 8601 has it remove what came with its name from outside); a result counts only for the very domain that
stands in From.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.mail.words import Mail

#: "nobody": no server's name is set, so nobody's word counts.
Vouched = Literal["yes", "no", "nobody"]

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+/-]")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: Methods by which a domain is shown, and the property that names the domain.
_PROPERTIES = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
#: What DMARC may say where another method shows the domain: "none" is a domain without a policy.
_HARMLESS: tuple[list[str], ...] = (["pass"], ["none"], [])


def sender_of(mail: Mail) -> str:
    """The one address in From, in lower case; empty when there is not exactly one."""
    found = mail.get_all("From") or []
    if len(found) != 1:
        return ""
    addresses = _ADDRESS.findall(str(found[0]))
    if len(addresses) != 1 or str(found[0]).count("@") != 1:
        return ""
    return str(addresses[0]).lower()


def vouched(mail: Mail, authserv_id: str | None) -> Vouched:
    if authserv_id is None:
        return "nobody"
    domain = sender_of(mail).partition("@")[2]
    results = _topmost(mail, authserv_id.lower())
    # Two verdicts where one is due: something was smuggled into the header.
    if not domain or [outcome for method, outcome, _ in results if method == "dmarc"] not in _HARMLESS:
        return "no"
    return "yes" if any(_shows(result, domain) for result in results) else "no"


_Result = tuple[str, str, dict[str, str]]


def _topmost(mail: Mail, authserv_id: str) -> list[_Result]:
    for value in mail.get_all("Authentication-Results") or []:
        name, *results = _without_comments(str(value)).split(";")
        if name.split()[:1] and name.split()[0].lower() == authserv_id:
            return [parsed for result in results if (parsed := _parsed(result))]
    return []


def _without_comments(value: str) -> str:
    """Comments may nest and hold anything, quoted strings too, and both may hold what a forger sent: what could be
    taken for a result is taken out of them. Empty where one does not end.
    """
    found: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in " ".join(value.split()):
        if escaped:
            escaped = False
        elif character == "\\" and (depth or quoted):
            escaped = True
        elif quoted:
            quoted = character != '"'
            found.append("" if not quoted or _UNSAFE.match(character) else character)
        elif character == "(":
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif not depth:
            quoted = character == '"'
            found.append("" if quoted else character)
    return "" if depth or quoted else "".join(found)


def _parsed(result: str) -> _Result | None:
    """ "dkim=pass header.d=example.no" taken apart."""
    pairs = [(name.lower(), value.lower()) for name, _, value in (w.partition("=") for w in result.split())]
    if not pairs or not pairs[0][1]:
        return None
    method, outcome = pairs[0]
    return method.partition("/")[0], outcome, dict(pairs[1:])


def _shows(result: _Result, domain: str) -> bool:
    method, outcome, properties = result
    if outcome != "pass":
        return False
    given = next((properties[name] for name in _PROPERTIES.get(method, ()) if name in properties), "")
    named = given.rpartition("@")[2]
    # Whoever holds the domain holds what is below it, not the other way round.
    return named == domain if method == "dmarc" else _covers(named, domain)


def _covers(name: str, domain: str) -> bool:
    return "." in name and (domain == name or domain.endswith(f".{name}"))
