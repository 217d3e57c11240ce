"""The classes of words that the phrase tables share, in the notation of `app.understanding.patterns`.

Owns what kind of word a word is; what follows from a kind is up to `app.understanding.rules`. A class may use
those that stand above it.
"""

from app.understanding.patterns import word_classes

# One word per entry: joined with "|" below.
WORDS = """
    take: take do work cover accept grab claim fill handle accommodate manage snag snatch rock tackle;
    get: get have want make keep;
    come: come go help attend assist participate slide;
    works: works suits fits;
    taking: taking doing covering accepting grabbing claiming filling;
    coming: coming going sliding;
    very: literally currently presently legally physically very really super just also still definitely absolutely
      totally certainly gladly happily surely truly always actually most kindly sure so fully even all gotta right
      simply deffo obviously;
    det: the that this your ur el ese este da tha un;
    kind: open whole full entire rn lpn cna hha nursing @day @time @code offered available day morning same extra
      particular new first second;
    shift: shift shifts one case spot slot visit job assignment opening gig duty turno it task dia;
    kin: sons daughters moms dads husbands grandsons granddaughters nephews nieces inlaw husband wife mom mama mother
      dad father son daughter kid kids child children sister brother baby grandma grandbaby grandbabies granddaughter
      grandson grandkids grandmother grandfather family aunt uncle boyfriend girlfriend sitter babysitter nephew niece
      parents cousin partner fiance hubby inlaws stepson twins hijo hija hijos esposo esposa madre padre hermana
      hermano nina nino ninos bebe abuela marido suegra mami;
    person: girl gal guy man woman lady nurse aide rn lpn cna hha caregiver person huckleberry;
    name: boo baby maam sir miss hon honey sweetie sweetheart babe dear darling sugar boss girl girly girlie team
      everyone there friend friends guys yall lady ladies luv hun sis sister bro bruh dude man fam mija amiga
      amigo jefa senorita senora senor homie queen chief captain coach old mate bestie mama doll dearie kiddo madam
      cherie;
    someone: someone somebody anyone anybody another others;
    textme: text txt write call message contact email msg bother phone notify ping spam reach buzz bug disturb;
    texts: texts text messages message msgs msg sms notification notifications alerts calls emails spam reminders;
    event: pt bday orientation recitals hearing appointment appointments appt doctor doctors dr dentist meeting
      wedding funeral class classes school exam exams finals test interview flight trip date family conflict court
      jury church commitment commitments obligation obligations client clients patient party graduation recital
      birthday vacation procedure surgery operation mri event game training conference engagement reunion thing
      visitors company surgeon tournament concert ceremony baptism plans chemo dialysis shower anniversary closing
      inspection mammogram colonoscopy biopsy quinceanera christening clinicals rehearsal memorial testimony cita
      clase examen viaje boda fiesta compromiso compromisos planes operacion shift shifts job jobs case cases work
      overtime therapy duty lunch luncheon dinner practice study workshop service ultrasound scan checkup physical
      deadline guests babysitting custody;
    illness: surgery covid flu strep fever migraine quarantine vertigo pneumonia bronchitis shingles pinkeye gout
      sciatica bedrest chemo crutches mono headache cold cough virus gripe fiebre dengue grippe stomachache toothache
      infection;
    body: back knee knees foot feet ankle hip shoulder wrist hand arm leg head stomach tooth teeth neck throat rib ear
      espalda pie rodilla cabeza;
    vehicle: car truck vehicle ride van transmission tire bus carro coche;
    place: town state country office city area beach shore mountains coast lake hospital er dentist vet airport cruise
      doctor doctors conference;
    abroad: florida mexico haiti jamaica california texas vegas ohio miami orlando georgia cancun dominican rico ghana
      nigeria philippines manila europe hawaii colombia cuba honduras guatemala salvador ecuador peru atlanta boston
      carolina virginia tennessee alabama york vacation vacations pto leave bedrest holiday holidays maternity call
      orientation;
    busy: busy laid assigned engaged booked unavailable working sick ill scheduled occupied swamped slammed committed
      tied travelling traveling away overbooked hospitalized injured contagious pregnant retired exhausted tired beat
      drained full sore overwhelmed okipe malad ocupada ocupado enferma enfermo malita indispuesta promised;
    away: flying driving traveling visiting hosting attending babysitting watching studying recovering moving camping
      cruising graduating testifying volunteering caring fasting resting celebrating interviewing chaperoning training
      hunting fishing burying homeschooling observing leaving heading going staying taking picking dropping keeping
      having getting working subbing coaching teaching painting packing shopping sleeping helping;
    part: morning afternoon evening night;
    busyword: doctor doctors dr medical family work full double big school private different dental eye hospital new
      bad job second parent teacher important court jury that at already all emergency church cataract root wisdom
      bible nursing the whole long appointment back foot knee early prenatal;
    able: come make attend claim commit help go be manage swing get pull fit squeeze assist participate do take work
      cover accept grab fill handle have drive;
    free: available disponible free interested able ready up down willing around open game coming going in here;
    money: @money rate pay pays paid paying bonus overtime ot mileage gas dollar dollars bucks hourly wage salary
      raise cash pagan pago paga pagar dinero peye bayad sahod incentive differential compensation reimburse;
    smile: emojismile emojihand lol lmao haha hahaha hehe jaja jajaja ha xoxo emojilaugh;
    yesword: yes yeah yep yup yas aye affirmative absolutely definitely certainly sure deal bet yessir indeed oo opo
      wi claro dale emojiyes sige dako oui afirmativo obviously facts totally confirmed yurr def agree agreed gladly
      happily;
    noword: no nein nope nah negative decline declined emojino hindi non nel negativo nay negatory nopey nopo paso;
    unknown: sure certain positive;
    street: street st ave avenue road rd lane ln drive dr blvd court ct way place pl apt main;
"""

