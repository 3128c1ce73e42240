"""What made-up texts are made of."""

from __future__ import annotations

import random
from collections.abc import Callable

#: Words that mean something here, so that what is made up comes past the first door.
WORDS = tuple(
    """Tynset Røros Os Tolga Alvdal Rendalen Folldal Engerdal leie barnehage jobb lege ja nei /vert /slett /mine
    /kommune /svar /ta hjelp snakk verten TYN-7F3K REG-0000 svar i morgen til våren 2 barn sykepleier 0101 99999999
    a@b.example 12345678901 avbryt neste send slett alt Are there schools? Kor er NAV? 🏔 <b> & &amp; %s {0} ' " ; --
    1:T: @FlyttHitBot https://flytthit.example ![x](y) [a](javascript:b) ]]> <!-- ../../etc/passwd $(x)""".split()  # noqa: SIM905
)
#: Marks without a letter, signs that turn the direction, halves of surrogates, signs that are none.
ODD = tuple(map(chr, (0, 7, 9, 10, 13, 27, 0x85, 0xA0, 0xAD, 0x301, 0x327, 0x200B, 0x200E, 0x202E, 0x2028, 0x2066)))
ODD += tuple(map(chr, (0xD800, 0xDFFF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F3D4, 0x1F1F3, 0x10FFFF, 0xE0020)))
#: One character of each of several alphabets.
RANGES: tuple[Callable[[random.Random], int], ...] = tuple(
    lambda chance, low=low, high=high: chance.randint(low, high)  # type: ignore[misc]
    for low, high in (
        (0x20, 0x7E),
        (0xC0, 0x17F),
        (0x370, 0x4FF),
        (0x590, 0x6FF),
        (0x900, 0xDFF),
        (0x4E00, 0x9FFF),
        (0x1F000, 0x1FAFF),
        (0, 0x10FFFF),
    )
)
