"""What a mover settles once: the language and the municipalities."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import answers, comparing
from bot.dialogue.buttons import data
from bot.dialogue.model import Button
from bot.dialogue.talk import Talk, contact_line
from bot.knowledge.model import Distance, Municipality
from bot.texts import label, languages

CHOSEN = "✓ "


def ask_language(talk: Talk) -> None:
    talk.say("language.ask", [[Button(label(code, "language.name"), data("l", code)) for code in languages()]])


def set_language(talk: Talk, code: str) -> bool:
    """Choose a language by code or by its own name; False when there is none of that name."""
    wanted = code.strip().lower()
    for language in languages():
        if wanted in (language, label(language, "language.name").lower()):
            talk.remember(language=language, language_chosen=True)
            talk.say("language.set")
            return True
    return False


def ask_place(talk: Talk, then_entry: str = "", edit: bool = False) -> None:
    """A menu in which every press takes a municipality in or out; "done" leads back to `then_entry`."""
    if then_entry not in talk.knowledge.entries:
        then_entry = ""  # a forged button's argument may be longer than one of ours can be
    chosen = talk.conversation.municipalities
    toggles = [
        Button((CHOSEN if slug in chosen else "") + talk.place(slug), data("mt", f"{slug}@{then_entry}"))
        for slug in talk.knowledge.municipalities
    ]
    last = [talk.button("no_place", "mx", then_entry)]
    if chosen:
        last.append(talk.button("done", "md", then_entry))
    talk.say("place.ask", [*(toggles[i : i + 2] for i in range(0, len(toggles), 2)), last], edit)


def toggle_place(talk: Talk, slug: str, then_entry: str) -> None:
    chosen = talk.conversation.municipalities
    kept = tuple(place for place in chosen if place != slug)
    talk.remember(municipalities=kept if slug in chosen else (*chosen, slug))
    ask_place(talk, then_entry, edit=True)


def finish_places(talk: Talk, then_entry: str) -> None:
    """Show what was chosen, and the entry from which the menu was opened."""
    chosen = talk.conversation.municipalities
    if chosen:
        talk.say("place.set", edit=True, places=talk.places(chosen))
    else:
        talk.say("place.none_set", edit=True)
    entry = talk.knowledge.entries.get(then_entry)
    if entry:
        answers.tell(talk, entry, chosen)


def set_place(talk: Talk, slug: str) -> None:
    talk.remember(municipalities=(slug,))
    talk.say("place.set", [[talk.button("topics", "T"), talk.button("host", "h")]], places=talk.place(slug))


def clear_places(talk: Talk, then_entry: str) -> None:
    talk.remember(municipalities=())
    finish_places(talk, then_entry)


def municipality_command(talk: Talk, argument: str) -> None:
    """/kommune opens the menu, /kommune tynset tells of Tynset."""
    if not argument.strip():
        ask_place(talk)
        return
    verdict = talk.matcher.understand(argument)
    known = [slug for slug in verdict.municipalities if slug in talk.knowledge.municipalities]
    known = known or [slug for slug in talk.knowledge.municipalities if slug == argument.strip().lower()]
    if not known:
        talk.say("place.unknown")
        ask_place(talk)
    for slug in known[:3]:
        tell_municipality(talk, talk.knowledge.municipalities[slug])


def tell_municipality(talk: Talk, municipality: Municipality) -> None:
    about = municipality.about.get(talk.language) or municipality.about["nb"]
    html = talk.phrase("place.profile", name=municipality.name, about=about.strip())
    figures = comparing.figure_lines(talk, municipality)
    if figures:
        html += "\n\n" + Markup("\n").join(figures)
    distances = [distance_line(talk, distance) for distance in municipality.distances]
    if distances:
        html += "\n\n" + Markup("\n").join(distances)
    contact = contact_line(municipality)
    if contact:
        html += "\n\n" + talk.phrase("place.contact", contact=contact)
    rows = [[talk.button("my_place", "ms", municipality.slug, place=municipality.name)], [talk.button("host", "h")]]
    talk.reply(html, rows)


def show_municipality(talk: Talk, slug: str) -> bool:
    """False when there is no such municipality."""
    municipality = talk.knowledge.municipalities.get(slug)
    if municipality is None:
        return False
    tell_municipality(talk, municipality)
    return True


def distance_line(talk: Talk, distance: Distance) -> Markup:
    key = "place.distance_by_train" if distance.by_train else "place.distance"
    line = talk.phrase(key, to=distance.to, how_far=how_far(talk, distance))
    return line + Markup(" ({})").format(comparing.year_words(talk, distance.year)) if distance.year else line


def how_far(talk: Talk, distance: Distance) -> str:
    """As the source states it: kilometres, hours, minutes, or several of them."""
    stated = {"km": distance.km, "hours": distance.hours, "minutes": distance.minutes}
    return ", ".join(label(talk.language, f"place.{unit}", number=number) for unit, number in stated.items() if number)
