"""Spelling: emoji, contractions, texting shorthand, typing errors, names of days and months.

Owns how words are written, not what a reply means. Imports nothing of the app but its own tables.
"""

import re
import sys

from app.understanding.patterns import words
from app.understanding.phrases import WORD_CLASSES, WORDINGS
from app.understanding.phrases.requests import CLASSES as REQUEST_CLASSES
from app.understanding.phrases.requests import KEYWORDS, REQUESTS
from app.understanding.phrases.rewrites import REWRITES

EMOJI = {
    **dict.fromkeys("👍✅☑✔🫡", "emojiyes"),
    **dict.fromkeys("👎🙅❌🚫✖⛔❎", "emojino"),
    **dict.fromkeys("🤞🤷🤔😕❓❔🧐😬🙄😒🙃", "emojidoubt"),
    **dict.fromkeys("😞😔😢☹🙁😥😓😟", "emojisad"),
    "🛑": "stop",
    "🙋": "emojihand",
    "🆗": "ok",
    **dict.fromkeys("❤♥💙💜💚🙏😊🙂😀😁😃😄🥰🎉🙌💪💯👏😍🤗☺✨💃🔥🤩😎👌", "emojismile"),
}

_WEEKDAYS = (
    "monday mon mondy lunes lendi lunis",
    "tuesday tues tue tusday teusday tueday martes madi",
    "wednesday weds wed wensday wednsday wednesay wendsday wednes miercoles mekredi miyerkules miyerkoles wens "
    "wedsday wendesday wednseday wednesdy wedesday wedneday wenesday",
    "thursday thurs thur thu jueves jedi huwebes thrusday thursdy thurday tursday thusday thirsday",
    "friday fri firday friady fridy viernes vandredi biyernes",
    "saturday sat saterday staurday satuday sabado samdi",
    "sunday sun suday sundy domingo dimanch linggo",
)
WEEKDAYS = {name: index for index, names in enumerate(_WEEKDAYS) for name in names.split()}
_MONTHS = "jan/ene feb mar apr/abr may jun jul aug/ago sep oct nov dec/dic"
MONTHS = {name: index + 1 for index, names in enumerate(_MONTHS.split()) for name in names.split("/")}
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
    yes: ues ys tes uess yse yed sii sipi simon sip; nope: nop nopes nah naw nahh; yeah: yh yea yah ye yeh mhm uhhuh
    no: noo
    yep: yeap yepp; thanks: thx tx thanx; ok: k okay kk oke okie oki okey; because: cuz cause coz bc; i will: il iwill
    tomorrow: tmrw tmw tmr; will not: wont won't wnt; sure: sur shure; definitely: def defo absolutly; not: nt nto
    for sure: fasho fosho fs; cannot: can't cant cnt; please: pls plz; accept: acept; -: ngl tbh smh xoxo; the: teh
    yessir: yesir; thank you: ty thankyou thanku; probably: prolly probs; unsubscribe: unsub; porque: xq; um: umm uhm
    mensajes: mensaje; got you: gotchu gotcha; mwen: mwn; i am: im iam; i am gonna: ima imma; yes maam: yes'm; can: cn
    do not: dont; am not: aint ain't; today: 2day; weekend: wknd wkend; alright: ight aight; with: w wit
    take: tke tek
    take it: takeit takit; that: dat; message: msg; number: num; available: avail; maam: mam; oh: ohh ooh; hey: heyy
    would have: woulda wouldve; hi: hii hiya; of course: ofc ofcourse; something: smth; i have: ive; i can: ican
    i cannot: icant; no problem: np; could not: couldnt; does not: doesnt; did not: didnt; is not: isnt; you: u
    are not: arent; was not: wasnt; would not: wouldnt; should not: shouldnt; have not: havent; has not: hasnt; are: r
    your: ur; thank you so much: tysm; about: abt; though: tho; sorry: sry soz; gonna: gon; want to: wanna; it is: its
    tonight: tonite; people: ppl; do it: doit; that is: thats thts; what is: whats; who is: whos; where is: wheres
    that will: thatll; how is: hows
    lets: let's; messages: msgs; text: txt; texts: txts; texted: txted; texting: txtin txting textin
    unavailable: unavail; pass: pas
    appointment: appt; appointments: appts; schedule: sched; vacation: vacay hols; stopped: stoped; let me know: lmk
    a lot: alot; trying to: tryna; should have: shoulda; could have: coulda; them: em; through: thru; until: 'til
    minutes: mins; hours: hrs; hour: hr; que: q; tambien: tmb; uh: uhh; have: hav hv; i am not: imnot; yes i: yesi
    on my way: omw; birthday: bday; sick: sik; let me: lemme; i do not: ion; no thank you: nty; night: nite; to: tp
    anyways: neways; yall: yinz; take: tak; will: wil; work: wok; sure: shur
    stop: stahp
