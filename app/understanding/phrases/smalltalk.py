"""The phrases that may stand beside an answer without touching it: courtesies, reasons, which shift.

Owns wording only, in the notation of `app.understanding.patterns`. Imports nothing of the app.
"""

WORDS: dict[str, str] = {
    "bring": "bring wear pack grab park know call check take",
    "daytime": "morning afternoon evening day night am week weekend one",
    "sendme": "send text email give message tell forward remind shoot drop",
    "facts": """
        address directions code codes gate door location client patient report care paperwork key keys entrance
        lockbox parking apartment apt unit building plan careplan addy
    """,
    "trouble": """
        problem trouble issue issues worries biggie sweat prob conflict conflicts complaints drama bother pressure
        hesitation lie excuses
    """,
    "nice": """
        good great fine perfect ok right correct nice cool awesome wonderful lovely exactly true fantastic amazing
        excellent beautiful super sweet perfecto excelente
    """,
    "miss": "wait complain miss beat resist imagine ask dream trade hesitate",
    "hours": "hours money extra cash work shifts",
    "anything": "anything anyone anybody someone somebody something questions help",
    "courtesy": """
        please kindly morning amen gracias hola saludos disculpe disculpa disculpen perdon perdone porfa porfavor
        tanpri bonjou bonswa padon regards respectfully bye goodbye oh well um uh ah aw ay eh yay wow omg finally ugh
        man easy again always then also just really honestly actually promptly asap exactly alright rn lpn cna hha bsn
        lvn pca msn aprn stna dsp
    """,
    "persons": "her him them everybody everyone mr mrs ms the my",
}
PHRASES: dict[str, str] = {
    "them": "<persons> | @name",
    "offered": "your/the/this message/text/offer/call/voicemail | it/this",
}

