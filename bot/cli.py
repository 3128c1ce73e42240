"""The command line. Each command calls one function elsewhere; help is in English, texts for people in theirs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.app import StartError
from bot.commands import desk, doctor, evaluation, question, serving, terminal
from bot.commands import knowledge as knowledge_commands
from bot.commands import parked as parked_commands
from bot.settings import Settings, SettingsError, read_settings
from bot.storage.migrating import BrokenStore

app = typer.Typer(
    help="A Telegram assistant for people who think of moving to Fjellregionen.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
knowledge = typer.Typer(help="The curated content under knowledge/.", no_args_is_help=True)
host = typer.Typer(help="The municipalities' hosts.", no_args_is_help=True)
coordinator = typer.Typer(help="The coordinator for the region.", no_args_is_help=True)
parked = typer.Typer(help="What could not be handled or sent.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")
app.add_typer(parked, name="parked")
app.add_typer(host, name="host")
app.add_typer(coordinator, name="coordinator")

EXIT_USAGE = 2
Email = Annotated[str, typer.Option(help="Mail the invitation there; who takes it needs no Telegram.")]


def main() -> None:
    try:
        app()
    except (StartError, SettingsError, BrokenStore) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(EXIT_USAGE) from None


def _settings(quiet: bool = True) -> Settings:
    settings = read_settings()
    logs.set_up("WARNING" if quiet and settings.log_level == "INFO" else settings.log_level)
    return settings


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        run(playground=False)


@app.command()
def run(
    playground: Annotated[bool, typer.Option(help="Serve the playground even where it must be asked for.")] = False,
) -> None:
    """Serve Telegram by long polling; without TELEGRAM_BOT_TOKEN, serve the playground."""
    asyncio.run(serving.run(_settings(quiet=False), playground))


@app.command()
def chat() -> None:
    """Talk with the assistant in the terminal. A number presses the button of that number."""
    asyncio.run(terminal.chat(_settings()))


@app.command()
def ask(
    text: str,
    language: Annotated[str | None, typer.Option(help="nb, nn or en; else what is detected")] = None,
    municipality: Annotated[str | None, typer.Option(help="slug, e.g. tynset")] = None,
    why: Annotated[bool, typer.Option(help="Tell in words what spoke for each entry.")] = False,
    json: Annotated[bool, typer.Option(help="Print one JSON object.")] = False,
) -> None:
    """Ask one question and show decision, entries and scores."""
    question.ask(_settings(), text, language, municipality, why, json)


@app.command()
def evaluate(
    file: Path,
    predictions: Annotated[Path | None, typer.Option(help="Write one JSON object a line here.")] = None,
    json: Annotated[bool, typer.Option(help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the matcher on labelled questions or dialogues."""
    evaluation.evaluate(_settings(), file, predictions, json)


@app.command()
def leads() -> None:
    """List the leads: reference, place, state and age; no names."""
    asyncio.run(desk.leads(_settings()))


@app.command()
def migrate() -> None:
    """Bring the database to the present tables."""
    asyncio.run(desk.migrate(_settings()))


@app.command()
def backup(file: Path) -> None:
    """Copy the database while it is in use, and read the copy back."""
    asyncio.run(desk.backup(_settings(), file))


@app.command("doctor")
def look_at_all(
    mail_to: Annotated[str, typer.Option(help="Send a test mail to this address, your own.")] = "",
) -> None:
    """Look at token, webhook, mail, pages, database, backup, disk, clock and knowledge; exit 1 on errors."""
    logs.set_up("CRITICAL")
    raise typer.Exit(asyncio.run(doctor.doctor(mail_to)))


@host.command("invite")
def host_invite(municipality: str, email: Email = "") -> None:
    """Make a one-time link that makes somebody host of a municipality (slug, e.g. tynset)."""
    asyncio.run(desk.invite(_settings(), "host", municipality, email))


@host.command("list")
def host_list() -> None:
    """List hosts and coordinators with their numbers."""
    asyncio.run(desk.hosts(_settings()))


@host.command("remove")
def host_remove(number: int) -> None:
    """End the rights, sessions and links of a host or coordinator; see `host list` for the number."""
    asyncio.run(desk.remove(_settings(), number))


@coordinator.command("invite")
def coordinator_invite(email: Email = "") -> None:
    """Make a one-time link that makes somebody coordinator."""
    asyncio.run(desk.invite(_settings(), "coordinator", None, email))


@parked.command("list")
def parked_list() -> None:
    """List it: name, kind, chat, since when and why; no words of anybody."""
    asyncio.run(parked_commands.show(_settings()))


@parked.command("retry")
def parked_retry(names: Annotated[list[str], typer.Argument(help="Names from `parked list`, or `all`.")]) -> None:
    """Handle or send it again."""
    asyncio.run(parked_commands.retry(_settings(), names))


@parked.command("drop")
def parked_drop(names: Annotated[list[str], typer.Argument(help="Names from `parked list`, or `all`.")]) -> None:
    """Delete its words; it will not be handled."""
    asyncio.run(parked_commands.drop(_settings(), names))


@knowledge.command("check")
def knowledge_check(
    errors_only: Annotated[bool, typer.Option("--errors-only", help="Leave the warnings out.")] = False,
    ask_all: Annotated[
        bool, typer.Option("--ask-all", help="Also ask every example question and tell which miss their own answer.")
    ] = False,
) -> None:
    """Report every problem of every file; exit 1 when there are errors."""
    raise typer.Exit(knowledge_commands.check(_settings(), errors_only, ask_all))


@knowledge.command("coverage")
def knowledge_coverage(
    html: Annotated[Path | None, typer.Option(help="Write a page with the gaps in sight to this file.")] = None,
    facts: Annotated[bool, typer.Option("--facts", help="Which facts are used, and which not, and why.")] = False,
) -> None:
    """Show entry by language by municipality, with age, owner and number of example questions."""
    knowledge_commands.coverage(_settings(), html, facts)


@knowledge.command("translated")
def knowledge_translated(files: list[Path]) -> None:
    """Note that these translations now follow their originals."""
    raise typer.Exit(knowledge_commands.translated(_settings(), files))


@knowledge.command("schema")
def knowledge_schema() -> None:
    """Write the JSON Schemas for editors' programs anew."""
    knowledge_commands.schema(_settings())


@knowledge.command("train")
def knowledge_train(
    into: Annotated[Path | None, typer.Option(help="Folder for the result; default: beside the knowledge.")] = None,
    questions: Annotated[Path | None, typer.Option(help="Labelled questions to fit the confidence on anew.")] = None,
) -> None:
    """Train the matcher on the present knowledge. Without --questions, its confidence stays as it is."""
    knowledge_commands.train(_settings(), into, questions)
