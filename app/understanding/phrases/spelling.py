"""Spelling tables: emoji, contractions, texting shorthand, typing errors, names of days and months.

Owns how words are written, not what a reply means. Imports only the notation and the other tables.
"""

import re

from app.understanding import notation
from app.understanding.notation import words
from app.understanding.phrases.acceptances import ACCEPTANCES
from app.understanding.phrases.doubts import DOUBTS
from app.understanding.phrases.harmless import HARMLESS
from app.understanding.phrases.refusals import REFUSALS
from app.understanding.phrases.requests import REQUESTS

EMOJI = {
    **dict.fromkeys("👍✅☑✔", "emojiyes"),
    **dict.fromkeys("👎🙅❌🚫✖⛔❎", "emojino"),
    **dict.fromkeys("🤞🤷🤔😕❓❔🧐😬", "emojidoubt"),
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
SPANISH_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
_HOURS = "midnight one two three four five six seven eight nine ten eleven noon"
HOUR_WORDS = {word: hour for hour, word in enumerate(_HOURS.split(" "))} | {"twelve": 12}

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
ORDINALS = {word: day + 1 for day, word in enumerate(_ORDINALS.split(" "))}

ENDINGS = {"ll": "will", "m": "am", "re": "are", "ve": "have", "d": "would"}
IS_STEMS = words("it that he she what who where when how there here this name")
CAPITALISED = re.compile(r"\b[A-Z](?:[a-z]+(?:[A-Z][a-z]+)?|\b)")

_SHORTHAND = """
    cann=can; ccan=can; cam=can; caan=can; il=i will; im=i am; i'm=i am; ive=i have; ima=i am gonna;
    imma=i am gonna; i'ma=i am gonna; iam=i am; ican=i can; icant=i cannot; iwill=i will; illl=i will;
    i'l=i will; yess=yes; yas=yes; yass=yes; yees=yes; yse=yes; yea=yeah; yah=yeah; yuh=yeah; ye=yeah;
    yee=yeah; yessss=yes; yers=yes; tes=yes; yed=yes; ues=yes; yex=yes; yez=yes; yws=yes; eys=yes;
    yesm=yes maam; yessum=yes maam; yessirr=yessir; yeh=yeah; yeas=yes; yesh=yes; ys=yes; ye's=yes; yesa=yes;
    yesd=yes; uyes=yes; yepp=yep; yupp=yup; yupper=yup; yuppers=yup; yeppers=yep; yezzir=yessir; surre=sure;
    sur=sure; shure=sure; suree=sure; shur=sure; def=definitely; defo=definitely; definately=definitely;
    definitly=definitely; defiantly=definitely; absolutly=definitely; absolutley=absolutely; fasho=for sure;
    fosho=for sure; 4sure=for sure; nop=nope; nopee=nope; nopes=nope; noe=no; nno=no; noo=no; npoe=nope;
    nah=nope; naw=nope; naa=nope; nahh=nope; nuh=nope; np=no problem; can't=cannot; cant=cannot; cnt=cannot;
    cannt=cannot; canot=cannot; cnat=cannot; can't've=cannot; cantt=cannot; caint=cannot; cannnot=cannot;
    couldnt=could not; wont=will not; won't=will not; wnt=will not; dont=do not; don't=do not; dnt=do not;
    doesnt=does not; didnt=did not; isnt=is not; arent=are not; wasnt=was not; wouldnt=would not;
    shouldnt=should not; havent=have not; hasnt=has not; aint=am not; ain't=am not; nt=not; u=you; ur=your;
    r=are; thx=thanks; tx=thanks; thnx=thanks; thks=thanks; thanx=thanks; tnx=thanks; ty=thank you;
    tysm=thank you so much; tyvm=thank you very much; thankyou=thank you; thanku=thank you; thnks=thanks;
    thxs=thanks; thankz=thanks; thnk=thank; plz=please; pls=please; plse=please; pleas=please; plase=please;
    pleasee=please; abt=about; tho=though; bcuz=because; bcus=because; cuz=because; cause=because;
    coz=because; b/c=because; becuz=because; bc=because; becuase=because; sry=sorry; srry=sorry; sorrry=sorry;
    soory=sorry; sory=sorry; gunna=gonna; gon=gonna; goin=going; doin=doing; workin=working; comin=coming;
    takin=taking; wanna=want to; tmrw=tomorrow; tmw=tomorrow; tmr=tomorrow; tomorow=tomorrow;
    tommorow=tomorrow; tommorrow=tomorrow; tomm=tomorrow; 2morrow=tomorrow; 2day=today; tonite=tonight;
    wknd=weekend; wkend=weekend; k=ok; okay=ok; kk=ok; okie=ok; oki=ok; okey=ok; oky=ok; okk=ok; ight=alright;
    aight=alright; w=with; wit=with; ppl=people; doit=do it; dothat=do that; takeit=take it; tak=take;
    takw=take; taek=take; tkae=take; taje=take; tke=take; takke=take; wrk=work; wok=work; owrk=work;
    wrok=work; wokr=work; worl=work; wil=will; wll=will; wiil=will; iwll=i will; shft=shift; shfit=shift;
    shif=shift; shifft=shift; hte=the; teh=the; th=the; da=the; dat=that; tht=that; thats=that is; thst=that;
    its=it is; whats=what is; whos=who is; wheres=where is; hows=how is; let's=lets; prolly=probably;
    probs=probably; probly=probably; mayb=maybe; mabye=maybe; mebbe=maybe; mayeb=maybe; msgs=messages;
    msg=message; txt=text; txts=texts; txting=texting; txted=texted; textin=texting; callin=calling;
    mssg=message; messsages=messages; mesages=messages; numba=number; #=; num=number; opt-out=optout;
    avail=available; availble=available; avaliable=available; availabe=available; avalible=available;
    availible=available; avalable=available; avialable=available; availabl=available; unavail=unavailable;
    accpet=accept; acept=accept; aceept=accept; excpet=except; accpt=accept; acccept=accept; accet=accept;
    acceot=accept; accepet=accept; aceptt=accept; acpt=accept; acccepted=accepted; delcine=decline;
    declne=decline; decine=decline; declin=decline; delince=decline; dcline=decline; declien=decline;
    pss=pass; psas=pass; interesed=interested; intrested=interested; appt=appointment; appts=appointments;
    sched=schedule; def'n=definitely; vacay=vacation; unfortunatly=unfortunately; unfortunatley=unfortunately;
    unfortunetly=unfortunately; srs=seriously; stpo=stop; sotp=stop; stp=stop; stopp=stop; stoped=stopped;
    stoop=stop; tsop=stop; stap=stop; satop=stop; stopo=stop; dtop=stop; stpp=stop; stio=stop; stpop=stop;
    srop=stop; stoppp=stop; sto=stop; unsubcribe=unsubscribe; unsuscribe=unsubscribe; unsubscibe=unsubscribe;
    unsubsribe=unsubscribe; unsubscrib=unsubscribe; unscubscribe=unsubscribe; unsubscrbe=unsubscribe;
    unsuscrib=unsubscribe; unsubscripe=unsubscribe; unsubscribed=unsubscribe; unsub=unsubscribe;
    cancle=cancel; cancell=cancel; cancal=cancel; canel=cancel; quti=quit; remov=remove; remve=remove;
    rmove=remove; rmeove=remove; delet=delete; strat=start; satrt=start; startt=start; sart=start;
    unstpo=unstop; hlep=help; hepl=help; halp=help; hlp=help; helpp=help; ayda=ayuda; ayudaa=ayuda; 10-4=copy;
    lmk=let me know; mak=make; maek=make; mke=make; ttyl=talk later; brb=be right back; o'clock=oclock;
    ma'am=maam; mam=maam; ma'm=maam; y'all=yall; alot=a lot; tryna=trying to; shoulda=should have;
    woulda=would have; coulda=could have; wouldve=would have; i'd=i would; em=them; thru=through; 'til=until;
    fr=for real; ngl=; tbh=; smh=; lil=little; mins=minutes; hrs=hours; hr=hour; xoxo=; xo=; ms.=ms; rn's=rn;
    pos=pues; q=que; k'=que; xq=porque; pq=porque; porq=porque; tmb=tambien; grax=gracias; grasias=gracias;
    graciaz=gracias; grcs=gracias; grcias=gracias; asepto=acepto; azepto=acepto; aepto=acepto; pueod=puedo;
    pueo=puedo; pudeo=puedo; puedoo=puedo; sii=yes; siii=yes; sipi=yes; simon=yes; vy=voy; turo=turno;
    tuno=turno; apuntenm=apuntenme; ahy=ahi; dsponible=disponible; disponble=disponible; dispnible=disponible;
    ocupda=ocupada; trabjo=trabajo; travajo=trabajo; travajar=trabajar; trbajar=trabajar; trabajr=trabajar;
    mandn=manden; mandenme=manden; mensaje=mensajes; mensages=mensajes; mensajs=mensajes; testos=textos;
    dejende=dejen de; claroquesi=claro que si; umm=um; ummm=um; uhm=um; uhh=uh; erm=um; mhm=yeah; mmhmm=yeah;
    uhhuh=yeah; hmmm=hmm; ohh=oh; ooh=oh; hii=hi; hiya=hi; heyy=hey; heya=hey; helo=hello; helloo=hello;
    hellow=hello; pwd=pwede; pede=pwede; puwede=pwede; hnd=hindi; hinde=hindi; hindii=hindi; opoo=opo;
    slmt=salamat; mgandang=magandang; suer=sure; pleese=please; plese=please; thign=thing; thanxs=thanks;
    thnx=thanks; buzy=busy; bizzy=busy; dwon=down; taknig=taking; wotn=will not; wiont=will not;
    wo'nt=will not; wnot=will not; willnot=will not; ca'nt=cannot; canr=cannot; cabt=cannot; cqnt=cannot;
    cant'=cannot; dotn=do not; dnot=do not; don=do not; nto=not; nott=not; npt=not; noit=not; nio=no; ni=no;
    nmo=no; npe=nope; nopw=nope; nole=nope; pas=pass; pasz=pass; ahve=have; hvae=have; hav=have; yrp=yep;
    yeps=yep; yups=yep;
    yepper=yep; cna't=cannot;
    imnot=i am not; imin=i am in; sgn=sign; takit=take it; yesi=yes i; putt=put;
    yepo=yep; yeo=yep; yess.=yes; yesy=yes; yesz=yes; itt=it; tkae=take; tahnks=thanks; ib=in;
    avaiable=available; avilable=available; intersted=interested; eit=it; tak=take; coutn=count;
    afriad=afraid; waht=what; wrk=work; gettin=getting; watchin=watching; nothin=nothing; sumthin=something;
    somethin=something; mwn=mwen; mwem=mwen; mw=mwen; wii=wi; nonn=non; kapap=kapab;
"""
SPELLING: dict[str, str] = {}
for _entry in _SHORTHAND.replace("\n", ";").split(";"):
    _word, _, _meaning = _entry.strip().partition("=")
    if _word and _meaning:
        SPELLING[_word] = _meaning

_TABLES = (notation.CLASSES, notation.REWRITES, REQUESTS, ACCEPTANCES, REFUSALS, DOUBTS, HARMLESS)
KNOWN_WORDS = frozenset(
    re.findall(r"[a-z']+", " ".join([*WEEKDAYS, *(text for table in _TABLES for text in table.values())]))
)

# Words that are already spelled in the canonical way.
PLAIN_WORDS = frozenset(word for word in KNOWN_WORDS - SPELLING.keys() if "'" not in word)

# The words that decide most replies; a spelling that is one typing error away from one of them is corrected.
_OFTEN_MISTYPED = words(
    """
    able about absolutely accept accepted accepting already another appointment available because booked
    busy cannot certainly confirm confirmed confirming contactar count cover covered covering decline
    definitely disponible doctor down going gonna gracias have help hospital interested know make maybe
    messages morning ocupada pass please pretty probably remove schedule scheduled shift sick
    sign sorry sure surgery take taking thanks thank that there think this today tomorrow trabajando
    trabajar unable unavailable unfortunately unsubscribe vacation want will with work working
    would
    """
)
# Real words that are one typing error away from those. They are not corrected.
_NO_SLIPS = words(
    """
    abel abut accepter anther bale booed booker boomed buys clover cocer coder coger conform conformed
    conforming cove covet coveted coveting cunt dorking dover faking fount gong gracia hooked pease petty
    provably raking recline scheduler schedules shirt shit sift sing suer taming tank tanks thee thin toady toda
    tody trabajado wold worming
    """
)
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours(letter: str) -> str:
    """The letters next to `letter` on the keyboard."""
    row = next(index for index, keys in enumerate(_KEYBOARD) if letter in keys)
    column = _KEYBOARD[row].index(letter)
    around = [(row, column - 1), (row, column + 1)]
    around += [(other, column + shift) for other in (row - 1, row + 1) for shift in (-1, 0, 1) if 0 <= other <= 2]
    return "".join(_KEYBOARD[r][c] for r, c in around if 0 <= c < len(_KEYBOARD[r]) and _KEYBOARD[r][c] != letter)


def _slips(word: str) -> set[str]:
    """The ways to mistype `word` by one letter: left out, doubled, swapped with the next, or a neighbouring key.

    For a word of four letters only swapped and doubled letters count, because the rest resembles too many words.
    """
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    if len(word) == 4:
        return swapped | doubled
    left_out = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    beside = {word[:i] + key + word[i + 1 :] for i in range(len(word)) for key in _neighbours(word[i])}
    pressed = {word[:i] + key + word[i:] for i in range(1, len(word)) for key in _neighbours(word[i])}
    return swapped | doubled | left_out | beside | pressed


def _typos() -> dict[str, str]:
    meant: dict[str, set[str]] = {}
    for word in _OFTEN_MISTYPED:
        for slip in _slips(word) - KNOWN_WORDS - _NO_SLIPS - SPELLING.keys():
            meant.setdefault(slip, set()).add(word)
    for spelled, word in (
        ("cant", "cannot"),
        ("wont", "will not"),
        ("dont", "do not"),
        ("yes", "yes"),
        ("can", "can"),
    ):
        for index in range(len(spelled)):
            slips = {spelled[:index] + spelled[index] + spelled[index:]}
            if len(spelled) == 4:
                slips.add(spelled[:index] + spelled[index + 1 : index + 2] + spelled[index] + spelled[index + 2 :])
            for slip in slips - KNOWN_WORDS - _NO_SLIPS - SPELLING.keys():
                meant[slip] = {word}
    return {slip: min(found) for slip, found in meant.items() if len(found) == 1}


TYPOS = _typos()

# Typing errors for "yes" that may be other words elsewhere ("12 yrs"). They count as a yes only at the start of a
# reply and before a pause or one of AFTER_YES.
MISTYPED_YES = words("yrs yds yss ges yew yres ywes yeds yews yesw yesx yese yeus ytes tyes yys yesq uess")
AFTER_YES = words("i yes please thanks thank maam sir ill will put count sign emojiyes emojismile @name")
BY_CONTEXT = words("y n si ya ill") | MISTYPED_YES
AFTER_I_WILL = words(
    """
    b bee take do work be cover accept see pick come go make fill grab have get definitely gladly happily doit
    pass
    """
)
BEFORE_SI = words("claro que ay pues eh hola gracias bueno ok um uh oh yo")
AFTER_SI = words(
    """
    puedo voy lo la yo claro acepto gracias tomo quiero por con cuenten cuente apuntenme apunteme
    anotenme senora senor estoy ahi alli estare senorita trabajo agarro cubro si yes # to al please
    thanks a dale bueno perfecto me de emojiyes emojismile confirmo maam thank
    """
)
AFTER_SPANISH_YA = words(
    """
    tengo trabajo no estoy acepte me basta paren paro pare mero veremos dejen deje deja estaba quiten
    llego
    """
)