SMALLTALK: dict[str, str] = {
    # Answering the telephone: after a "yes" it may be all that the "yes" meant.
    "intro": "this is | it is | hello | it is me | here | habla | soy",
    # Refusing words that take the shift or speak of something else, and courtesies.
    "polite": """
        i? <very>? cannot/could/never/will/would not? <very>? <miss> ...
        i? <very>? cannot/could/never not? pass/turn/say <it>? you? up/no/down ...
        i? never turn/say/pass/miss/mind ... | i? could not be happier ...
        i? will not let <them>/you/yall down/be ... | i? will not be late | not at all
        no? i? do not <very>* mind at? all? ... | do not worry/bother/forget/you ... | not to worry
        do not give it to/away ... | do not haveto ask ...
        never mind my last/previous/other/first text/message/reply/answer | no reason not to
        without fail/hesitation/question | not busy ... | i? am? not doing anything/nothing/busy/tired ...
        not going anywhere ... | nobody/noone/nothing/one deserves/better/loves/knows/does/would/else ...
        no haveto ... | no other? plans <mod>* | i? have? nothing planned/going/else/better/to ...
        no <trouble> at? all? for? me? | not a/an <trouble> at? all?
        i? do not have a/any? thing/anything/plans/kids/class/school/nothing <mod>? to? do? <mod>* | never a <trouble>
        no big deal | not/never too far/early/late/bad/busy ... | not bad | even if/though ...
        regardless if/of/who/what/where ... | no matter ... | rain/snow or shine/rain | thank you so? very? much?
        thanks so? very? much? | thanks a? lot/bunch/million | thank you for ... | thanks for ...
        much? appreciated/appreciate it? | i? <very>* appreciate you/it/that/the ... | so? sorry for/about it
        sorry for/if ... | apologies ... | sorry it took ... | sorry i? missed/did/just/was/took/fell/had ...
        hi/hey/hello/howdy/yo/hola <name>? | good <daytime> <name>? | <name> | <courtesy> | <nice> | <smile>
        god bless you/yall/everyone? | be? blessed | have a <very>* <nice>/blessed <daytime> | take care
        be/stay safe | love you/yall? | nice try | with pleasure | any time
        it/that? sounds <very>* <nice>/like? fun? | thank god/goodness/jesus/the? lord?
        praise god/jesus/the/him lord? | muchas/mil gracias | gracias por ... | por favor | buenos dias
        buenas tardes/noches? | maraming? salamat po? | magandang umaga/hapon/gabi po? | mesi anpil? | @name here
        you know | i mean | as well | happy/glad to help | as i? have? said | when/whenever you can/get/have/could ... | with bells on | i said | you again
        all right | about it | i? just saw/got/seen/woke/read <offered>/up/off/home/out
        i? saw/got/received <offered>
        i? am? calling/texting/responding/replying back? about/for/to/regarding? it? | looking forward ...
        i look forward ... | excited ... | perfect/good/great timing | tell <them> ... | @phone
        i? will bring/wear/pack my/the/a/gloves/scrubs/lunch/everything ... | i know it is early/late/far/last ...
        my? new address/email/number/cell/phone is? ... | my? badge/license/employee/id number/id? #? <num>
        my address/email/number/cell/phone/badge/license is ... | no hay problema | sin problema/falta
        walang problema | no se preocupe/preocupen | no tengo nada/planes <mod>* | pa gen pwoblem
        been waiting on/for ... | hands off ... | i? was hoping for/something ... | keep me posted | keep them coming
        my? bad | how are you ... | i? hope you/your/everyone/yall/all/they/she/he ...
        happy birthday/friday/monday ... | see ya | my? @day is <very>* open/free/clear/good
        it/that is? <very>* <nice>/it | i? can/will/shall confirm | you know i ... | why would i? not i? ...
        how can/could i say no ... | i know where/how/that/right/<them> ...
        i <very>? love/like/adore/miss/enjoy <them>/that/this/working ...
        she/he is <very>? my/a? sweet/sweetheart/favorite/wonderful/lovely ...
    """,
    # Reasons for being available; being free is not yet a promise to come.
    "free": """
        i? am? <very>* off/free/available/open all? day? for? on? thatday/@day/it/then/@time? <mod>*
        i? have/got it/thatday/@day/the off/free/open day? off?
        <kinmy> is/are/will off/home/free/out/at/with/in/watch/keep/be ...
        <kinmy> can/will watch/keep/take/pick/get/babysit ...
        my kids/son/daughter/baby/grandkids are/is/have/has/will/go/got ...
        i? <very>* need/needed/want/wanted/could/can/needing use? the/some/more/these/any? <hours> ...
        trying to get <very>* hours/money/these hours?
        i? live/am close/near/nearby/right/around/down/by/local/only ...
        it is close/near/right/down/only/just/like ... | i? have/got/found a? sitter/babysitter/childcare/ride/car ...
        my <vehicle> is <very>* fixed/out/back/running/fine/good ... | my <body> is better/fine/good/healed ...
        doctor/doctors/dr says/said/cleared i? am? good/ok/fine/me ...
        my other client/job/case cancelled/canceled/fell/is/ended ...
        only/just/about/like <num> minutes/miles/blocks ... | <num> minutes/miles/blocks away/from ...
        i? was off/asleep/sleeping/driving/planning/gonna/thinking/at/in/on ...
        i was not planning/expecting/gonna ... | my/the schedule is? clear/open/free ... | good for me
        i? like/love to keep/stay/work ... | i just woke up
        i? know that house/place/lady/client/patient/neighborhood ... | i? already? checked/talked/told/asked ...
        i? am trying to get ...
    """,
    # "I have your text": beside a bare yes it makes it the answer to "did you get it?".
    "receipt": """
        i? <very>? got your message/text/voicemail | got it | noted | received | go ahead | yes i know/heard ...
        i? <very>? got/received/saw/see/read/heard it/them | i have it
    """,
    # "I have read it", which is not "I will".
    "ack": """
        i? got you | ok | alright | all right | copy/roger that? | understood | sounds good/great/fine | will do
        fine | that is fine | good | vale | listo/lista | bueno | bien | esta bien | entendido/enterada/enterado
        sige po
    """,
    # Which shift is meant: its own day, hours or code.
    "offer": """
        to work/do/take/cover/accept it | number/offer/shift/option #? @code | # @code | for you/yall | in the morning
        for/on/to/at/from/this/of/with/el/para/del/sa/nan/the/in? the? it/that/this/one/@day/@time/thatday/@code/shift
        to/for # @code | ese/este/el/para/por/al/pou turno/dia/ese/el/it/@day/@code/@time ... | ese | este | na | li
        yan | iyan | ito | yun | with my badge/bag
    """,
    # Questions that only somebody who comes will ask.
    "logistics": """
        can/could/will/would? you? please? just? <sendme> me? the/her/his/their/its/an/any? <facts> ...
        please <sendme> ... | what is the/her/his/their? <facts> ... | <facts> please
        where do/should i park/go/report/enter/meet/check ...
        is there a/any/street/somewhere? parking/wifi/key/lockbox/dog/pets/elevator/place ...
        do i need/haveto <bring>/my/a/any ... | do you need me to <bring> ... | should i <bring> ...
        what should/do i? need/haveto? <bring> ... | who do i report/call/see/ask/check/contact/meet/find ...
        which door/entrance/building/unit/apartment ... | anything i should/need/haveto know/bring/do ...
        could/can i get/have the <facts> ... | me puede/puedes/pueden mandar/enviar/dar/decir la/el direccion ...
        mandeme/mandenme/mandame la direccion ...
    """,
    # Offers of more, and ways to be reached, after the answer.
    "extra": """
        let me know what/where/when/the ... | lmkif ...
        call/text/message/reach/ask/holler me? at/on/if/with/when/about ...
        if you/yall need/have/get/got/hear any/more/another/others/me/<anything> ... | if <anything>/there ...
        if you see/talk/speak/hear/run ... | if the family/patient/client/daughter/son ... | call me for ...
    """,
    "but": "but | though | however | pero | unfortunately | sadly | sorry but",
    # An apology without a reason hangs over a bare yes.
    "sorry": "emojisad | i? am? <very>* sorry | lo siento mucho? | sorry po",
    "and": "and | y | e",
    "so": "so | because | since | porque",
}
