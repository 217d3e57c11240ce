"""The notation and the shared words of the phrase tables.

Owns wording only; `app.understanding.rules` decides what it means. Imports nothing of the app.

A phrase is written in the canonical words of `app.understanding.tokens` ("I'll" is `i will`). Phrases are separated
by `|` or a line break. `a/b` is a choice, `a?` may be missing, `<name>` is any word of that class, `<num>` any
number, and `...` at the end stands for the words up to the next pause.
"""


def words(text: str) -> frozenset[str]:
    """Return the set of the words of `text`."""
    return frozenset(text.split())


# Words that can replace each other in a phrase: `<name>` in the tables.
CLASSES: dict[str, str] = {
    "i": "i me",
    "will": "will can gonna shall",
    "take": "take do work cover accept grab claim fill handle get want have snag",
    "doable": "take do work cover accept grab make come attend claim commit help",
    "taking": "taking covering accepting grabbing claiming doing",
    "it": "it this that one itone @code @day @time them",
    "come": "come go help attend commit assist",
    "coming": "coming going",
    "det": "the that this your ur el ese este da",
    "kind": """
        open whole full entire rn lpn cna hha nursing @day @time @code offered available day morning
        same extra particular
    """,
    "shift": "shift shifts one case spot slot visit job assignment opening gig turno shif",
    "very": """
        very really super just also still definitely absolutely totally certainly gladly happily
        surely truly always actually most kindly
    """,
    "yes": """
        yes yeah yep yup yas aye affirmative absolutely definitely certainly sure deal bet yessir
        indeed oo opo wi claro dale simon emojiyes sige dako
    """,
    "no": "no nope nah negative pass decline declined emojino hindi non nel negativo paso",
    "name": """
        maam sir miss ms mrs mr hon honey sweetie sweetheart baby babe dear boss girl team everyone
        there friend guys yall lady love hun sis bro dude man mija amiga amigo jefa senora
    """,
    "me": "me us",
    "kin": """
        husband wife mom mother dad father son daughter kid kids child children sister brother baby
        grandma grandbaby granddaughter grandson mama family aunt uncle boyfriend girlfriend sitter
        babysitter nephew niece parents hijo hija hijos esposo esposa grandmother grandkids cousin
        partner
    """,
    "job": "job work hospital clinic facility office agency school class nursing other second day",
    "text": """
        text texts message messages messaging texting msg msgs sms notification notifications alerts
        calls phone contact email emails spam offers
    """,
    "textme": "text call message contact email msg bother phone notify ping spam reach buzz bug",
    "texting": """
        texting calling messaging contacting sending emailing spamming bothering blowing harassing
        bugging hitting pinging ringing phoning txting msging
    """,
    "mandar": """
        manden mande mandes envien envie envies escriban escriba escribas llamen llame llames
        contacten contacte molesten moleste molestes mensajeen texteen textees marquen
    """,
    "list": """
        list lists database system roster rotation distribution thread group chat rolls contacts
        files
    """,
    "event": """
        appointment appt appointments doctor doctors dr dentist meeting wedding funeral class
        classes exam exams test interview flight trip date family conflict court jury school church
        commitment commitments obligation obligations shift client clients patient case job party
        graduation recital baby birthday vacation procedure surgery mri event game training
        orientation conference engagement reunion thing visit surgeon tournament concert ceremony
        baptism work plans chemo dialysis graduation shower anniversary closing inspection mammogram
        colonoscopy biopsy quinceanera christening clinicals reception rehearsal memorial testimony deposition
    """,
    "away": """
        flying driving traveling visiting hosting attending babysitting watching studying recovering
        moving camping cruising graduating testifying volunteering leaving caring fasting resting
        celebrating interviewing closing chaperoning training heading hunting fishing getting having
        taking starting helping burying picking dropping homeschooling observing covering keeping
    """,
    "ail": """
        surgery covid flu strep fever migraine quarantine vertigo pneumonia bronchitis shingles pinkeye
        gout sciatica pinkeye bedrest restrictions restriction chemo crutches mono
    """,
    "care": "nurse rn lpn cna hha aide caregiver girl guy lady person",
    "part": "morning afternoon evening night week weekend",
    "adj": """
        prior previous doctor doctors dr dentist medical family work other full double regular
        nursing big baby school parent private different dental eye vet court job hospital new last
    """,
    "offday": "thatday then anyway anyways @day",
    "busy": """
        busy booked unavailable working sick ill scheduled occupied swamped slammed committed tied
        traveling travelling away okipe ocupada ocupado overbooked hospitalized injured contagious
    """,
}

# Several words that mean the same as the key; they are replaced before phrases are searched for.
REWRITES: dict[str, str] = {
    "it": """
        <det> <kind>? <kind>? <kind>? <shift> | <det> <shift> on? @day | the one on @day | it one | itone
        the offer | tha shift
    """,
    "thatday": "that day | this day | the day | that week | that weekend | that date | those days",
    "be there": "b there | bee there",
    "i am in": "i am inn",
    "up": "upp",
    "me in": "me inn",
    "will take": "will tale",
    "hundredpercent": "100 %",
    "pinkeye": "pink eye",
    "cannot": "can not",
    "yes": "ye s | yeah s | y es | yea s",
    "service": "texting system | text system | messaging system | texting app | this system",
    "i can": "i cna",
    "sign me up": "sing me up",
    "take": "pick up | pickup | pic up | take on",
    "take it": "pick it/that/this/er up | pick that/this one up",
    "i will": "i am going to | i am gonna | i am fixing to | i am about to",
    "took": "picked up",
    "taking": "picking up",
    "gonna": "going to | about to | fixing to | finna",
    "ableto": "able to",
    "will": "am ableto | will be ableto to? | be ableto | am able to | will be able to",
    "not ableto": "not be able to | not able to | not be ableto",
    "do it": "doit",
    "want to": "wanna",
    "optout": "opt out",
    "i take it": """
        i got this/that/the one/shift/case | i have got this/that/the one/shift/case | i got this
    """,
    "noneedto": "no need to",
    "haveto": "have to | gotta | must | need to | got to | have got to | hafta | has to",
    "lmkif": """
        let me know if | ask/call/text/message/holler/ping/email/phone/contact/ring/tell me? if
        call/text/message/phone/contact/reach me at/on? this? number? @phone if | hit me up if
        reach out if | call/text if
    """,
    "texts": "the/your/my/these/those/all? shift <text> | the/your/my/these/those shift <text>",
    "yeah": "mm hmm | mhm",
    "": "you know what | um | uh | er | po | ho | ah | you know | i mean",
}
