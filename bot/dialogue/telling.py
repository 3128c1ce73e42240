"""Who moves and when, told while a form is open: it goes into the form, in the mover's own words."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import answers, form_values, lead_form, noticing
from bot.dialogue.talk import Talk
from bot.leads import picking, wording
from bot.leads.model import Wishes
from bot.leads.profile import Profile
from bot.matching.verdict import Verdict


def take(talk: Talk, text: str) -> bool:
    """Whether a line tells who moves or when, and asks nothing; the form then has it. Danger is never only noted."""
    people = talk.knowledge.words.people
    told = picking.pick(text, people, ())
    if not (told.household or told.when) or not picking.tells(text, people):
        return False
    if _in_danger(talk.matcher.understand(text)):
        return False
    before = talk.conversation.profile
    noticing.notice_told(talk, told)
    words, covered = form_values.words(text, form_values.MAX_SHORT)
    if covered:
        talk.say("lead.identity_number")
    picked = _with_picked(talk, before)
    with_own = replace(picked, household=_own_words(talk, words)) if told.household else replace(picked, when=words)
    lead_form.change(talk, wishes=with_own)
    lead_form.goes_on(talk, changed=True)
    return True


def take_by_the_way(talk: Talk, before: Profile) -> bool:
    """A question in mid-form may have told something new too: whether the form has more than before."""
    if talk.conversation.profile == before or _in_danger(talk.questions[-1].verdict):
        return False
    wishes = lead_form.draft_of(talk).wishes
    lead_form.change(talk, wishes=_with_picked(talk, before))
    return wishes != lead_form.draft_of(talk).wishes


def _in_danger(verdict: Verdict) -> bool:
    return any(match.entry == answers.EMERGENCY for match in verdict.matches)


def _with_picked(talk: Talk, before: Profile) -> Wishes:
    """The form's wishes with what was picked up since; what the mover wrote into a part stays as it is."""
    wishes, picked = lead_form.draft_of(talk).wishes, lead_form.filled(talk)
    own_household = wishes.household != wording.members(wishes, talk.language)
    own_when = wishes.when not in ("", before.when)
    return replace(
        picked,
        household=wishes.household if own_household else picked.household,
        when=wishes.when if own_when else picked.when,
        languages=wishes.languages,
        message=wishes.message,
        contact_way=wishes.contact_way,
        contact=wishes.contact,
    )


def _own_words(talk: Talk, words: str) -> str:
    """These, after what the mover wrote there before; what was only picked up they replace."""
    wishes = lead_form.draft_of(talk).wishes
    own = wishes.household if wishes.household != wording.members(wishes, talk.language) else ""
    return f"{own}; {words}"[: form_values.MAX_SHORT] if own else words
