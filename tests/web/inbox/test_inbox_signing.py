"""Links, codes, sessions and forms: what works, once, and what never does."""

from __future__ import annotations

import logging

import pytest
from sqlmodel import select

from bot.storage.tables import SessionRow, SignInRow
from tests.web.inbox.visitor import Visitor, joined
from tests.world import PUBLIC_URL, World


async def _host(world: World) -> Visitor:
    """A host on a device where nobody is signed in."""
    return Visitor(world, (await joined(world)).email)


async def _asks(visitor: Visitor) -> None:
    await visitor.opens("/inbox/sign-in")
    await visitor.presses("Send meg en kode", email=visitor.email)


async def test_the_link_signs_in_the_browser_that_asked_once(world: World) -> None:
    host = await _host(world)
    await _asks(host)
    link = host.mailed_link()
    await host.opens(link)
    await host.presses("Logg inn")
    assert "Saker" in host.text
    await host.opens(link)
    assert "virker ikke her" in host.text


async def test_a_mail_scanner_burns_nothing(world: World) -> None:
    host, scanner = await _host(world), Visitor(world)
    await _asks(host)
    link = host.mailed_link()
    for _ in range(3):
        await scanner.opens(link)
        assert "virker ikke her" in scanner.text
        await scanner.client.head(link)
        await host.client.get(link)
    await host.opens(link)
    await host.presses("Logg inn")
    assert "Saker" in host.text


async def test_a_link_in_another_browser_does_not_sign_in_even_by_post(world: World) -> None:
    host, thief = await _host(world), Visitor(world)
    await _asks(host)
    await thief.opens("/inbox/sign-in")
    token = thief.page.forms[0].fields["csrf"]
    await thief.posts(host.mailed_link().partition("?")[0], csrf=token)
    assert thief.status == 410
    await thief.opens("/inbox")
    assert "Logg inn" in thief.text


async def test_a_code_works_in_the_browser_that_asked_only_and_once(world: World) -> None:
    host, thief = await _host(world), Visitor(world, "tyv@kommune.example")
    await _asks(host)
    code = host.code()
    await _asks(thief)
    await thief.presses("Logg inn", code=code)
    assert thief.status == 422
    await host.presses("Logg inn", code=f"{code[:3]} {code[3:]}")
    assert "Saker" in host.text


async def test_wrong_codes_end_soon(world: World) -> None:
    host = await _host(world)
    await _asks(host)
    code = host.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(3):
        await host.presses("Logg inn", code=wrong)
        assert host.status == 422
    await host.presses("Logg inn", code=code)
    assert host.status == 422, "the right code comes too late"


async def test_links_and_codes_live_for_fifteen_minutes(world: World) -> None:
    host = await _host(world)
    await _asks(host)
    code, link = host.code(), host.mailed_link()
    world.clock.move(minutes=16)
    await host.presses("Logg inn", code=code)
    assert host.status == 422
    await host.opens(link)
    assert "virker ikke her" in host.text


async def test_after_five_wishes_a_day_there_are_links_only_and_after_twenty_nothing(world: World) -> None:
    host = await _host(world)
    before = len(host.mails)
    for _ in range(25):
        await _asks(host)
    texts = [str(mail) for mail in host.mails[before:]]
    assert len(texts) == 20
    assert sum("Koden din er" in text for text in texts) == 5


async def test_an_unknown_address_is_told_the_same_and_gets_no_mail(world: World) -> None:
    host, stranger = await _host(world), Visitor(world, "siri@kommune.example")
    await _asks(host)
    await _asks(stranger)
    assert host.text == stranger.text
    assert stranger.mails == []


async def test_nothing_secret_is_stored_or_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    host = await _host(world)
    await _asks(host)
    token = host.mailed_link().partition("?")[0].rpartition("/")[2]
    code = host.code()
    await host.opens(host.mailed_link())
    await host.presses("Logg inn")
    cookies = [cookie.value for cookie in host.client.cookies.jar if cookie.value]
    async with world.house.database.reading() as session:
        rows = [*(await session.exec(select(SignInRow))).all(), *(await session.exec(select(SessionRow))).all()]
    stored = "".join(row.model_dump_json() for row in rows)
    for secret in (token, code, *cookies):
        assert secret not in stored
        assert secret not in "".join(
            r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "aiosqlite"))
        )


