"""What a mail is: a bounce, a reply, or nothing of ours; whatever its charset, size and shape."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Replied, Returned
from bot.mail import Sender
from bot.mail.building import build
from bot.mail.incoming import read
from bot.storage.deliveries import Delivery
from bot.storage.mailboxes import proof
from tests.mail.letters import HILDE, MX, letter, reply, report

DOMAIN = "flytthit.example"
AT = datetime(2026, 11, 24, 9, 0, 1, 234567, tzinfo=UTC)


@pytest.fixture
def ours() -> EmailMessage:
    body = {"to": HILDE, "language": "nb", "about": "notice", "html": "Ny henvendelse", "path": "/inbox/lead/TYN-7F3K"}
    delivery = Delivery(7, "mail", "notice", 1 << 60, body, "TYN-7F3K", "sending", 0, 1, AT)
    return build(delivery, Sender(Address("Flytt hit", "flytthit", DOMAIN), "https://inbox.example", True))


def replied(raw: bytes) -> Replied:
    what = read(raw, DOMAIN, MX)
    assert isinstance(what, Replied), what
    return what


def returned(raw: bytes) -> Returned:
    what = read(raw, DOMAIN, MX)
    assert isinstance(what, Returned), what
    return what


def test_a_reply_names_the_mail_and_the_lead(ours: EmailMessage) -> None:
    what = replied(reply(ours).as_bytes())
    assert what.deliveries == ((7, proof(AT)),) and what.references == ("TYN-7F3K",)
    assert (what.sender, what.vouched, what.text) == (HILDE, "yes", "Hei! Ja, vi har ledig plass.")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-token=x"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Fravær"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<liste.tynset.example>"},
    ],
)
def test_an_out_of_office_note_is_no_answer(ours: EmailMessage, headers: dict[str, str]) -> None:
    assert read(reply(ours, "Jeg er på ferie.", **headers).as_bytes(), DOMAIN, MX) == "automatic"


def test_a_receipt_is_no_answer(ours: EmailMessage) -> None:
    receipt = reply(ours).as_string().replace("text/plain", "multipart/report; report-type=disposition-notification")
    assert read(receipt.encode(), DOMAIN, MX) == "automatic"


def test_somebody_elses_mail_is_left_alone(ours: EmailMessage) -> None:
    assert read(b"From: x@y.example\r\nSubject: Tilbud\r\n\r\nHei", DOMAIN, MX) == "no reply to a mail of ours"
    assert read(reply(ours).as_bytes(), "annet.example", MX) == "no reply to a mail of ours"


@pytest.mark.parametrize("returned_as", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(
    ("action", "status", "permanent", "final"),
    [("failed", "5.1.1", True, True), ("failed", "4.4.7", False, True), ("delayed", "4.4.1", False, False)],
)
def test_reports(ours: EmailMessage, action: str, status: str, permanent: bool, final: bool, returned_as: str) -> None:
    what = returned(report(ours, action, status, returned_as))
    assert what == Returned(((7, proof(AT)),), permanent, final, status)


def test_a_report_of_success_is_no_bounce(ours: EmailMessage) -> None:
    assert read(report(ours, "delivered", "2.0.0"), DOMAIN, MX) == "automatic"


@pytest.mark.parametrize(
    ("says", "permanent"),
    [
        ("550 5.1.1 no such user", True),
        ("Remote host said: 550 sorry, no mailbox here by that name", True),
        ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", False),
        ("192.5.1.1 does not like recipient. 452 4.2.2 mailbox full", False),
        ("Sorry it didn't work out.", True),
    ],
)
def test_letters_of_mail_servers(ours: EmailMessage, says: str, permanent: bool) -> None:
    what = returned(letter(ours, says))
    assert what.deliveries == ((7, proof(AT)),) and what.permanent is permanent


def test_an_old_charset_is_read(ours: EmailMessage) -> None:
    mail = reply(ours, "Blåbær på Røros").as_bytes()
    head, _, _ = mail.partition(b"\r\n\r\n")
    head = head.replace(b"utf-8", b"windows-1252").replace(b"Content-Transfer-Encoding: 8bit", b"X-Was: 8bit")
    for charset in (b"windows-1252", b"iso-8859-1", b"us-ascii", b"finnes-ikke"):
        raw = head.replace(b"windows-1252", charset) + b"\r\n\r\n" + "Blåbær på Røros".encode("cp1252")
        assert replied(raw).text == "Blåbær på Røros"
    raw = head.replace(b"windows-1252", b"us-ascii") + b"\r\n\r\n" + "Blåbær på Røros".encode()
    assert replied(raw).text == "Blåbær på Røros"


def test_html_alone_is_made_plain(ours: EmailMessage) -> None:
    mail = reply(ours, "")
    mail.set_content("<p>Hei, <b>Mona</b>!</p><script>x</script><p>Velkommen &amp; vel møtt.</p>", subtype="html")
    assert replied(mail.as_bytes()).text == "Hei, Mona!\n\nVelkommen & vel møtt."


def test_attachments_are_named_and_not_kept(ours: EmailMessage) -> None:
    mail = reply(ours, "Se kartet.")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="kart over Tynset.pdf")
    mail.add_attachment("skjult", subtype="plain", filename="notat.txt")
    what = replied(mail.as_bytes())
    assert what.text == "Se kartet." and what.attachments == ("kart over Tynset.pdf", "notat.txt")


def test_a_mail_that_was_cut_off_keeps_its_words(ours: EmailMessage) -> None:
    mail = reply(ours, "Se kartet.")
    mail.add_attachment(b"x" * 100_000, maintype="image", subtype="png", filename="kart.png")
    what = replied(mail.as_bytes()[:20_000])
    assert what.text == "Se kartet." and what.attachments == ("kart.png",)


def test_flowed_lines_go_on(ours: EmailMessage) -> None:
    raw = reply(ours, "Hei, dette er\nen setning.").as_bytes().replace(b"dette er\r\n", b"dette er \r\n")
    raw = raw.replace(b'charset="utf-8"', b'charset="utf-8"; format=flowed')
    assert replied(raw).text == "Hei, dette er en setning."


@given(st.binary(max_size=300), st.sampled_from(["multipart/mixed; boundary=a", "text/html", "message/rfc822", "x"]))
def test_any_bytes_are_survived(content: bytes, kind: str) -> None:
    raw = f"From: mailer-daemon@x.example\r\nIn-Reply-To: <lead-TYN-7F3K@{DOMAIN}>\r\nContent-Type: {kind}\r\n\r\n"
    what = read(raw.encode() + content, DOMAIN, MX)
    assert isinstance(what, (str, Replied))
