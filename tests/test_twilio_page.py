"""The page about going live says what the code says: error codes, texts and addresses."""

import re

import pytest
from processes import ROOT

from app.domain import texts
from app.domain.records import Language
from app.notifiers.twilio.codes import CODES
from app.web.routes.twilio import PATHS

PAGE = (ROOT / "docs" / "twilio.md").read_text()
#: Codes of Twilio's own log, which never come to the service.
ONLY_AT_TWILIO = {11200}


@pytest.mark.parametrize(("code", "words"), re.findall(r"^\| (\d{5}) \| ([^|]+) \|", PAGE, re.MULTILINE))
def test_an_error_code_is_explained_in_the_words_of_the_board(code: str, words: str) -> None:
    """An operator who reads the board finds the row."""
    if int(code) not in ONLY_AT_TWILIO:
        assert CODES[int(code)].words.startswith(words)


def test_the_texts_to_register_are_the_ones_that_are_sent() -> None:
    """A carrier compares them."""
    for language in Language:
        for text in (texts.opt_out(language), texts.opt_in(language), texts.help_text(language)):
            assert f'"{text}"' in PAGE


def test_the_addresses_are_those_of_the_webhooks() -> None:
    """Both that an operator enters at Twilio."""
    named = re.findall(r"`(/webhooks/\S+)`", PAGE)
    assert sorted(named) == ["/webhooks/twilio/sms", "/webhooks/twilio/voice"]
    assert set(named) <= set(PATHS)
