"""Present danger to life or health, violence or self-harm now: recognised by what is said, before anything else.

A trade, a service or a question about safety uses the same words. So single words prove nothing: a line counts when
words of certain groups follow each other closely, and does not when it speaks of work, plans or other meanings.
Overlooking a danger and crying wolf are both bad: tests/questions/ has emergency.jsonl and never_a_joke.jsonl.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.matching.text import listed, sentences, words

EMERGENCY = "assistant/emergency"
#: Emergencies are said at once; a wall of text is not searched to its end.
_MOST_WORDS = 150
_MOST_SENTENCES = 12

#: Words by group, in any form people write; "*" stands for any ending. Not folded: "dø" would become "do".
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "not": listed(
        "ikke ikkje ikke itj ittj itte ikkj inte ej nicht nie не dont don't cant cannot not isn't isnt aldri"
    ),
    "somebody": listed(
        "mannen mann kona samboeren sambuaren kjæresten kjærasten eksen ekskona kallen far faren pappa papa stefaren mor "
        "mora moren mamma bror broren sonen sønnen naboen nabo noen nokon nån nå'n han ho hun hu dem de husband boyfriend "
        "partner father dad stepfather brother son neighbour neighbor someone somebody he she they man kæreste "
        "mann mąż чоловік fyren typen"
    ),
    "hits": listed(
        "slår slo slått slåss banker banka banket sparker sparka kveler kvelte mishandler mishandlar mishandla voldtar "
        "beats beating beat hits hitting chokes choking strangles strangling hurts hurting raped attacks attacking "
        "schlägt bije б'є бє dreper drep abuser abuses abusing"
    ),
    "victim": listed(
        "meg mæ mig me oss us mich mnie мене mamma mora moren ungene ungane ongan barna borna dem my henne"
    ),
    "settles": listed("ned til på løs sammen saman an fast gjennom tilbake rot ut følge"),
    "passive": listed("blir blei ble vart bli vorte er was were been being got am"),
    "beaten": listed(
        "slått mishandlet mishandla voldtatt valdteken overfalt knivstukket knivstukken attacked raped stabbed "
        "beaten"
    ),
    "threatens": listed("truer trua truar trugar truga truet threatens threatened threatening said sa sier seier"),
    "kill": listed("drepe drep drepa drepte kill killing skyte skyt shoot kvele knivstikke"),
    "weapon": listed("kniv kniven våpen hagle hagla pistol øks gevær knife gun axe"),
    "closing_in": listed(
        "vei veg way truer trua truar trugar utenfor utanfor outside mot etter hit threatens threatening døra"
    ),
    "locks": listed("låst låser låste locked locks stengt"),
    "inside": listed("inne inn in inside into"),
    "breaks": listed("bryte bryter bryt brøt break breaking"),
    "right_here": listed(
        "cabin house room nå no now akkurat her hit hiding gjemmer gjømmer utenfor inne meg oss mæ hjelp help"
    ),
    "end": listed("ta tar tatt tek tok ende ender ending avslutte end take taking slutt"),
    "life": listed("livet liv life livsens"),
    "own": listed("mitt meg mæ mig min my sitt seg natt kveld selv sjøl sjølv nå no slutt"),
    "suicide": listed("selvmord* sjølvmord* sjølmord* suicid* självmord* selbstmord* samobój* самогуб*"),
    "wants": listed(
        "vil ville ønsker ønskjer vill lyst orker orkar orke orka klarer klarar klare holder vil want wanna gonna "
        "going will skal chcę хочу bare"
    ),
    "live": listed("leve lev leva levva live living leben żyć жити leve"),
    "live_elsewhere": listed("leben żyć жити"),
    "any_more": listed("lenger längre lengre lenge lengur mer mere meir mehr longer anymore more już więcej dette här"),
    "longs": listed("vil ønsker ønskjer lyst want wanna chcę хочу will"),
    "die": listed("dø døy die sterben umrzeć померти dö"),
    "carry_on": listed("mer meir mere lenger dette"),
    "self": listed("selv sjøl sjølv meg myself seg"),
    "cut": listed(
        "kutta kuttet kutter kuttar skåret skjært skar skada skadet skader cut cutting hurt hurting harm kill "
        "killing hang"
    ),
    "tonight": listed("natt kveld dag nå no tonight now"),
    "over": listed("slutt over end"),
    "took": listed("tatt tok teke tatte svelget svelga took taken"),
    "pills": listed(
        "piller pillene pillane tabletter tabletta tablettar tablettene tablettane paracet sovetabletter "
        "sovemedisin pills tablets"
    ),
    "many": listed("hel hele heile alle mange for eske eska boks glass all many too whole"),
    "overdose": listed("overdos*"),
    "breathes": listed("puste puster pust pustar pusta breathe breathing breathes oddycha atmet luft"),
    "gets": listed("får fær faar fekk får"),
    "unconscious": listed(
        "bevisstløs* bevisstlaus* bevistløs* medvitslaus* medvetslös* bewusstlos* unconscious nieprzytomn* livløs* "
        "livlaus*"
    ),
    "wakes": listed("vakner vaknar vakne våkner våkne vakna wake waking"),
    "answers": listed("svarer svarar svare reagerer reagerar rører rør responding"),
    "down": listed("golvet gulvet golv gulv om ligg ligger collapsed falt datt"),
    "fell": listed("falt fallen datt ramla collapsed besvimt svimt"),
    "bleeds": listed("blør blø bløder bløer blør blører bleeding bleeds blutet krwawi"),
    "badly": listed("kraftig mye mykje mytji fælt masse badly heavily lot fra frå stopper stanser ihjel death"),
    "burns": listed("brenner brenn brinn brennar bren burns burning brennt"),
    "building": listed(
        "huset hus heimen kjøkkenet låven fjøset fjøsa fjøsen hytta leiligheten leilegheita garasjen skogen bilen loftet "
        "naboen her pipa stua house barn cabin kitchen flat rommet brann fyr"
    ),
    "fire": listed("brann fyr flammer"),
    # "fire" is four in Norwegian
    "there_or_on": listed("there theres on"),
    "fire_in_english": listed("fire"),
    "a": listed("a is in the my our"),
    "in_fire": listed("i på on full"),
    "is_there": listed("står er vart ble there's theres is stå sto house det"),
    "crashed": listed(
        "kollidert kolliderte kollisjon krasjet krasja crashed ulykke ulykka bilulykke kjørt køyrt velta veltet "
        "accident"
    ),
    "hurt": listed("fast fastklemt skadd skada skadet trapped injured blør hjelp help bevisstløs puster"),
    "went": listed("gikk gjekk datt falt ramla fell went"),
    "through": listed("gjennom gjønnå through"),
    "ice": listed("isen ice"),
    "caught": listed("tatt teken begravd buried caught"),
    "avalanche": listed("skred skredet snøskred snøskredet raset avalanche"),
    "drowns": listed("drukner druknar drukne drowning kveles kvelest"),
    "throat": listed("halsen throat"),
    "stuck": listed("fast stuck satt sett"),
    "pain": listed("vondt vont vondt smerter smerte sterke trykk press pain pains ondt"),
    "chest": listed("brystet brøstet bringa brøste bryst chest"),
    "attack": listed("hjerteinfarkt hjarteinfarkt hjertestans hjartestans hjerneslag hjerneslag slaganfall stroke"),
    "attack_now": listed("nå no now nettopp akkurat fikk fekk har having har"),
    "heart": listed("heart"),
    "heart_attack": listed("attack"),
    "call": listed("ring send trenger treng tilkall need call"),
    "rescuers": listed(
        "ambulanse ambulansen sykebil sjukebil politiet politi brannvesenet brannbil ambulance police luftambulanse"
    ),
    "quick": listed("fort nå no now straks hjelp help please kjapt umiddelbart snarest"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """Groups that follow each other, each at most `gap` words after the one before. `acts`: somebody does or wants it;
    then "if" changes nothing, while an illness that could happen is a question about the ambulance."""

    groups: tuple[str, ...]
    gap: int = 3
    acts: bool = False


_SIGNS = (
    Sign(("somebody", "hits", "victim"), 4, acts=True),
    Sign(("somebody", "victim", "hits"), 3, acts=True),
    Sign(("passive", "beaten"), 3, acts=True),
    Sign(("threatens", "kill"), 6, acts=True),
    Sign(("somebody", "kill", "victim"), 4, acts=True),
    Sign(("weapon", "closing_in"), 4, acts=True),
    Sign(("closing_in", "weapon"), 4, acts=True),
    Sign(("somebody", "locks", "victim", "inside"), 3, acts=True),
    Sign(("somebody", "breaks", "inside", "right_here"), 4, acts=True),
    Sign(("end", "life", "own"), 3, acts=True),
    Sign(("wants", "end", "own", "life"), 4, acts=True),
    Sign(("end", "own", "life"), 2, acts=True),
    Sign(("suicide",), acts=True),
    Sign(("not", "wants", "live", "any_more"), 4, acts=True),
    Sign(("wants", "not", "live", "any_more"), 4, acts=True),
    Sign(("wants", "live", "any_more"), 2, acts=True),
    Sign(("longs", "die"), 3, acts=True),
    Sign(("wants", "not", "carry_on", "over"), 8, acts=True),
    Sign(("cut", "self", "bleeds"), 6, acts=True),
    Sign(("wants", "cut", "self"), 4, acts=True),
    Sign(("wants", "over", "tonight"), 7, acts=True),
    Sign(("took", "many", "pills"), 4, acts=True),
    Sign(("overdose",), acts=True),
    Sign(("breathes", "not"), 2),
    Sign(("not", "breathes"), 2),
    Sign(("gets", "not", "breathes"), 2),
    Sign(("unconscious",)),
    Sign(("wakes", "not"), 2),
    Sign(("fell", "answers", "not"), 6),
    Sign(("down", "answers", "not"), 6),
    Sign(("bleeds", "badly"), 3),
    Sign(("burns", "building"), 3),
    Sign(("is_there", "in_fire", "fire"), 2),
    Sign(("there_or_on", "fire_in_english"), 3),
    Sign(("fire_in_english", "a", "building"), 2),
    Sign(("crashed", "hurt"), 6),
    Sign(("went", "through", "ice"), 2),
    Sign(("caught", "avalanche"), 3),
    Sign(("drowns",)),
    Sign(("stuck", "throat"), 4),
    Sign(("pain", "chest"), 3),
    Sign(("chest", "pain"), 2),
    Sign(("attack_now", "attack"), 3),
    Sign(("heart", "heart_attack"), 1),
    Sign(("call", "rescuers", "quick"), 5),
    Sign(("quick", "call", "rescuers"), 3),
    Sign(("wants", "not", "any_more", "live"), 2, acts=True),
    Sign(("not", "wants", "live_elsewhere"), 3, acts=True),
)

#: The line speaks of something else; single words, or two that follow each other.
_OTHER_MEANINGS = frozenset(
    listed(
        "jobb jobbe jobber jobbar jobba arbeid arbeider arbeidde arbeide stilling stillinger utdanna utdannet utdanning "
        "vikar vakter kurs studere studerer openings job jobs work working worked hiring sykepleier sjukepleiar nurse "
        "paramedic brannmann brannkonstabel politibetjent ambulansearbeider psykolog film filmen bok boka serie serien "
        "spill spillet roman krim gress gresset gras graset plen plenen jakt jakte jaktlag elg elgen rådyr rein rype "
        "hjort bråte kvist bål ovn ovnen ved vedfyring grill drømmer drømte drømme dreamt dream drøymer sosialt social hund hunden katt katta hest "
        "hesten sau sauen visdomstanna tanna"
    )
)
_QUESTIONS_OF_WHAT_COULD_BE = frozenset(
    listed(
        "hvis dersom viss if langt lang kor hvor how pleier vanlig ofte often noensinne ever finnes finst fins "
        "tilfelle case skjer happens risiko risikoen fare farlig"
    )
)
#: In Norwegian "fire" is four: "vi er fire".
_BESIDE_A_NUMBER = frozenset(listed("er e blir bli blei vart alle på oss vi me stykker stykk personer personar"))


def is_emergency(text: str) -> bool:
    """Whether the words say that somebody is in danger now."""
    if speaks_of_something_else(text):
        return False
    wondering = not _QUESTIONS_OF_WHAT_COULD_BE.isdisjoint(words(text)[:_MOST_WORDS])
    signs = [sign for sign in _SIGNS if sign.acts or not wondering]
    return any(_is_danger(words(sentence), signs) for sentence in sentences(text)[:_MOST_SENTENCES])


def speaks_of_something_else(text: str) -> bool:
    """Work, hunting, animals, stories: the same words mean no danger to anybody."""
    return not _OTHER_MEANINGS.isdisjoint(words(text)[:_MOST_WORDS])


def could_mean_something_else(text: str) -> bool:
    """... or a question about what could happen, or counts: then the model alone must not cry wolf."""
    said = frozenset(words(text)[:_MOST_WORDS])
    counts = "fire" in said and not _BESIDE_A_NUMBER.isdisjoint(said)
    return counts or speaks_of_something_else(text) or not _QUESTIONS_OF_WHAT_COULD_BE.isdisjoint(said)


def _is_danger(line: Sequence[str], signs: Sequence[Sign]) -> bool:
    places = _places_of_groups(line[:_MOST_WORDS])
    return bool(places) and any(_shows(sign, places) and not _settles(sign, places) for sign in signs)


def _places_of_groups(line: Sequence[str]) -> dict[str, list[int]]:
    exact, prefixes = _lookup()
    places: dict[str, list[int]] = {}
    for position, word in enumerate(line):
        for group in exact.get(word, ()):
            places.setdefault(group, []).append(position)
        for prefix, group in prefixes:
            if word.startswith(prefix):
                places.setdefault(group, []).append(position)
    return places


@cache
def _lookup() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    exact: dict[str, tuple[str, ...]] = {}
    prefixes = []
    for group, group_words in _GROUPS.items():
        for written in group_words:
            for word in words(written):
                if written.endswith("*"):
                    prefixes.append((word, group))
                elif group not in exact.get(word, ()):
                    exact[word] = (*exact.get(word, ()), group)
    return exact, tuple(prefixes)


def _shows(sign: Sign, places: Mapping[str, list[int]]) -> bool:
    """Whether the groups stand in this order, none of them too far behind the last."""
    if any(group not in places for group in sign.groups):
        return False
    return any(True for _ in _chains(sign, places, 0, None))


def _chains(sign: Sign, places: Mapping[str, list[int]], index: int, last: int | None) -> Iterator[int]:
    for position in places[sign.groups[index]]:
        if last is not None and not last < position <= last + sign.gap:
            continue
        if index + 1 == len(sign.groups):
            yield position
        else:
            yield from _chains(sign, places, index + 1, position)


def _settles(sign: Sign, places: Mapping[str, list[int]]) -> bool:
    """ "slår meg ned", "slår meg til ro": the word after the victim turns a blow into something else."""
    if "hits" not in sign.groups or "settles" not in places:
        return False
    return any(position + 1 in places["settles"] for position in _chains(sign, places, 0, None))
