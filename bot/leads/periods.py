"""How long things are kept; the operator may shorten or lengthen them, and texts tell the true figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Periods:
    """The retention table of the design, in the unit each name says."""

    arrival_id_days: int = 14
    delivery_id_days: int = 14
    parked_days: int = 14
    question_days: int = 21
    conversation_days: int = 180
    draft_hours: int = 72
    lead_days: int = 90
    consent_years: int = 3
