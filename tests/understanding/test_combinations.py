"""Clear answers beside every kind of doubt: the combination, and not the sentence, is what may not be misread."""

from itertools import product

import pytest
from samples import sample

from app.domain.reading import Intent
from app.intent import classify

JOINTS = (" ", ", ", ". ", " - ", "\n", "... ")


def phrases(table: str) -> list[str]:
    """The phrases of a table, in order."""
    return [phrase.strip() for line in table.splitlines() for phrase in line.split("|") if phrase.strip()]


YES = phrases("""
    Yes | yes I can | I'll take it | I can do it | Count me in | sure | put me down for Wednesday | I'd love to
    I'll be there | yeah I got you | Yes I'm available | absolutely sign me up | si yo lo tomo | Oo kukunin ko
    I accept | 👍 | I'm in | Sure I can work that | I can cover Wednesday 8 to 4 | Yes please | give it to me
    happy to help | works for me | wi m ap vini
""")
NO = phrases("""
    No | no thank you | I can't | I can't do it | I'm not available | not this time | I'll pass | no puedo | nope
    I'm working that day | I have class Wednesday | hindi po ako pwede | mwen pa kapab | count me out | can't make it
    I won't be able to make it | I'm out of town | I'm going to have to decline | I'm on vacation that week
    I have a doctor's appointment | not interested in that shift
""")
STOP = phrases("""
    STOP | stop texting me | please remove me from your list | unsubscribe | don't text me anymore
    no more messages please | take me off this list | lose my number | leave me alone | do not contact me again
    ya no me manden mensajes | quit calling me | I don't want these texts anymore | stop these messages
    delete my number | never text me again | opt me out | huwag na kayong magtext | pa voye mesaj anko
    no more shifts please | Not interested. Remove. | kite m trankil | get my number out your phone | stop bugging me
    I'll sue you if you keep texting me | pa ekri m anko | please don't contact me any further | ayoko na makatanggap
    no me escriban mas | por favor dejen de mandarme mensajes | I no longer want to get texts | take this number off
    I want to be removed from your list | please stop | stop it with these texts | how do I stop these texts
""")
#: Said behind a yes, each of these leaves no clear yes.
DOUBTS_BEHIND = phrases("""
    if I can find a sitter | if my car is fixed | unless it's Mr. Green | as long as I'm home by 3
    provided there's no lifting | but only if it pays double | but I need to leave at 2 | if you let me bring my son
    on the condition I get paid first | assuming my mom can babysit | once my other client cancels
    pending my husband's schedule | depending on the traffic | so long as the dog is locked up | but no Hoyer lift
    except the last hour | as soon as I get my check | with mileage | for $50 an hour | for overtime pay
    but can I start at 10 | but I can only stay til noon | but I'd be an hour late | but not the whole shift
    when you pay me what you owe | but I can't stay past 2 | provided that it is close | only for the morning
    if that's ok with you guys | just half of it | minus the last two hours | though I have to be out by 1
    in exchange for Friday off | if nobody else wants it | contingent on my class | but someone has to drive me
    on Thursday | for tomorrow | next Wednesday | this weekend instead | but on Friday | on the 9th | in August
    the following week | but not Wednesday | any day but that one | every Wednesday except this one | on Christmas
    some other day | any other time | at 9 | from 10 to 2 | 8 pm to 4 am | for the night shift | till noon
    after lunch | before 7 | from 12-4 | in the evening | but at the other house | at St. Mary's | in Ohio
    with Mrs. Diaz instead | at the clinic | at my regular client | for my sister | says my husband | she said
    is what Tina told me | according to my cousin | on behalf of Amy | and so can my friend | my mom said
    Tanya will | not | lol jk | just kidding | yeah right | when pigs fly | as if | in your dreams | psych
    said no one ever | haha nope | sike | ? | right? | is it still open? | what does it pay?
    how far is it? | who is the client? | or did someone take it? | how many hours? | is there mileage?
    do I get overtime? | wait what day? | which shift? | did you say 8? | what's the rate? | are you sure?
    can you raise the pay? | maybe | I think | I guess | probably | I hope | let me check | let me ask my husband
    I'll let you know | possibly | most likely | not sure yet | give me an hour | not 100% though | I'll try
    call me first | need to look at my calendar | don't hold me to it | but don't count on it | tentatively | for now
    at least I think so | let me sleep on it | will confirm later | pencil me in | I gotta double check
    but let me get back to you | never mind | no wait | actually no | wait I can't | oh no I'm working
    scratch that | on second thought no | sorry no | but I can't | but I'm sick | but I'm busy | but I have class
    but no car | I changed my mind | changed my mind | forget it | no sorry | cancel that
    oh shoot I have a dentist appt | disregard | but I'm out of town | just remembered I have court
    actually can't | hold that thought | ignore that | wrong text | that was meant for my sister
    oops, meant for someone else | my bad wrong chat | pero no puedo | unfortunately I'm booked | but not today
    I wish | except I can't | once I find out about my car | if Maria can switch with me | barring any emergencies
    only if my back is better | but I'm not promising | in theory | fingers crossed | God willing | TBD | we'll see
    waiting on my babysitter | I'd have to ask my other job | when I get back from vacation | but later in the day
    but just 4 hours | but I get off at 3 | but not overnight | the Friday one | for the 10th | I mean no | no no no
    sorry I meant no | but my mom says no | not really | not happening | but how much | is it a hoyer | is she nice
    can I bring my daughter | could I start later | should I | or maybe not | unless you find someone | as backup
    for someone else | he will | she can | not me | my husband has to agree | as a last resort | in my dreams
""")
#: Said right before a yes, each of these makes it somebody else's, another day's, a wish or a condition.
DOUBTS_BEFORE = phrases("""
    I don't think | I never said | Not sure if | No way | I can't say | I doubt | It's not that | I wouldn't say
    I didn't say | Don't think | Nobody said | It isn't true that | No | I'm not saying | Not that | If they pay me
    If I'm off | Unless my kid is sick | When you pay me, | As long as it's close | Depending on the client,
    If you can't find anybody else | Only if it's Mrs. Kim, | Provided I get mileage, | Once I get paid,
    After my surgery | Get me more money and | Pay me double and | Find me a sitter and | Last week I said | Yesterday
    My sister says | She asked if | Tanya told me | He thinks | My husband said | Ask Tina if | They said
    My coworker wants to know if | Next week | In August | Tomorrow | I wish | I used to say | If only
    Wish I could say | I would have said | I wanted to say | In a perfect world | I hope | I was going to say
    Would be nice if | Maybe | Might | Probably | Possibly | I guess | I think | Should I say
    It depends but | Would you pay more if I say | I would never say | I'm not going to say | Why would I say
    If I were younger | In my dreams | He asked me to say | I regret saying | Two weeks ago I said
    If not for my knee | Had you asked sooner | Not yet but | Can't promise but | Do you want me to say
    What if I say | Would it help if | How about | Is it ok if
""")
#: Courtesy beside a no.
POLITE = phrases("""
    thanks | thank you so much | sorry | God bless | have a great day | I appreciate you thinking of me | good luck
    hi Karen | good morning | have a blessed day 🙏 | take care | maybe next time | keep me in mind | so sorry hun
""")
#: What may stand beside a yes in a sentence of its own.
HARMLESS = phrases("""
    thanks | thank you so much | God bless | have a great day | hi Karen | good morning | sorry for the late reply
    love working with her | my son can watch the baby | I need the hours | I'm off that day | is there parking?
    what's the address? | let me know if anything changes | 😊 | see you then | no problem | my class got cancelled
    I live right around the corner | can you send me the door code?
""")
#: What people tell beside an answer. It neither answers nor takes an answer back.
STORIES = phrases("""
    Just got off the phone with my oldest in Macon and he got that promotion we been praying on
    My grandbaby just turned 3 yesterday and we had us a big time | That light bill was something else this month
    We got so much rain here the garden is a mess | Parking on that street is a nightmare every single time
    Somebody needs to tell Denise this is my 6th day in a row | I was up all night with the dog he got in the trash
    My sister Wanda is coming up from Tupelo on the 4th with her two boys
""")
#: Conditions and withdrawals: no conclusion behind them makes a clear yes.
CONDITIONS = phrases("""
    if they pay me double | unless my kid is sick | only if it's Mrs. Kim | as long as it's close
    provided I get paid | depends who the client is
    just kidding | in my dreams | no thank you | swap me with Joe | except the last hour
""")
#: Doubts that are told as a story.
LONG_DOUBTS = phrases("""
    Only problem is my son's recital at the elementary school ends around ten
    My cousin Rosa can do the morning and then I come after lunch
    I would have to be out of there by two because of the kids at camp
    Running about twenty minutes behind because of the bridge
    Could somebody else do the first hour while I drop my boy at daycare
    My availability is mornings only since the baby came along
    My sister would have to bring me because the Buick is in the garage
    It depends how my back feels after the chiropractor tomorrow
    Actually let me talk to my husband about the truck situation first
    Hope the family is okay with me bringing my son along since camp is closed
""")
#: How people conclude who have told why they would rather not.
CONCLUSIONS = phrases("so yes I'll take it | but yes I'll take it | but yes | but I'll do it | but yes to Wednesday")
#: What may stand before such a conclusion.
RELUCTANCE = phrases("""
    My feet hurt just thinking about it | I have class | My hip was screaming last time
""")


