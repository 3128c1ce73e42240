"""The token, a webhook that somebody else set, and this machine's clock against Telegram's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.doctor.finding import Finding, error, ok, warning
from bot.settings import Settings, SettingsError
from bot.telegram.watching import MANY
from bot.telegram.webhook import PATH

TIMEOUT_SECONDS = 10.0
#: Beyond this, promises and "15 minutes" are not what people are told; far beyond it, TLS fails.
CLOCK_SECONDS = 30.0
RECENT = timedelta(hours=1)


async def check(settings: Settings, now: datetime) -> list[Finding]:
    if settings.telegram_bot_token is None:
        return [
            warning(
                "token",
                "TELEGRAM_BOT_TOKEN is not set: only the playground is served",
                "Make a bot with @BotFather and set the token it gives.",
            ),
            warning(
                "clock",
                "not compared with anybody's",
                "Set TELEGRAM_BOT_TOKEN: Telegram tells the time with every answer.",
            ),
        ]
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        me, date = await _ask(settings, client, "getMe")
        if not isinstance(me, dict):
            return [_no_answer(settings, me)]
        webhook, _ = await _ask(settings, client, "getWebhookInfo")
    found = [ok("token", f"the bot is @{me.get('username', '?')}")]
    if isinstance(webhook, dict):
        found += _webhook(settings, webhook, now)
    else:
        found.append(
            error("updates", f"Telegram does not say which webhook is set ({webhook})", "Try again in a minute.")
        )
    return [*found, _clock(date, now)]


async def _ask(settings: Settings, client: httpx.AsyncClient, method: str) -> tuple[dict[str, Any] | str, str]:
    """Telegram's result, or the kind of trouble; and the Date it sent."""
    assert settings.telegram_bot_token is not None
    url = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token.get_secret_value()}/{method}"
    try:
        response = await client.get(url)
        answer = response.json()
    except httpx.HTTPError as trouble:
        return type(trouble).__name__, ""
    except ValueError:
        return "no answer of Telegram's", ""
    date = response.headers.get("date", "")
    result = answer.get("result") if isinstance(answer, dict) else None
    return (result, date) if isinstance(result, dict) else (str(response.status_code), date)


def _no_answer(settings: Settings, trouble: object) -> Finding:
    if trouble in ("401", "403", "404"):
        return error(
            "token",
            f"Telegram refuses it ({trouble})",
            "Take the token from @BotFather anew (/mybots, API Token) and set TELEGRAM_BOT_TOKEN.",
        )
    return error(
        "token",
        f"Telegram was not reached ({trouble})",
        f"This machine must reach {settings.telegram_api_url}: look at firewall, DNS and TELEGRAM_API_URL.",
    )


def _webhook(settings: Settings, info: dict[str, Any], now: datetime) -> list[Finding]:
    is_set = str(info.get("url") or "")
    try:
        wanted = settings.webhook
    except SettingsError as missing:
        return [error("updates", "UPDATES=webhook lacks a setting", str(missing))]
    if wanted is None:
        return [_for_polling(is_set)]
    ours = wanted[0] + PATH
    if is_set and is_set != ours:
        return [
            error(
                "updates",
                "the webhook is set to a foreign address: somebody else uses this token, or PUBLIC_URL changed",
                "Stop the other program, or revoke the token with @BotFather; the next start sets the webhook.",
            )
        ]
    if not is_set:
        return [warning("updates", "no webhook is set", "Start the program: it sets the webhook, and keeps it.")]
    return [_how_it_goes(info, now)]


def _for_polling(is_set: str) -> Finding:
    if not is_set:
        return ok("updates", "long polling; no webhook is in the way")
    return error(
        "updates",
        "a webhook is set, so that polling gets nothing: another program uses this token, or did",
        "Stop the other program. `run` with UPDATES=polling takes the webhook away when it starts.",
    )


def _how_it_goes(info: dict[str, Any], now: datetime) -> Finding:
    waiting, at = int(info.get("pending_update_count") or 0), int(info.get("last_error_date") or 0)
    if at and now - datetime.fromtimestamp(at, UTC) < RECENT:
        return warning(
            "updates",
            f"Telegram met an error at the webhook within the last hour ({info.get('last_error_message', '?')})",
            "Look whether the program runs, and whether the proxy passes PUBLIC_URL on to HTTP_PORT.",
        )
    if waiting > MANY:
        return warning(
            "updates", f"{waiting} updates wait at Telegram", "Look whether the program runs, and at its log."
        )
    return ok("updates", "the webhook is ours")


def _clock(date: str, now: datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return warning(
            "clock", "Telegram did not tell the time", "Compare this machine's clock by hand (`timedatectl`)."
        )
    off = abs((now - theirs).total_seconds())
    if off <= CLOCK_SECONDS:
        return ok("clock", "agrees with Telegram's")
    return error(
        "clock", f"is {off:.0f} s off Telegram's", "Let the machine set its clock: `timedatectl set-ntp true`."
    )
