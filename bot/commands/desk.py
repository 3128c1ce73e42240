"""host invite, coordinator invite, leads, migrate, backup: what an operator does beside the running bot."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.app import House, StartError, build, now, prepare_folders
from bot.leads.model import Lead, Role
from bot.settings import Settings, is_mail_address
from bot.storage import hosts as stored_hosts
from bot.storage import leads as stored_leads
from bot.storage import marks
from bot.storage.backup import BackupError, backup_sqlite
from bot.storage.engine import Database
from bot.storage.migrating import migrate as bring_up_to_date

REAL = "flytthit"


async def invite(settings: Settings, role: Role, municipality: str | None, email: str = "") -> None:
    if email and settings.mail is None:
        raise StartError("SMTP_URL is not set, so no invitation can be mailed. Set SMTP_URL, MAIL_FROM and PUBLIC_URL.")
    if email and not is_mail_address(email):
        raise StartError(f"«{email}» is no mail address.")
    house = await _open(settings)
    try:
        if municipality is not None and municipality not in house.mind.knowledge.municipalities:
            known = ", ".join(house.mind.knowledge.municipalities)
            raise StartError(f"There is no municipality «{municipality}». Known: {known}.")
        parameter = await house.desk.invite(role, municipality, now(), email)
    finally:
        await house.database.close()
    if email:
        print(f"The running program mails the invitation to {email}. It works once, for seven days.")
        return
    name = await _bot_name(settings)
    if name:
        print(f"https://t.me/{name}?start={parameter}")
    else:
        print(f"/start {parameter}")
        print("(The bot's name is not known here; send this line to the bot, or put it after https://t.me/NAME?start=)")
    print("Works once, for seven days. Whoever presses it first becomes the host, so send it to that person alone.")


async def hosts(settings: Settings) -> None:
    """Who receives leads, and the number by which each is removed."""
    house = await _open(settings)
    try:
        async with house.database.reading() as session:
            active = await stored_hosts.active(session)
    finally:
        await house.database.close()
    for host in active:
        ways = [way for way, is_there in (("Telegram", host.chat_id is not None), (host.email, host.email)) if is_there]
        print(f"{host.id:4}  {host.municipality or 'region':10}  {host.name}  {', '.join(ways)}")


async def remove(settings: Settings, number: int) -> None:
    house = await _open(settings)
    try:
        if not await house.desk.remove(number, now()):
            raise StartError(f"There is no host number {number}. See `host list`.")
    finally:
        await house.database.close()
    print("Removed: no rights and no sessions any more. Open leads went to the stand-in, else to whoever is there.")


async def leads(settings: Settings) -> None:
    """Every lead, oldest first; no names and no words of movers."""
    house = await _open(settings)
    try:
        async with house.database.reading() as session:
            everything = await stored_leads.everything(session)
    finally:
        await house.database.close()
    for lead in everything:
        print(_line(lead))
    waiting = sum(lead.open and not lead.noticed for lead in everything)
    print(f"{len(everything)} leads, {sum(lead.open for lead in everything)} open, {waiting} that nobody was told of")


async def migrate(settings: Settings) -> None:
    database = Database(settings.database(REAL))
    prepare_folders(settings)
    await bring_up_to_date(database)
    await database.close()
    print("The database has the present tables.")


async def backup(settings: Settings, file: Path) -> None:
    """Raises StartError when the copy could not be made or read back."""
    database = Database(settings.database(REAL))
    if not database.is_sqlite:
        raise StartError("PostgreSQL is backed up by its own pg_dump; see docs/operate.md.")
    try:
        leads_in_copy = backup_sqlite(Path(database.url.database or ""), file)
        async with database.transaction() as session:
            await marks.mark(session, marks.BACKED_UP, now())
    except BackupError as error:
        raise StartError(str(error)) from None
    finally:
        await database.close()
    print(f"{file}: read back, {leads_in_copy} leads.")


async def _open(settings: Settings) -> House:
    house = build(settings, REAL)
    await bring_up_to_date(house.database)
    return house


async def _bot_name(settings: Settings) -> str | None:
    """Telegram's name for the bot, where a token is set and Telegram answers."""
    if settings.telegram_bot_token is None:
        return None
    url = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token.get_secret_value()}/getMe"
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = (await client.get(url)).json()
    except (httpx.HTTPError, ValueError):
        return None
    name = answer.get("result", {}).get("username") if isinstance(answer, dict) else None
    return str(name) if name else None


def _line(lead: Lead) -> str:
    state = f"{lead.state} (nobody was told)" if lead.open and not lead.noticed else lead.state
    return f"{lead.reference}  {lead.municipality or 'region':10}  {state:24}  {lead.created_at:%Y-%m-%d %H:%M} UTC"