#: Of so many combinations one may be misread, as answers are weighed.
ONE_OF = 150
#: Of so many yeses beside a story one may be asked back.
ASKED_BACK = 3


def misread(texts: list[str], may_mean: set[Intent], one_of: int = ONE_OF) -> list[str]:
    """The texts that mean something else; none if no more than one of so many does."""
    wrong = [text for text in texts if classify(text) not in may_mean]
    return wrong if len(wrong) * one_of > len(texts) else []


@pytest.mark.parametrize("joint", JOINTS)
def test_a_doubt_behind_a_yes(joint: str) -> None:
    """No yes is accepted that goes on with a doubt, however the two are joined."""
    texts = sample(f"{said}{joint}{doubt}" for said, doubt in product(YES, DOUBTS_BEHIND))
    assert [text for text in texts if classify(text) not in {Intent.UNKNOWN, Intent.DECLINE}] == []


def test_a_doubt_before_a_yes() -> None:
    """Hardly a yes is accepted that a doubt introduces."""
    texts = [f"{doubt} {said}" for doubt, said in product(DOUBTS_BEFORE, YES)]
    assert misread(texts, {Intent.UNKNOWN, Intent.DECLINE}) == []


def test_a_yes_and_a_no() -> None:
    """A yes and a no in one reply are hardly ever a yes."""
    every = product(NO, YES, JOINTS)
    texts = [text for no, said, joint in every for text in (f"{no}{joint}{said}", f"{said}{joint}{no}")]
    assert misread(texts, {Intent.UNKNOWN, Intent.DECLINE}) == []


