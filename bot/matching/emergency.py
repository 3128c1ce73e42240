"""Present danger to life or health, violence or self-harm now: recognised by what is said, before anything else.

A trade, a service or a question about safety uses the same words. So a line counts only when it says that something
happens to somebody now, and does not when it speaks of work, distance, offers or plans.
"""

from __future__ import annotations

import re

from bot.matching.text import fold, words

EMERGENCY = "assistant/emergency"

#: Said by somebody in danger. Folded words (ø is o, å is a, æ is e); each a pattern over the words joined by spaces.
_DANGER = (
    # self-harm and suicide
    r"(ta|tar|tek|ende|ende|avslutte) (livet|live) (mitt|av meg|ta me|a me|av me|tu me|av mig)",
    r"(ta|tar|tek) (mitt )?(eget )?(sjol|selv|sjolv)?mord",
    r"(ta|tar|tek) livet av (meg|seg|me|mig|han|ho|henne) (na|no|i (natt|kveld|dag)|sjol|selv|sjolv)",
    r"(vil|orker|orkar|orke|greier|klarer|klarar|klare|tor|kan|ittj|itte|ikke|ikkje|itj) (bare |berre |ikke |ikkje |itj |itte |ittj |lenger |lengre |lenge )*(do|dø|leve mer|leve meir|leve mer|leva lenger|leve lenger|leve lengre|leve lenge|leve mer)",
    r"(vil|skal|kommer til a|har lyst til a|tenker pa a|tenkjer pa a|vurderer a) (bare |berre )?(skade|kutte|drepe|henge|dreie|drepa) (meg|me|meg sjolv|meg selv|mig)",
    r"(kutter|skader|kutta|skada|kuttet|skadet|kuttar|skadar) (meg|me|mig)( selv| sjolv| sjol)?( na| no| igjen|$)",
    r"(selvmord|sjolmord|sjolvmord|sjolmordstanker|selvmordstanker|sjolvmordstankar) (na|no|i kveld|i natt|hver dag|kvar dag|heile tida)",
    r"(har|fatt|far|faar|hatt) (selvmordstanker|sjolmordstanker|sjolvmordstankar)",
    r"(vil|onsker|onskjer|onske) ikk?j?e? ?(a )?leve( mer| lenger| meir| lengre)?",
    r"(tatt|teke|har tatt|tok|svelget|svelga|slukt) (en |ein |et |eit )?(overdose|hele pakka|heile pakka|alle pillene|alle tablettene|for mange (piller|tabletter|paracet))",
    r"(kill|killing|hurt|hurting|cut|cutting|end|hang|harm) (myself|my (own )?life)",
    r"(want|wanna|going|gonna|ready|wish) (to )?(die|be dead|end it all)",
    r"(suicidal|thinking of suicide|thinking about suicide|commit suicide|took an overdose|ve overdosed|have overdosed)",
    r"(do not|dont|cant|cannot|no longer) (want to )?(live|go on living)( anymore| any more| any longer)$",
    # violence now
    r"(slar|sla|slo|slatt|sparker|sparka|dreper|drep|kveler|banker|banka|banke|mishandler|mishandlar|voldtar|trakasserer) (meg|me|mora mi|mamma|ungene|barna|borna|oss|moren min|kona|henne|ongan)( |$)",
    r"(truer|trua|truar|true|truet) (meg|oss|me|mamma|ungene|barna|henne|med (kniv|vapen|borsa|hagla|gevaer|a drepe|drap|a sla))",
    r"(blir|vart|ble|bli|er) (slatt|banka|banket|mishandlet|mishandla|voldtatt|voldteken|knivstukket|skutt|overfalt|trua pa livet|angrepet)( |$)(?!av en elg)",
    r"(prover|provde|prova|skal|vil|kommer til|truer med|trua med) (a )?(drepe|kvele|skyte|ta livet av|drap) (meg|oss|henne|mora|mamma|kona|ungene|barna|han)",
    r"(mannen|mann|samboeren|samboer|kjaeresten|kjeresten|eksen|ekskona|kona|faren|stefaren|pappa|naboen|nabo|noen|nokon) .{0,25}(med|har) (en |ein )?(kniv|vapen|pistol|hagle|gevaer|oks)( |$)",
    r"(redd for livet|redd for mitt liv|redd han (dreper|skal drepe|kommer til a drepe)|redd for a bli (drept|slatt))",
    r"(noen|nokon|en mann|ein mann|han|de) (bryter|bryt|brot|prover a bryte|holder pa a bryte) seg inn",
    r"(innbrudd|innbrot) (na|no|her na)",
    r"(beats|hits|hitting|beating|beat|hit|choking|strangling|attacking|threatening|threatens|raped|stabbed|shot) (me|my (mum|mother|kids|children|sister|wife|son|daughter)|us|her|him)( |$)",
    r"(being|been|was|were|am) (attacked|beaten|raped|stabbed|abused|strangled|shot|assaulted)( |$)",
    r"(breaking|broken) into (my|our|the) (house|home|cabin|flat)|afraid (he|she) (will|is going to) (kill|hurt)|has a (knife|gun)",
    # acute illness and accidents
    r"(puster|puste|pustar|pust) (ikke|ikkje|itj|itte|ittj|inte)( |$)",
    r"(ikke|ikkje|itj|itte|ittj) (far |faar |fae )?(puste|pusta|pust|pusten|luft)( |$)",
    r"(far|faar|fae|far) (ikke|ikkje|itj|itte) (puste|pusta|pust|luft)",
    r"(hjertestans|hjartestans|hjerteinfarkt|hjarteinfarkt|hjerneslag|hjartestopp|slag|drag) (na|no|akkurat|hjelp)",
    r"(har|faar|far|fatt|fekk|hi|faat) (nettopp |akkurat |visst )?(hjertestans|hjartestans|hjerteinfarkt|hjarteinfarkt|hjerteattakk|hjerneslag|blodpropp|krampeanfall|anafylaktisk)",
    r"(sterke|vondt|smerter|vonde|vont|trykk|press|klemmer|ondt) .{0,20}(i|over) (brystet|bringa|bryste|hjertet|hjartet)",
    r"(bevisstlos|bevisstlaus|livlos|livlaus|besvimt|bevistlos|umuleg a vekke|ikke kontakt med|far ikke kontakt|far ikkje kontakt|faar itj kontakt)",
    r"(svarer|reagerer|vakner|svarar|reagerar|vaknar|vaakne|vakne|rore) (ikke|ikkje|itj|itte) (na |no |lenger |pa |seg )?.{0,15}(og|puster|hjelp|seg|han ligger|ho ligg)",
    r"(bloer|blor|blør|blo|bloder|bloar|blodar) (kraftig|mye|mykje|mytji|voldsomt|fra|ihjel|i hjel|na|no|sa|masse|som)",
    r"(det|de|d|dette) (brenner|brenn|brinn|brennar|bren) (i|pa|hos|her|na|no|oppi|nede|borti|ute|skikkelig|kraftig)( |$)",
    r"(huset|hytta|leiligheten|kjokkenet|fjoset|laven|naboen|bilen|skogen|garden|pipa|pipebrann|loftet) (vart |mitt |var |vares |hass |star |stor )?(star |stor |sta )?(brenner|brenn|brinn|i brann|i fyr|i full fyr)( |$)",
    r"(pipebrann|brann|skogbrann|gressbrann|grasbrann|roykutvikling) (na|no|her|hjelp|hos)( |$)",
    r"(har|hi|er|vart|ble|vare i|var i) (nettopp |akkurat |vore i |vaert i |i |utsatt for )*(en |ein |ei )?(bilulykke|trafikkulykke|frontkollisjon|kollisjon|krasjet|krasja|kjort utfor|kjort av vegen|skuterulykke|ulykke)( na| no| og|$| pa| hjelp)",
    r"(falt|falle|dette|datt|ramla|gikk|gatt|gjekk|druknet|drukner|druknar|drukne) .{0,12}(gjennom isen|i elva|i vannet|utfor stupet|utfor)",
    r"(drukner|druknar|kveles|kvelast|kvelest|kveler seg|kvelning|forgiftet|forgifta|drunkna|satt fast i halsen|sett fast i halsen)( |$)",
    r"(tatt|teken|tatt av|teke av|begravd i|begravd|ligger under) (av )?(et |eit )?(snoskred|skred|ras|raset|skredet)( |$)",
    r"(ring|trenger|treng|send|tilkall|ma ha|vi ma ha|trengje) (en |ein |etter )?(ambulanse|sykebil|sjukebil|politiet|brannbil|helikopter|luftambulanse|nodhjelp)( na| no| hit| fort|$| med en gang| med ein gong| straks| akutt)",
    r"(akutt nod|i livsfare|livsfare|akutt fare|overhengende fare|nodsituasjon|nodstilfelle)( |$)",
    r"(cant|cannot|can not|isnt|is not|not|stopped|stop) breath(e|ing)?( |$)",
    r"(having|had|has) (a |an )?(heart attack|stroke|seizure|anaphylactic)( |$)",
    r"chest (pain|pains|hurts)|(unconscious|not responding|bleeding (badly|heavily|a lot|to death|out)|choking|drowning|overdose)( |$)",
    r"(house|cabin|car|kitchen|barn|neighbour|neighbor|flat|building) (is )?(on fire|burning)( |$)|there is a fire",
    r"(fell|fallen|went) through the ice|buried in an avalanche|car (crash|accident) (now|just|help|on)|(send|need|call) (an )?(ambulance|the police)( now| please| here|$)",
    r"(hjelp|help) (meg )?(han|ho|hun|she|he|de) (dreper|drep|slar|sla|skyter|is killing|is going to kill|is hurting)",
)

