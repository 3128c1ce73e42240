"""What the pretend Telegram says no with: to the bot as Telegram's own answers, to a person as a plain sentence."""

from collections.abc import Mapping


class Refused(Exception):
    """A Bot API call that Telegram answers with an error; the text is Telegram's own, since bots read it."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


class NotPossible(ValueError):
    """Something a person cannot do in Telegram: press a button that is not there, send 5,000 characters."""


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