async def test_a_session_ends_when_idle_and_a_ticked_one_after_thirty_days(world: World) -> None:
    host = await _host(world)
    await host.signs_in()
    for _ in range(3):
        world.clock.move(hours=11)
        await host.opens("/inbox")
        assert "Saker" in host.text
    world.clock.move(hours=12, minutes=1)
    await host.opens("/inbox")
    assert "Logg inn" in host.text

    await _asks(host)
    await host.presses("Logg inn", code=host.code(), own="yes")
    world.clock.move(days=29)
    await host.opens("/inbox")
    assert "Saker" in host.text
    world.clock.move(days=2)
    await host.opens("/inbox")
    assert "Logg inn" in host.text


async def test_signing_out_here_and_everywhere(world: World) -> None:
    host = await _host(world)
    phone = Visitor(world, host.email)
    await host.signs_in()
    await phone.signs_in()
    await host.presses("Logg ut")
    assert "Du er logget ut" in host.text
    await host.opens("/inbox")
    assert "Logg inn" in host.text
    await phone.opens("/inbox")
    assert "Saker" in phone.text
    await host.signs_in()
    await host.presses("Logg ut alle steder")
    await phone.opens("/inbox")
    assert "Logg inn" in phone.text


async def test_forms_need_their_token_and_their_origin(world: World) -> None:
    host = await _host(world)
    await host.signs_in()
    token = host.page.forms[0].fields["csrf"]
    path = "/inbox/sign-out-everywhere"
    await host.posts(path, text="none")
    assert host.status == 403
    await host.posts(path, csrf="0" * 64)
    assert host.status == 403
    for headers in (
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ):
        answer = await host.client.post(path, data={"csrf": token}, headers=headers)
        assert answer.status_code == 403, headers
    answer = await host.client.post(path, json={"csrf": token})
    assert answer.status_code == 415
    answer = await host.client.post(path, data={"csrf": token, "text": "x" * 200_000})
    assert answer.status_code == 413
    await host.opens("/inbox")
    assert "Saker" in host.text, "nothing of it worked"


async def test_every_answer_has_the_headers(world: World) -> None:
    host = await _host(world)
    for path in ("/inbox/sign-in", "/inbox/code", "/inbox/sign-in/abc", "/inbox/join/h_abc", "/inbox"):
        answer = await host.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        for cookie in answer.headers.get_list("set-cookie"):
            assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    await host.opens("/inbox/sign-in")
    assert "http" not in host.response.text.replace("http-equiv", ""), "nothing from elsewhere"


async def test_only_the_inbox_is_led_to_after_signing_in(world: World) -> None:
    host = await _host(world)
    for evil in ("https://evil.example/", "//evil.example/inbox/lead/x", "/inbox/lead/..\\evil", "/other"):
        await host.client.get("/inbox/sign-in", params={"next": evil})
        await host.opens(f"/inbox/sign-in?next={evil}")
        assert host.page.forms[0].fields["next"] == "/inbox"


async def test_an_invitation_by_mail_works_once_and_for_seven_days(world: World) -> None:
    visitor = Visitor(world, "ny@kommune.example")
    await world.house.desk.invite("host", "tynset", world.clock(), visitor.email)
    await world.settle()
    link = visitor.mailed_link()
    for _ in range(2):
        await visitor.opens(link)
        assert "Bli med" in visitor.text, "a scanner that looks uses nothing up"
    await visitor.presses("Bli med", name="Nina Prøve")
    assert "Saker" in visitor.text and "Nina Prøve" in visitor.text
    other = Visitor(world)
    await other.opens(link)
    assert "virker ikke" in other.text
    await world.house.desk.invite("host", "os", world.clock(), visitor.email)
    await world.settle()
    world.clock.move(days=8)
    await other.opens(visitor.mailed_link())
    assert "virker ikke" in other.text
