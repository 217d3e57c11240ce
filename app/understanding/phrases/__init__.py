"""Owns the phrase tables: data in the notation of `app.understanding.patterns`, one module per kind of phrase.

Imports nothing else of the app. Read first: `classes.py`.
"""

from app.understanding.patterns import word_classes
from app.understanding.phrases import acceptances, classes, doubts, languages, refusals, smalltalk

_MODULES = (doubts, smalltalk, refusals, languages)
WORD_CLASSES = classes.CLASSES.copy()
for _module in _MODULES:
    WORD_CLASSES |= word_classes(_module.WORDS) | _module.PHRASES

# On a tie in length the label that stands first wins.
_LABELS = """
    tamper retract third idiom cond hedge partial other money unsure question receipt ack commit able yes intro
    polite free no refuse busy ail wish offer logistics extra but sorry and so they work not
"""
_TABLES = (
    languages.ACCEPTANCES,
    languages.REFUSALS,
    acceptances.ACCEPTANCES,
    refusals.REFUSALS,
    smalltalk.SMALLTALK,
    doubts.DOUBTS,
)
WORDINGS = {label: "\n".join(table.get(label, "") for table in _TABLES) for label in _LABELS.split()}
