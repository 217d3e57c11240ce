"""The classes of words that the phrase tables share, in the notation of `app.understanding.patterns`.

Owns what kind of word a word is; what follows from a kind is up to `app.understanding.weighing`. A class may use
those that stand above it.
"""

from app.understanding.patterns import word_classes

# One word per entry: joined with "|" below.
WORDS = """
    take: take do work cover accept grab claim fill handle accommodate manage snag snatch rock tackle;
    get: get have want make keep; come: come go help attend assist participate slide; works: works suits;
    taking: taking doing covering accepting grabbing claiming filling; coming: going;
    very: literally currently presently legally physically very really super just also still definitely absolutely
      totally certainly gladly happily surely truly always actually most kindly sure so fully even all gotta right
      simply deffo obviously;
    soon: today tonight tomorrow overnight hoy bukas ngayon demen jodi; det: the that this el ese este;
    kind: whole @day day same second;
    shift: shift shifts one case spot visit job assignment duty turno it task dia;
    kin: sons daughters moms dads husbands grandsons granddaughters nephews nieces inlaw husband wife mom mama mother
      dad father son daughter kid kids child children sister brother baby grandma grandbaby grandbabies granddaughter
      grandson grandkids grandmother grandfather family aunt uncle boyfriend girlfriend sitter babysitter nephew niece
      parents cousin partner fiance hubby inlaws stepson twins hijo hija hijos esposo esposa madre padre hermana
      hermano nina nino ninos bebe abuela marido suegra mami;
    person: girl nurse gal guy woman aide one;
    name: boo baby maam sir miss hon honey sweetie sweetheart babe dear darling sugar boss girl team everyone there
      friend guys yall lady ladies hun sis sister bro bruh dude man fam mija jefa senorita senora senor queen chief
      coach old mate bestie mama madam cherie doll love;
    someone: someone somebody anyone anybody another;
    textme: text txt write call message contact email msg bother phone notify ping spam reach buzz bug disturb;
    texts: texts text messages message msgs msg sms notification notifications alerts calls emails spam reminders;
    event: pt hearing appointment doctor doctors dr dentist meeting wedding funeral class school exam finals interview
      flight family conflict court jury church commitment client patient graduation birthday vacation surgery
      operation game company plans chemo dialysis shower anniversary colonoscopy cita job case work therapy duty
      practice study physical;
    illness: surgery covid flu strep fever migraine quarantine vertigo pneumonia bronchitis shingles pinkeye gout
      sciatica bedrest chemo crutches mono headache cold cough virus gripe fiebre dengue grippe stomachache toothache
      infection;
    body: back knee knees foot feet ankle hip shoulder wrist hand arm leg head stomach tooth teeth neck throat rib ear
      espalda pie rodilla cabeza;
    vehicle: car truck ride transmission; place: hospital doctor;
    abroad: florida mexico haiti vegas ohio miami georgia dominican atlanta boston vacation pto leave bedrest
      maternity call orientation;
    busy: busy laid assigned engaged booked unavailable working sick ill scheduled occupied slammed tied travelling
      traveling away pregnant exhausted tired beat full promised;
    away: flying driving traveling visiting watching moving burying leaving going staying taking keeping having
      working;
    part: morning afternoon evening night; busyword: eye cataract bible foot;
    able: come make attend commit help go be swing get do take work cover accept handle have drive;
    free: available disponible free interested ready coming going in here;
    money: @money rate pay pays paid paying bonus overtime ot mileage gas dollar dollars bucks hourly wage salary
      raise cash pagan pago paga pagar dinero peye bayad sahod incentive differential compensation reimburse;
    smile: emojismile emojihand lol lmao haha hahaha hehe jaja jajaja ha xoxo emojilaugh;
    yesword: yes yeah yep yup yas aye affirmative absolutely definitely certainly sure deal bet yessir indeed oo opo
      wi claro dale emojiyes sige dako oui afirmativo obviously facts totally confirmed yurr def agree agreed gladly
      happily yeppers yuppers yas yass bettt yessirski yezzir yuh ayuh yeh affirm indubitably obvi sim;
    noword: no nein nope nah negative decline declined emojino hindi non nel negativo nay negatory nopey nopo paso;
    unknown: sure certain positive;
    street: street st ave avenue road rd lane ln drive dr blvd court ct way place pl apt main;
"""

# Phrases of several words, or of other classes.
PHRASES: dict[str, str] = {
    "it": "it/that/this/one/them | offer? #? @code | the hours/work/day | on/for? @day/<soon> | at/from/the? @time",
    "ready": "more? than? happy/glad/willing/able/ready/available/free/tickled/pleased/proud",
    # How somebody who offers to do something begins, after "I".
    "will": """
    will/iwill/can/shall/would/gonna/do | am gonna | am? <ready> and will/can/would? like? to? | would? love/like to
    do? want to? | would/will be <very>* <ready> to | agree to | am? <very>* <ready> to | am good to
    """,
    # What may follow a complete offer or refusal without changing it.
    "mod": """
    from/for me | at all | for you/ya/her/him/them/it | on/for/at/this/from/to/the/in? the? @day/<soon>
    at the time stated
    on/for thatday | at/from/for/by? @time | off your hands | with pleasure | with bells on | for the? team | all day
    ya/please/then/there/thatday/too/sharp/again/anyway/direct/bright/early/<name>/right/ok/<smile>/thanks/absolutely/period/ahead
    for? sure | no problem | thank you | this time
    """,
    "kinmy": "my/our? own? <kin> | the <kin>",
    "solid": "definite/hard/clear",
    # What an office is asked to do with somebody who takes a shift.
    "put": "put/mark/sign/add/write/count/log/book/schedule/slot/lock/slide/throw/set",
    "go": "you/yall can/may | go ahead/on and | please/yes",
}

CLASSES = word_classes(WORDS) | PHRASES
