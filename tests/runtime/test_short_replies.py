"""Short replies are read once, longer ones are read each time and not kept."""

from app.runtime.short_replies import LONGEST_REMEMBERED, read_reply
from app.understanding.rules import read


def test_a_short_reply_is_read_once() -> None:
    """The same words get the same reading."""
    assert read_reply("Yes, sure!", "sms") is read_reply("Yes, sure!", "sms")


def test_the_channel_matters() -> None:
    """A key that is pressed in a call means something else in a text."""
    assert read_reply("2", "voice") == read("2", "voice")
    assert read_reply("2", "sms") == read("2", "sms")
    assert read_reply("2", "sms") != read_reply("2", "voice")


def test_a_longer_reply_is_not_kept() -> None:
    """It is read again, with the same result."""
    text = "Yes, Thursday from 8 to 4 is fine for me"
    assert len(text) > LONGEST_REMEMBERED
    assert read_reply(text, "sms") == read_reply(text, "sms")
    assert read_reply(text, "sms") is not read_reply(text, "sms")
