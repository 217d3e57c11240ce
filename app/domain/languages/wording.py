"""What the texts need in each language. No field has a default, so the type checker finds what a language lacks.

Templates are for `str.format`. `Forms` are the same message from long to short; `app.domain.texts` takes the first
that fits one segment, so the last one must be the shortest. In forms, `{shift}` is the description of the shift, and
`{yes}` and `{no}` are the replies that the text asks for, with the number of the offer where that is needed.
`{office_number}` may follow "the office": it is `office_number`, or nothing.

Every character must be in the GSM-7 alphabet (`app.domain.gsm7`): a single other one more than halves a segment.
"""

from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of every text in one language."""

    #: From Monday to Sunday.
    days: tuple[str, str, str, str, str, str, str]
    #: From January to December.
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]
    #: With `{weekday}`, `{month}` and `{day}`.
    date: str
    #: A shift with `{role}`, `{hours}` (date, times and zone) and `{place}` (see below, or nothing).
    shift: str
    #: The same without what is not essential.
    short_shift: str
    #: With `{location}`; it follows the hours of a shift that has a place.
    place: str

    #: A length of time: 1 hour, and any other number of hours with `{count}`.
    one_hour: str
    hours: str

    #: The replies. `app.understanding` must read exactly these words, and with the number as in `numbered`.
    yes: str
    no: str
    #: With `{answer}` (`yes` or `no`) and `{code}`, the number of the offer.
    numbered: str

    #: Stands for the name of the organization in the answer to HELP where that is not known.
    your_agency: str
    #: With `{number}`.
    office_number: str

    offer_by_text: Forms
    #: A call names the keys and no `{yes}` or `{no}`.
    offer_by_call: Forms
    confirmation: Forms
    closed: Forms
    #: The answer to a late yes to a shift that has changed since the caregiver read it: without its new hours.
    closed_after_change: str
    conflict: Forms
    #: With `{rest}`: the hours that must lie between two shifts.
    too_little_rest: Forms
    release_requested: Forms
    released: Forms
    clarification: Forms
    #: The offer of a shift whose facts have changed since it was read.
    changed: Forms
    #: Comes before the list of shifts to choose from. With `{yes}`, `{no}` (bare) and `{example}` (a numbered yes).
    which_shift: str

    #: The answers to STOP, to START, to a yes after a STOP, to "wrong number" and to HELP.
    opt_out: Forms
    opt_in: str
    start_first: str
    wrong_number: str
    #: With `{agency}`.
    help: Forms
