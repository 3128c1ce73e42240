"""How one municipality's hosts work, and the texts they begin answers with; None is the region, the coordinators'."""

from __future__ import annotations

from bot.desk.case import Case
from bot.leads.service import Service
from bot.leads.text_blocks import MAX_TEXT, MAX_TITLE, TextBlock
from bot.storage import services, text_blocks
from bot.texts import languages


def may_set(case: Case, municipality: str | None) -> bool:
    """Whether this person may; who may not is told so, for an invented place as for another's."""
    known = municipality is None or municipality in case.knowledge.municipalities
    if known and case.role_at(municipality):
        return True
    case.say("desk.no_right")
    return False


async def service(case: Case, municipality: str | None) -> Service | None:
    return (await services.everything(case.session))[municipality] if may_set(case, municipality) else None


async def set_service(case: Case, municipality: str | None, wanted: Service) -> None:
    if may_set(case, municipality):
        await services.save(case.session, municipality, wanted, case.now)
        case.done = True


async def blocks(case: Case, municipality: str | None) -> tuple[TextBlock, ...] | None:
    return await text_blocks.of(case.session, municipality) if may_set(case, municipality) else None


async def write_block(case: Case, municipality: str | None, block: TextBlock) -> None:
    """A new one without key, else the one that has it."""
    if not may_set(case, municipality) or block.language not in languages():
        return
    block = TextBlock(block.key, block.language, block.title.strip()[:MAX_TITLE], block.text.strip()[:MAX_TEXT])
    if not block.title or not block.text:
        return
    if block.key:
        case.done = await text_blocks.change(case.session, municipality, block, case.now)
    else:
        await text_blocks.add(case.session, municipality, block, case.now)
        case.done = True


async def remove_block(case: Case, municipality: str | None, key: str) -> None:
    if may_set(case, municipality):
        case.done = await text_blocks.remove(case.session, municipality, key)
