"""The values of arguments: how each is read. Imports nothing that takes long until it is called.

Raises argparse.ArgumentTypeError with the words that follow the argument's name.
"""

import argparse
from datetime import timedelta


def days(text: str) -> timedelta:
    """A number of days, up to a century."""
    return timedelta(days=_number_of("days", text, 36_500))


def phone(text: str) -> str:
    """A telephone number, in E.164."""
    from app.domain.phone_numbers import to_e164

    try:
        return to_e164(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is {exc}") from exc


def seconds(text: str) -> float:
    """A number of seconds, up to an hour."""
    return _number_of("seconds", text, 3600)


def port(text: str) -> int:
    """A port to listen on; 0 for any free one."""
    if not (text.isascii() and text.isdecimal() and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def speed(text: str) -> float:
    """How much faster than real time."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    # Below real time the board would count down too fast and take a quiet stream for a broken one.
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed from 1 to 1000000")
    return value


def service_url(text: str) -> str:
    """The URL of a service that is asked, without a slash at its end. No error repeats it: it may have a password."""
    from app.environment import http_url

    try:
        url = http_url(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{exc}, such as http://127.0.0.1:8000") from exc
    if "?" in url or "#" in url:
        raise argparse.ArgumentTypeError("must be a URL without a query and a fragment")
    return url.rstrip("/")


def public_url(text: str) -> str:
    """A URL that can be FANOUT_PUBLIC_URL. No error repeats it."""
    from app.environment import encrypted_url

    try:
        return encrypted_url(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _number_of(unit: str, text: str, most: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of {unit} from 0 to {most}")
    return value
