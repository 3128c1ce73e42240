"""doctor: what is not well, and what to do about it."""

from __future__ import annotations

from bot.app import now
from bot.doctor import Finding, look
from bot.settings import Settings, SettingsError, read_settings

REAL = "flytthit"


async def doctor(mail_to: str) -> int:
    """Print a line for each thing looked at; 1 when something is an error, else 0."""
    try:
        settings = read_settings()
    except SettingsError as wrong:
        found = [_wrong(line) for line in str(wrong).splitlines()]
    else:
        found = await _look(settings, mail_to)
    for finding in found:
        print(f"{finding.level:8} {finding.subject:14} {finding.text}")
        for line in finding.remedy.splitlines():
            print(f"{'':8} {'':14} → {line}")
    counts = {level: sum(finding.level == level for finding in found) for level in ("error", "warning")}
    print(f"{counts['error']} errors, {counts['warning']} warnings")
    return 1 if counts["error"] else 0


async def _look(settings: Settings, mail_to: str) -> list[Finding]:
    return await look(settings, REAL, mail_to, now())


def _wrong(line: str) -> Finding:
    """A setting that is refused hides what depends on it, so the rest is looked at when it is right."""
    name, _, told = line.partition(":")
    return Finding("error", name.strip(), told.strip(), "Correct it; the rest is looked at then.")
