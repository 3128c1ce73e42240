"""The clock of a lead: when who is called next. It decides only; bot/desk/escalating.py tells.

From `waiting_since` on: a reminder after so many working hours, the stand-in and the coordinator after so many working
days (bot/leads/service.py). Taking a lead begins it anew, the first answer ends it; a mover's words after an answer
get one reminder. Where a promise would be broken before the coordinator's turn comes, that turn comes earlier.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.leads.model import STEPS, Lead, Step
from bot.leads.service import DEFAULT, Service
from bot.leads.working_time import OSLO, WorkingTime

#: Working days that a mover's words may lie unanswered in a talk that has begun.
WORDS_WAIT_DAYS = 2


def since(lead: Lead) -> datetime | None:
    """From when the clock of this lead runs; None while it stands still."""
    if not lead.open or not lead.noticed:
        return None
    if is_talk(lead):
        return lead.waiting_since
    return lead.waiting_since or lead.created_at


def is_talk(lead: Lead) -> bool:
    """Somebody has it and has answered."""
    return lead.state == "taken" and lead.first_answer_at is not None


def due_step(lead: Lead, service: Service, now: datetime) -> Step | None:
    """The furthest step whose time has come, if it is not done yet."""
    if lead.snoozed_until is not None:
        return None
    due = [step for step, at in times(lead, service).items() if at <= now]
    furthest = max(due, key=STEPS.index, default=lead.step)
    return furthest if STEPS.index(furthest) > STEPS.index(lead.step) else None


def times(lead: Lead, service: Service) -> dict[Step, datetime]:
    """When each step of this lead is due."""
    start, working_time = since(lead), service.working_time
    if start is None:
        return {}
    if is_talk(lead):
        return {"reminded": working_time.days_after(start, WORDS_WAIT_DAYS)}
    reminder = working_time.hours_after(start, service.remind_after_hours)
    coordinator = working_time.days_after(start, service.coordinator_after_days)
    if lead.promised_on:
        coordinator = min(coordinator, max(reminder, _to_keep(lead, lead.promised_on, service)))
    found: dict[Step, datetime] = {
        "reminded": reminder,
        "stand_in": working_time.days_after(start, service.stand_in_after_days),
        "coordinator": coordinator,
    }
    # Not before the coordinator was called: that may have brought a new promise.
    if lead.step == "coordinator" and lead.promised_on:
        found["overdue"] = working_time.opening(working_time.next_day(lead.promised_on))
    return found


def _to_keep(lead: Lead, promised_on: date, service: Service) -> datetime:
    """When somebody else must be called to keep the promise; whoever has taken a lead has the promised day for it."""
    working_time = service.working_time
    if lead.state == "taken":
        return working_time.opening(working_time.next_day(promised_on))
    last = working_time.closing(promised_on) - timedelta(hours=service.remind_after_hours)
    return max(last, working_time.opening(promised_on))


def renewed(promised_on: date | None, helper: WorkingTime, service: Service, now: datetime) -> date:
    """The promise when somebody new is called: as it was, if there is still time to keep it."""
    if promised_on and helper.hours_between(now, helper.closing(promised_on)) >= service.remind_after_hours:
        return promised_on
    new = helper.after_days(now, 1)
    return max(new, promised_on) if promised_on else new


def waits_until(lead: Lead, now: datetime, service: Service = DEFAULT) -> date | None:
    """The day on which the hosts that a lead waits for are back."""
    if lead.state != "new" or lead.waiting_since is None or lead.waiting_since <= now:
        return None
    day = lead.waiting_since.astimezone(OSLO).date()
    return day if day > service.working_time.starts_counting(now).date() else None


def is_overdue(lead: Lead, now: datetime) -> bool:
    """The promised day is over, and nobody has answered."""
    return is_awaited(lead) and lead.promised_on is not None and lead.promised_on < now.astimezone(OSLO).date()


def is_due_today(lead: Lead, now: datetime) -> bool:
    return is_awaited(lead) and lead.promised_on == now.astimezone(OSLO).date()


def is_awaited(lead: Lead) -> bool:
    """A promise holds: nobody has answered yet, or somebody new is to answer."""
    return lead.open and not is_talk(lead)