@pytest.mark.parametrize("no", NO)
def test_courtesy_beside_a_no(no: str) -> None:
    """Courtesy, in a sentence of its own or behind the no, leaves it a no."""
    texts = [f"{no}{joint}{polite}" for polite, joint in product(POLITE, JOINTS)]
    texts += [f"{polite}{joint}{no}" for polite, joint in product(POLITE, JOINTS[1:])]
    assert [text for text in texts if classify(text) is not Intent.DECLINE] == []


@pytest.mark.parametrize("yes", YES)
def test_what_is_harmless_beside_a_yes(yes: str) -> None:
    """Courtesies, reasons to come and practical questions in a sentence of their own leave a yes a yes."""
    texts = [f"{yes}{joint}{more}" for more, joint in product(HARMLESS, (". ", "\n"))]
    assert [text for text in texts if classify(text) is not Intent.ACCEPT] == []


@pytest.mark.parametrize("doubt", LONG_DOUBTS)
def test_a_doubt_with_a_story_in_it(doubt: str) -> None:
    """A doubt beside a yes binds also with unforeseen words in it."""
    texts = [text for yes in YES[:6] for text in (f"{yes}. {doubt}", f"{yes}, {doubt}", f"{yes}. Thanks. {doubt}")]
    assert [text for text in texts if classify(text) is Intent.ACCEPT] == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_conclusion_overrules_a_condition(condition: str) -> None:
    """A condition or a joke binds whatever is concluded from it."""
    texts = [f"{condition}{joint}{end}" for joint, end in product((" ", ", ", ". "), CONCLUSIONS)]
    assert [text for text in texts if classify(text) is Intent.ACCEPT] == []


def test_a_yes_in_spite_of_a_complaint() -> None:
    """Who complains and takes the shift all the same takes the shift, or is asked back."""
    texts = [f"{before}{joint}{end}" for before, joint, end in product(RELUCTANCE, (", ", ". "), CONCLUSIONS[1:2])]
    assert [text for text in texts if classify(text) is Intent.DECLINE] == []
    assert misread(texts, {Intent.ACCEPT}, 2) == []


def test_a_story_beside_a_yes() -> None:
    """A story in a sentence of its own leaves most yeses a yes, and none a no."""
    every = product(STORIES, YES)
    texts = [
        text for story, yes in every for text in (f"{yes}. {story}", f"{story}. {yes}", f"{yes}!! {story}. Thanks")
    ]
    assert misread(texts, {Intent.ACCEPT}, ASKED_BACK) == []
    assert [text for text in texts if classify(text) not in {Intent.ACCEPT, Intent.UNKNOWN}] == []


def test_a_story_hides_no_doubt() -> None:
    """A doubt or a no beside a yes stays one whatever is told before it or behind it."""
    texts = sample(
        text
        for story, yes, doubt in product(STORIES, YES[:6], DOUBTS_BEHIND)
        for text in (f"{yes}. {story}. {doubt}", f"{yes}, {doubt}. {story}", f"{story}. {yes} {doubt}")
    )
    assert misread(list(texts), {*Intent} - {Intent.ACCEPT}) == []


@pytest.mark.parametrize("stop", STOP)
def test_stop_beside_anything(stop: str) -> None:
    """A request to stop in a sentence of its own counts whatever stands before or behind it."""
    texts = [
        text
        for other, joint in product((*YES, *NO, *POLITE), JOINTS[1:])
        for text in (f"{stop}{joint}{other}", f"{other}{joint}{stop}")
    ]
    assert [text for text in texts if classify(text) is not Intent.STOP] == []
