"""Only what our own mail server says of a sender counts, and only for the domain in From."""

from __future__ import annotations

from email import message_from_string
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.genuine import sender_of, vouched
from bot.mail.words import Mail

MX = "mx.flytthit.example"


def mail(*results: str, sender: str = "Hilde <hilde@tynset.example>") -> Mail:
    lines = [f"Authentication-Results: {result}\n" for result in results]
    made: Mail = message_from_string("".join(lines) + f"From: {sender}\n\nHei", policy=compat32)
    return made


GENUINE = {
    "DMARC": f"{MX}; dmarc=pass (p=none dis=none) header.from=tynset.example",
    "DKIM of the domain": f"{MX}; dkim=pass (2048 bit; unprotected) header.d=tynset.example header.i=@tynset.example"
    ' header.b="abc/+="',
    "DKIM of the domain above": f"{MX}; dkim=pass header.d=example.no",
    "SPF": f"{MX}; spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=hilde@tynset.example",
    "one of several": f"{MX};\n dkim=fail header.d=liste.example; spf=none; dmarc=pass header.from=TYNSET.example",
    "with a version": f"{MX} 1; dmarc=pass header.from=tynset.example",
    "no policy, but a signature": f"{MX}; dkim=pass header.d=tynset.example; dmarc=none header.from=tynset.example",
}


@pytest.mark.parametrize("case", GENUINE)
def test_a_sender_that_our_server_vouches_for(case: str) -> None:
    sender = "hilde@tynset.example.no" if "above" in case else "hilde@tynset.example"
    assert vouched(mail(GENUINE[case], sender=sender), MX) == "yes"


FORGED = {
    "nothing": [],
    "another server says so": ["mx.ond.example; dmarc=pass header.from=tynset.example"],
    "our server's below another of its own": [f"{MX}; dmarc=fail header.from=tynset.example", GENUINE["DMARC"]],
    "failed": [f"{MX}; dkim=pass header.d=tynset.example; dmarc=fail header.from=tynset.example"],
    "another domain's DMARC": [f"{MX}; dmarc=pass header.from=ond.example"],
    "no domain": [
        f"{MX}; dmarc=pass",
    ],
    "another domain's signature": [f"{MX}; dkim=pass header.d=ond.example"],
    "a lookalike": [f"{MX}; dkim=pass header.d=tynset.example.ond.example"],
    "an ending without its dot": [f"{MX}; dkim=pass header.d=nset.example"],
    "a whole top domain": [f"{MX}; dkim=pass header.d=example"],
    "SPF of another domain": [f"{MX}; spf=pass smtp.mailfrom=bounce@ond.example"],
    "SPF in a greeting": [f"{MX}; spf=pass smtp.helo=tynset.example"],
    "only as a comment": [f"{MX}; dkim=none (dkim=pass header.d=tynset.example)"],
    "in a comment in a comment": [f"{MX}; spf=none (a (b) ; dmarc=pass header.from=tynset.example)"],
    "smuggled in quotes": [
        f'{MX}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=tynset.example"@ond.example; dmarc=none'
    ],
    "smuggled without quotes": [
        f"{MX}; spf=pass smtp.mailfrom=x; dmarc=pass header.from=tynset.example;@ond.example; dmarc=fail"
    ],
    "a quote that does not end": [f'{MX}; dmarc=pass header.from=tynset.example reason="'],
    "a name that begins like ours": [f"{MX}.ond.example; dmarc=pass header.from=tynset.example"],
}


@pytest.mark.parametrize("case", FORGED)
def test_a_sender_that_it_does_not_vouch_for(case: str) -> None:
    assert vouched(mail(*FORGED[case]), MX) == "no"


def test_without_a_name_nobody_vouches() -> None:
    assert vouched(mail(GENUINE["DMARC"]), None) == "nobody"


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("Hilde <Hilde@Tynset.example>", "hilde@tynset.example"),
        ("hilde@tynset.example", "hilde@tynset.example"),
        ("=?utf-8?q?Hilde_Pr=C3=B8ve?= <hilde@tynset.example>", "hilde@tynset.example"),
        ('"hilde@tynset.example" <ond@ond.example>', ""),
        ("hilde@tynset.example, ond@ond.example", ""),
        ("hilde@tynset.example <ond@ond.example>", ""),
        ("Hilde", ""),
    ],
)
def test_exactly_one_sender(written: str, sender: str) -> None:
    assert sender_of(mail(sender=written)) == sender


def test_two_from_headers_are_no_sender() -> None:
    twice = message_from_string("From: a@b.example\nFrom: hilde@tynset.example\n\nHei", policy=compat32)
    assert sender_of(twice) == ""


@given(st.text(alphabet=st.sampled_from('mx.a;=()"\\ dkipsf@\n\tpas'), max_size=120))
def test_whatever_stands_there_is_no_yes(text: str) -> None:
    made = mail("none")
    made.replace_header("Authentication-Results", f"{MX}; {text}")
    assert vouched(made, MX) == "no"
