"""PUBLIC_URL as the outside reaches it."""

from __future__ import annotations

import ssl

import httpx

from bot.doctor.finding import Finding, error, ok, warning
from bot.settings import Settings, is_public_or_own

TIMEOUT_SECONDS = 10.0


async def check(settings: Settings) -> Finding:
    url = settings.public_url
    if url is None:
        text = "PUBLIC_URL is not set: no inbox for hosts, no webhook"
        return warning("pages", text, "Set it to the address of your reverse proxy, https://… (docs/operate.md).")
    if not is_public_or_own(url):
        return error(
            "pages", "PUBLIC_URL is not https: nobody can sign in", "Put a proxy with TLS before it (docs/operate.md)."
        )
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            response = await client.get(f"{url}/health")
    except httpx.HTTPError as trouble:
        return _not_reached(trouble)
    return _answered(settings, response)


def _not_reached(trouble: httpx.HTTPError) -> Finding:
    cause: BaseException | None = trouble
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        remedy = (
            "Look at the proxy's certificate: its name and its end date. Caddy renews by itself if port 80 is open."
        )
        return error("pages", "PUBLIC_URL has a certificate that is not valid", remedy)
    remedy = "Look at the name's DNS entry, the firewall (ports 80 and 443), and whether proxy and program run."
    return error("pages", f"PUBLIC_URL was not reached ({type(trouble).__name__})", remedy)


def _answered(settings: Settings, response: httpx.Response) -> Finding:
    status = response.status_code
    if status == httpx.codes.OK and response.text == "ok":
        return ok("pages", "PUBLIC_URL leads to this program")
    if status == httpx.codes.SERVICE_UNAVAILABLE and response.text.startswith("database"):
        return error("pages", "the program runs, but its database does not answer", "See the database below.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        remedy = f"Start the program; the proxy must pass on to {settings.http_host}:{settings.http_port}."
        return warning("pages", f"the proxy answers, the program behind it does not ({status})", remedy)
    remedy = f"The proxy must pass everything on to {settings.http_host}:{settings.http_port}, /health too."
    return error("pages", f"PUBLIC_URL leads to something else ({status})", remedy)
