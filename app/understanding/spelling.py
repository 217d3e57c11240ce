"""Spelling: emoji, contractions, texting shorthand, typing errors, names of days and months.

Owns how words are written, not what a reply means. Imports nothing of the app but its own tables.
"""

import re

from app.understanding.patterns import words
from app.understanding.phrases import WORD_CLASSES, WORDINGS
from app.understanding.phrases.requests import CLASSES as REQUEST_CLASSES
from app.understanding.phrases.requests import KEYWORDS, REQUESTS
from app.understanding.phrases.rewrites import REWRITES

EMOJI = {
    **dict.fromkeys("👍✅☑✔", "emojiyes"),
    **dict.fromkeys("👎🙅❌🚫✖⛔❎", "emojino"),
    **dict.fromkeys("🤞🤷🤔😕❓❔🧐😬", "emojidoubt"),
    **dict.fromkeys("😞😔😢☹🙁😩😥😓😟", "emojisad"),
    "🛑": "stop",
    "🙋": "emojihand",
    "🆗": "ok",
    **dict.fromkeys("❤♥💙💜💚🙏😊🙂😀😁😃😄🥰🎉🙌💪💯👏😍🤗☺✨💃🔥🤩😎👌", "emojismile"),
}

WEEKDAYS = {
    name: index
    for index, names in enumerate(
        (
            "monday mon mondy lunes lendi lunis",
            "tuesday tues tue tusday teusday tueday martes madi",
            "wednesday weds wed wensday wednsday wednesay wendsday wednes miercoles mekredi miyerkules "
            "miyerkoles wedsday wendesday wednseday wednesdy wedesday wedneday wenesday wednsday weds",
            "thursday thurs thur thu jueves jedi huwebes thrusday thursdy thurday tursday thusday thirsday",
            "friday fri firday friady fridy viernes vandredi biyernes",
            "saturday sat saterday staurday satuday sabado samdi",
            "sunday sun suday sundy domingo dimanch linggo",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: index + 1
    for index, names in enumerate(
        ("jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep", "oct", "nov", "dec dic")
    )
    for name in names.split()
}
MONTH_NAMES = words("january february march april june july august september sept october november december")
SPANISH_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
_HOURS = "midnight one two three four five six seven eight nine ten eleven noon"
HOUR_WORDS = {word: hour for hour, word in enumerate(_HOURS.split(" "))} | {"twelve": 12}

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
ORDINALS = {word: day + 1 for day, word in enumerate(_ORDINALS.split(" "))}

ENDINGS = {"ll": "will", "m": "am", "re": "are", "ve": "have", "d": "would"}
IS_STEMS = words("it that he she what who where when how there here this name")
CAPITALISED = re.compile(r"\b[A-Z](?:[a-z]+(?:[A-Z][a-z]+)?|\b)")

_SHORTHAND = """
    yes: yas yass yers tes ues yeas yesh ys ye's yesa yesd uyes sii sipi simon sip yesy yesz;
    nope: nop nopee nopes npoe nah naw naa nahh nuh npe nopw; yeah: yea yah yuh ye yee yeh mhm mmhmm uhhuh;
    yep: yepp yeppers yrp yeps yups yepper yeap yepo yeo; thanks: thx tx thnx thks thanx tnx thxs thankz;
    ok: k okay kk okie oki okey oky okk; because: bcuz bcus cuz cause coz becuz bc;
    stop: stp stap satop stopo dtop stio stpop; tomorrow: tmrw tmw tmr tomm 2morrow tmrrw; no: noe nno noo nio nmo;
    will not: wont won't wnt wiont willnot; i will: il iwill illl iwll; sure: sur shure shur suer;
    definitely: def defo defiantly absolutly; for sure: fasho fosho 4sure fs; cannot: can't cant cnt caint;
    not: nt nto nott npt; please: plz pls plse pleas; accept: acept aceept aceptt acpt;
    cancel: cancle cancell cancal canel; start: strat satrt startt sart; -: ngl tbh smh xoxo;
    yessir: yessirr yezzir yesir; yup: yupp yupper yuppers; thank you: ty thankyou thanku; the: hte teh th;
    probably: prolly probs probly; unsubscribe: unsuscrib unsubscribed unsub; porque: xq pq porq;
    mensajes: mensaje mensages mensajs; um: umm uhm erm; hello: helo helloo hellow; pwede: pwd pede puwede;
    hindi: hnd hinde hindii; got you: gotchu gotcha gotchya; mwen: mwn mwem mw; i am: im iam; i am gonna: ima imma;
    yes maam: yesm yessum yes'm; do not: dont dnt; am not: aint ain't; today: 2day tdy; weekend: wknd wkend;
    alright: ight aight; with: w wit; take it: takeit takit; take: tak tke; work: wrk wok; will: wil wll;
    that: dat tht; message: msg mssg; number: numba num; available: avail avalible; ayuda: ayda ayudaa;
    make: mak mke; maam: mam ma'm; would have: woulda wouldve; gracias: grax grcs; trabajo: trabjo travajo;
    manden: mandn mandenme; oh: ohh ooh; hi: hii hiya; hey: heyy heya; of course: ofcourse offcourse;
    something: sumthin somethin; can: cam; i have: ive; i can: ican; i cannot: icant; no problem: np;
    could not: couldnt; does not: doesnt; did not: didnt; is not: isnt; are not: arent; was not: wasnt;
    would not: wouldnt; should not: shouldnt; have not: havent; has not: hasnt; you: u; your: ur; are: r;
    thank you so much: tysm; thank you very much: tyvm; thank: thnk; about: abt; though: tho; sorry: sry; gonna: gon;
    doing: doin; coming: comin; want to: wanna; tonight: tonite; people: ppl; do it: doit; do that: dothat;
    that is: thats; it is: its; what is: whats; who is: whos; where is: wheres; how is: hows; lets: let's;
    maybe: mebbe; messages: msgs; text: txt; texts: txts; texted: txted; calling: callin; unavailable: unavail;
    except: excpet; pass: pss; appointment: appt; appointments: appts; schedule: sched; vacation: vacay;
    unfortunately: unfortunetly; stopped: stoped; quit: quti; delete: delet; unstop: unstpo; help: hlp;
    let me know: lmk; a lot: alot; trying to: tryna; should have: shoulda; could have: coulda; them: em;
    through: thru; until: 'til; minutes: mins; hours: hrs; hour: hr; que: q; tambien: tmb; voy: vy;
    apuntenme: apuntenm; ahi: ahy; textos: testos; dejen de: dejende; claro que si: claroquesi; uh: uhh; opo: opoo;
    salamat: slmt; magandang: mgandang; busy: bizzy; down: dwon; have: hav; i am not: imnot; i am in: imin;
    yes i: yesi; it: itt; afraid: afriad; what: waht; getting: gettin; watching: watchin; nothing: nothin; wi: wii;
    darling: darlin; yeah right: riight riiight riiiight; let me: lemme; i do not: ion; no thank you: nty;
    non: nonn; kapab: kapap
"""
SPELLING = {
    word: meaning.strip().removeprefix("-")
    for meaning, _, spelled in (entry.partition(":") for entry in _SHORTHAND.replace("\n", " ").split(";"))
    for word in spelled.split()
}

PARTS_OF_DAY = words("morning afternoon evening night")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

# The words that decide most replies, read also with one letter wrong.
MENDED_LONG = words(
    """
    about absolutely accept accepted accepting already another appointment available because booked cannot certainly
    confirm confirmed contactar count cover covered covering decline definitely disponible doctor going gonna gracias
    hospital interested maybe messages morning ocupada please pretty probably remove schedule scheduled shift sorry
    surgery taking thanks thank there think today tomorrow trabajando trabajar turno puedo acepto unavailable
    unfortunately unsubscribe vacation working would could texting number right wrong person appointment address
    """
)
SHORTEST_MENDED = 5
MENDED_SHORT = {
    word: word for word in words("take will work want have yes can busy pass stop help sick able that with sign make")
} | {"cant": "cannot", "wont": "will not", "dont": "do not"}
# Real words one letter away from those: a typing error may not make an answer out of another word.
REAL_WORDS = words(
    """
    abort accent accepts const covers persons remote removes sock socks stories story terse turbo turns abel abut
    accepter anther bale booker boomed buys cab cloud clover cocer coder comer conform conformed conte coul counts
    county cove coves covet cunt dint goings gong gracia male massages mourning numbers pads petty rights scheduler
    schedules shaft shifty shirt shop sift sigh sing stoop suck swift tale tame taming tank tanking tanks tasking
    taxing thee theme thick thin thinks toady toda tody trabajado vocation wold wording world worm worming wound
    """
)
_TABLES = (WORD_CLASSES, REQUEST_CLASSES, REWRITES, REQUESTS, KEYWORDS, WORDINGS)
_WRITTEN = " ".join(text for table in _TABLES for text in table.values())
# The words of the tables; in angle brackets stand the names of classes.
KNOWN_WORDS = (
    frozenset(re.findall(r"(?<![<@a-z])[a-z]+", _WRITTEN))
    | words(" ".join(REWRITES))
    | MONTH_NAMES
    | WEEKDAYS.keys()
    | HOUR_WORDS.keys()
)

# What stays as it is written.
PLAIN_WORDS = frozenset(KNOWN_WORDS - SPELLING.keys() - words("y n si ya ill"))

# Slips of the finger that are other words elsewhere ("12 yrs"): a yes only at the start, before one of AFTER_YES.
MISTYPED_YES = words("yrs yds yss ges yew yres ywes yeds yews yesw yesx yese yeus ytes tyes yys yesq uess")
AFTER_YES = words("i yes please thanks thank maam sir ill will put count sign emojiyes emojismile @name")
BY_CONTEXT = words("y n si ya ill") | MISTYPED_YES
BEFORE_ILL = words(
    "am is are was were be been feel feeling felt got getting so very really too and kid kids mom son daughter still"
)
BEFORE_SI = words("thanks please much claro que ay pues eh hola gracias bueno ok um uh oh yo")
AFTER_SI = words(
    """
    puedo i ill voy lo la yo claro acepto gracias tomo quiero por con cuenten cuente apuntenme apunteme anotenme
    senora senor estoy ahi alli estare trabajo agarro cubro si yes # to al please thanks a dale bueno perfecto me de
    emojiyes emojismile confirmo maam thank
    """
)
AFTER_SPANISH_YA = words("tengo trabajo no estoy acepte me basta paren paro pare mero veremos dejen deje deja quiten")
