"""Plain files: text in UTF-8, and questions one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.knowledge.problems import Problem

QUESTIONS_SUFFIX = ".questions.txt"
MAX_QUESTION = 400


def read_text(folder: Path, path: Path, problems: list[Problem]) -> str | None:
    """The file's text, or None with a problem noted."""
    name = _name(folder, path)
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\x00", "")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(name, line, "filen er ikke i tegnsettet UTF-8", "lagre den på nytt som UTF-8"))
    except FileNotFoundError:
        problems.append(Problem(name, 1, "filen finnes ikke", "lag den, eller hent den tilbake fra historikken"))
    except OSError as error:
        problems.append(Problem(name, 1, f"filen kan ikke leses ({error.strerror})", "se etter filen og rettighetene"))
    return None


def read_questions(folder: Path, path: Path, problems: list[Problem]) -> tuple[str, ...]:
    """What people type, one a line; empty lines and lines that begin with # are left out. No file, no questions."""
    if not path.exists():
        return ()
    text = read_text(folder, path, problems)
    if text is None:
        return ()
    questions: dict[str, None] = {}
    for number, line in numbered_questions(text):
        if len(line) > MAX_QUESTION:
            problems.append(
                Problem(_name(folder, path), number, f"spørsmålet er over {MAX_QUESTION} tegn", "kort det ned")
            )
            continue
        questions[line] = None
    return tuple(questions)


def numbered_questions(text: str) -> Iterator[tuple[int, str]]:
    """Each question with its line in the file."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = " ".join(raw.split())
        if line and not line.startswith("#"):
            yield number, line


def _name(folder: Path, path: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