"""
SPELLING = {
    word: meaning.strip().removeprefix("-")
    for meaning, _, spelled in (entry.partition(":") for entry in _SHORTHAND.replace("\n", ";").split(";"))
    for word in spelled.split()
}

PARTS_OF_DAY = words("morning afternoon evening night")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

# The words that decide most replies, read also with one letter wrong.
MENDED_LONG = words("""
    about absolutely accept accepted accepting already another appointment available because booked cannot certainly
    confirm confirmed contactar count cover covered covering decline definitely disponible doctor going gonna gracias
    hospital interested maybe messages morning ocupada please pretty probably remove schedule scheduled shift sorry
    surgery taking thanks thank there think today tomorrow trabajando trabajar turno puedo acepto unavailable
    unfortunately unsubscribe vacation working would could texting number right wrong person appointment address
""")
MENDED_SHORT = {
    word: word
    for word in words(
        "down come sure take will work want have yes can busy pass stop help sick able that with sign make"
    )
} | {"cant": "cannot", "wont": "will not", "dont": "do not"}
# Real words one letter away from those: a typing error may not make an answer out of another word.
REAL_WORDS = words("""
    abort accent accepts const covers persons remote removes sock socks stories story terse turbo turns abel abut
    accepter anther bale booker boomed buys cab cloud clover cocer coder comer conform conformed conte coul counts
    county cove coves covet cunt dint goings gong gracia male massages mourning numbers pads petty rights scheduler
    schedules shaft shifty shirt shop sift sigh sing stoop suck swift tale tame taming tank tanking tanks tasking
    taxing thee theme thick thin thinks toady toda tody trabajado vocation wold wording world worm worming wound cone
    yrs yds yew coke sire surd
""")
_TABLES = (WORD_CLASSES, REQUEST_CLASSES, REWRITES, REQUESTS, KEYWORDS, WORDINGS)
_WRITTEN = " ".join(text for table in _TABLES for text in table.values())
# The words of the tables; in angle brackets stand the names of classes.
KNOWN_WORDS = (
    words(" ".join(re.findall(r"(?<![<@a-z])[a-z]+", _WRITTEN)))
    | words(" ".join(REWRITES))
    | MONTH_NAMES
    | WEEKDAYS.keys()
    | HOUR_WORDS.keys()
)

# What stays as it is written. The words of a reply become the objects of the tables: comparing them is faster.
PLAIN_WORDS = {word: sys.intern(word) for word in KNOWN_WORDS - SPELLING.keys() - words("y n si ya ill")}

BY_CONTEXT = words("y n si ya ill 4")
BEFORE_ILL = words(
    "am is are was were be been feel feeling felt got getting so very really too and kid kids mom son daughter still"
)
AFTER_ILL = words("take do be work cover come accept see")
BEFORE_SI = words("si yes thanks please much claro que ay pues eh hola gracias bueno ok um uh oh yo")
AFTER_SI = words("""
    puedo i ill voy lo la yo claro acepto gracias tomo quiero por con cuenten cuente apuntenme apunteme anotenme
    senora senor estoy ahi alli estare trabajo agarro cubro si yes # to al please thanks a dale bueno perfecto me de
    emojiyes emojismile confirmo maam thank mi chico este
""")
AFTER_SPANISH_YA = words("tengo quede trabajo no estoy acepte me basta paren paro pare mero veremos deja quiten")