# Phrases of several words, or of other classes.
PHRASES: dict[str, str] = {
    "it": """
    it | that | this | that/this/it one/there? | one | them | #? @code | offer/shift/number/job/option #? @code
    on? @day | at/from/the? @time | the day | the/these/those hours/work/job
    """,
    "ready": """
    more? than? happy/glad/willing/able/ready/available/free/delighted/honored/tickled/thrilled/pleased/game/set/proud
    glad/willing
    """,
    # How somebody who offers to do something begins, after "I".
    "will": """
    will | iwill | can | shall | would | gonna | am gonna | will go ahead and | would/will be <very>* <ready> to | do
    am going ahead and | would? love/like to | would? more than love to | do? want to? | will haveto? say yes and
    agree to | am? <very>* <ready> to | am here/good to | am? <ready> and <ready>? will/can/would? like? to?
    """,
    # What may follow a complete offer or refusal without changing it.
    "mod": """
    from me | at all | for you/yall/ya | ya | for her/him/them | for me | please | then | there
    at the time stated/given | for it | at/from/for/by? @time | for? sure | thatday | on/for thatday | too | as well
    without a doubt | off your hands | on/for/at/this/from/to/the/in? the? @day | sharp | again | with pleasure
    anyway/anyways | no matter what | right | no problem | gladly | happily | definitely | ok | also | promptly
    early | <name> | with bells on | for the? team | <smile> | thanks | thank you | on time | all day | absolutely
    totally | myself | as requested | bright and | period | ahead | no cap | for real | this time | and early
    gracias | amor | personally
    """,
    "kinmy": "my/our? own? <kin> | my/our <kin> and <kin> | the <kin> | my? mom/dad/mama",
    "solid": """
    definite | hard | big | solid | firm | absolute | enthusiastic | resounding | huge | definitely | for sure | total
    strong | very | clear
    """,
    # What an office is asked to do with somebody who takes a shift.
    "put": """
    put | mark | sign | add | write | jot | count | log | book | schedule | slot | lock | register | place | enter
    slide | throw | stick | set
    """,
    "go": "you/yall can/may | go ahead and | please | just | feel free to | go on and | yes",
}

CLASSES = word_classes(WORDS) | PHRASES