#: Speaks of work, plans, services or other meanings of the word; then nothing of the above counts.
_NO_DANGER = (
    r"(jobb|jobbe|jobber|jobbar|arbeid|arbeider|arbeidde|stilling|utdanna|utdannet|utdanning|vikar|lonn|kollega|work as|worked as|job as|jobs|vakt som|kurs|studere|studerer|utdanne)( |$)",
    r"(er|som|eg er|jeg er|am|blir|vere|vaere) (en |ein |a |an )?(\w+ )?(sykepleier|sjukepleiar|sjukepleier|psykolog|psykiatrisk|ambulansearbeider|ambulansearbeidar|paramedic|brannmann|brannkonstabel|politi|politibetjent|politimann|lege|miljoterapeut|miljoarbeider|vernepleier|vernepleiar|nurse|firefighter|doctor|policeman|police officer|redningsmann|nodmeldeoperator)( |$)",
    r"(hvor langt|kor langt|how far|hvor lang tid|kor lang tid|how long|hvor lenge|kor lenge|hvor fort|kor fort|how fast|how quickly|hvor ofte|kor ofte|how often|hvor mange|kor mange|how many|hva skjer hvis|hva skjer om|ka skjer hvis|kva skjer om|kva skjer viss|hva om|kva om|what happens if|what if|hvis|dersom|viss|i tilfelle|in case|finnes det|finst det|fins det|har dere|har de|har dokker|do you have|is there|are there|er det vanlig|er det mye|er det mykje|e det mye|e det mytji|pleier|is it safe|hvordan er|korleis er|korsn e)( |$)",
    r"(gresset|graset|plenen|hesjer|hoy|gress|gras|grass|lawn)( |$)",
    r"(sla av (en|ein) prat|slar av en prat|sla seg ned|slar seg ned|sla oss ned|slar oss ned|slaa oss|sla meg ned|sla til|slar an|sla rot|sla dere|slar dere sammen)",
    r"(skyte|skutt|skjote|skote|skot) (pa |en |ein |et |eit )?(radyr|elg|rein|villrein|rype|ryper|hjort|hare|skogsfugl|blink|leirduer|film|video)",
    r"(do av (kjedsomhet|latter|varme|kulde|flause)|dor av (kjedsomhet|latter)|dau kul|ihjel av kjedsomhet|kjede (meg|oss) ihjel|fryse(r)? ihjel|fryser i hjel|dying to|die of boredom|bored to death|freeze to death|kill time|killing time|killing it|kill for|drepe tid)",
    r"(film|boka|bok|serie|spill|song|sang|roman|krim|nyheter|avisa|i \d{4}|historie|for mange ar siden|long ago|dream|dromte|dromme|dromt)( |$)",
)
_DANGEROUS = tuple(re.compile(r"(?:^| )(?:" + pattern + r")") for pattern in _DANGER)
_HARMLESS = tuple(re.compile(r"(?:^| )(?:" + pattern + r")") for pattern in _NO_DANGER)
#: Emergencies are said at once; patterns with gaps are not let loose on walls of text.
_MOST_WORDS = 120


def is_emergency(text: str) -> bool:
    """Whether the words say that somebody is in danger now."""
    joined = " ".join(fold(word) for word in words(text)[:_MOST_WORDS])
    if not any(pattern.search(joined) for pattern in _DANGEROUS):
        return False
    return not any(pattern.search(joined) for pattern in _HARMLESS)


def speaks_of_something_else(text: str) -> bool:
    """Whether the words show work, services, plans or another meaning: then the model alone must not cry wolf."""
    joined = " ".join(fold(word) for word in words(text)[:_MOST_WORDS])
    return any(pattern.search(joined) for pattern in _HARMLESS)
