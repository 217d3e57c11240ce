"""The texts in English."""

from app.domain.languages.wording import Wording

ENGLISH = Wording(
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    date="{weekday} {month} {day}",
    shift="{role} shift {hours}{place}",
    short_shift="{role} {hours}{place}",
    place=" at {location}",
    one_hour="1 hour",
    hours="{count} hours",
    yes="YES",
    no="NO",
    numbered="{answer} {code}",
    your_agency="your agency",
    office_number=" at {number}",
    offer_by_text=(
        "Open {shift}. Reply {yes} to accept or {no} to pass.",
        "Open {shift}. Reply {yes} or {no}.",
    ),
    offer_by_call=(
        "Open {shift}. To accept, press 1 or say yes. To pass, press 2 or say no.",
        "Open {shift}. Press 1 to accept, 2 to pass.",
        "Open {shift}. 1 is yes, 2 is no.",
    ),
    confirmation=(
        "You have it: {shift}. Thank you! If you can't make it, reply {no}.",
        "You have it: {shift}. Can't make it? Reply {no}.",
        "Yours: {shift}. Can't? {no}.",
    ),
    closed=(
        "Thanks for answering! The {shift} is no longer open. We'll ask you again next time.",
        "Thanks! The {shift} is no longer open.",
        "No longer open: {shift}.",
    ),
    closed_after_change=(
        "Thanks for answering! The shift we asked you about is no longer open. We'll ask you again next time."
    ),
    conflict=(
        "You already have a shift at that time, so we can't give you the {shift}.",
        "You already work then: {shift}.",
        "You work then: {shift}.",
    ),
    too_little_rest=(
        "You need {rest} of rest between shifts, so we can't give you the {shift}.",
        "Under {rest} of rest: {shift}.",
    ),
    release_requested=(
        "We told the office you can't make the {shift}. It's yours until they call. Can you after all? Reply {yes}.",
        "Office told you can't make the {shift}. Yours until they call. Can you? {yes}.",
        "Office told: {shift}. Can? {yes}.",
    ),
    released=(
        "You no longer have the {shift}: the office released you. Please don't come. Questions? Call "
        "them{office_number}.",
        "You no longer have the {shift}. Please don't come.",
        "No longer yours: {shift}.",
    ),
    clarification=(
        "Sorry, we didn't understand. {shift}: reply {yes} to accept or {no} to pass.",
        "{shift}: please reply just {yes} or {no}.",
        "{shift}: {yes} or {no}?",
    ),
    changed=(
        "This shift has changed. Now: {shift}. Reply {yes} to accept or {no} to pass.",
        "Changed: {shift}. Reply {yes} or {no}.",
        "Changed: {shift}. {yes} or {no}?",
    ),
    which_shift="Reply {yes} or {no} and the number, like {example}. ",
    opt_out=(
        "You won't get shift texts or calls any more. Shifts you already have stay yours. "
        "Reply START to get offers again.",
        "No more shift texts or calls. Shifts you have stay yours. Reply START to get offers again.",
    ),
    opt_in="You're back on the list for open shifts. Reply HELP for help or STOP to opt out.",
    start_first=(
        "You opted out of shift texts, so we can't give you a shift. Text START first, then answer the offer again."
    ),
    wrong_number="Sorry about that. We won't text or call this number again.",
    help=(
        "Open shifts from {agency}. Answer an offer the way its text says. Reply STOP to opt out. "
        "For anything else please call the office{office_number}.",
        "Open shifts from {agency}. Reply STOP to opt out. Questions? Call the office{office_number}.",
    ),
)
