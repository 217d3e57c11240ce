"""The phrases that may stand beside an answer without touching it: courtesies, reasons, which shift. Only wording."""

WORDS = """
    thanks: asking thinking; closer: sincerely cheers best sharp; bring: bring wear;
    daytime: morning afternoon evening day night am week weekend one; sendme: send text tell;
    facts: address code gate door patient care parking apartment addy;
    trouble: problem trouble issue issues worries prob conflict conflicts complaints bother pressure;
    nice: good great fine perfect ok right correct nice cool awesome wonderful lovely true fantastic amazing super
      sweet perfecto;
    miss: wait ask dream; hours: hours money extra; anything: anything anyone anybody someone somebody something;
    courtesy: whatever grand gosh goodness alo mornin oi period entonces pues please kindly morning amen gracias hola
      disculpe pasensya perdon porfa bonjou padon regards respectfully bye goodbye oh well aw ay eh yay wow omg uy
      bueno finally ugh easy again always then also just really honestly actually asap exactly rn lpn cna bsn lvn;
    persons: her them everyone mr mrs the my;
"""
#: The words of a reply that is only a courtesy or a receipt, beside names and smiles. Each must be harmless in any
#: phrase labelled "polite", "ack" or "receipt". "Sorry" is not: "sorry I was in the hospital" is polite too.
COURTEOUS = """
    thanks thank you thankful gracias muchas muchisimas mesi anpil salamat so very much a lot bunch kindly
    truly really appreciate appreciated i your the it that is are for of me to god bless blessed praise lord
    love have day night evening weekend one take care bye goodbye cheers best regards respectfully amen hi hey
    hola buenos dias buenas yay oh ok alright understood listo lista vale bien esta copy roger deal sounds got
    get noted received saw message text opportunity shift help info information heads up letting know thinking
    asking reaching out choosing checking updating update confirming confirmation no problem worries trouble
    at all
"""
PHRASES: dict[str, str] = {
    "them": "<persons>/@name",
    "offered": "your/the/this message/text/call | it/this",
}

SMALLTALK: dict[str, str] = {
    # Answering the telephone: after a "yes" it may be all that the "yes" meant.
    "intro": "this/it is | hello hello? | it is me | here/habla/soy",
    # Refusing words that take the shift or speak of something else, and courtesies.
    "polite": """
    i? cannot refuse you/it/that | imagine me saying no | could not be me | is not it | never mind my/the/what ...
    do not give it to nobody/anyone else? | bless your heart
    no sweat/problemo/complain | no way i am passing/missing up? ...
    sorry my/the? phone/my/the/just/was/had ... | i? hope you/your/all ... | it/that is no <trouble> at? all? for? me?
    i? will/would not be late/tardy ... | mi reina/amor | my/the/same/new new? address/email/number/cell/phone is? ...
    i? am? not doing anything ... | not like i? have/had/got ... | not/never too far/early/late/bad/busy/tired/old ...
    before i change my mind | next time give ... | she/he/mrs <who>? is <very>? my/a? sweetheart/favorite/lovely ...
    i? have? nothing going/else/to ... | tell whoever/that/<them> ... | i? just saw/got/woke <offered>/up/off/home/out
    as/like always | my? badge number? <num> | i? am? <very>* glad you/that ... | sorry i? missed/did/just/was/had ...
    do not worry/bother/forget/you ... | for the third time | no se preocupe ... | regardless if/of/who/what/where ...
    you owe me ... | you know what? | my dear/friend | no me molesta ... | it? <very>* means a/so lot/much/world ...
    no tengo nada que hacer | i? <very>* do? appreciate you/it/that/the ... | no reason i? cannot/not/would/should ...
    hope it is not too late | i promise/mean/said | thank ya/you kindly | it/that? sounds <very>* <nice>/like? fun?
    you are the? best/so ... | for the? <thanks> ... | all day | call ... | hi/hey/hello/howdy/yo/hola <name>/@name?
    i? <very>? cannot/could/never not? pass/turn/say <it>? you? up/no/down ... | happy days/birthday/anniversary ...
    i? would/could/will not say no ... | i? am? not gonna? to? say/saying no ... | when i got/was ...
    i? am? calling/texting/replying back? about/for/to? it?
    never mind my last text | i? could not be happier ... | nobody/nothing/one deserves/better/does/would/else ...
    will not be a/an/any <trouble> ... | even if/though i? ... | i? <very>? cannot/will/would not? <very>? <miss> ...
    i? do not see why not | thanks a? lot/bunch | please? do not give it? to/away ...
    have a <very>* <nice>/blessed <daytime>
    i? have worked/been/had with/there/for/her/him ... | i <very>? love/like/adore/miss <them>/that/this/working ...
    no? i? do not <very>* mind at? ... | but? i/iwill will? be <very>* <nice>/rested by/at? then/thatday/@day/@time
    <name>/<courtesy>/<closer>/<nice>/<smile>/@phone | do not haveto? ask ... | much? appreciated/appreciate it?
    not going anywhere ... | thanks very? much? | no matter ... | thank you? god/goodness/jesus/the? lord? | love you?
    thanks/anything/sorry for ... | no <trouble> at? all? for? me? | be? blessed | i? was hoping for/something ...
    thank you for ... | i? saw/got/received <offered> | good luck ... | before it is gone/taken/filled | finally a ...
    i? do not have a? thing/anything/class/school/nothing else? <mod>? to? do? <mod>* | it/that is? <very>* <nice>/it
    gracias por ... | rain/snow or shine/rain | when you can/get/have ... | good <daytime> <name>/@name? | buenos dias
    thank you so? very? much? | i know that/<them> ... | praise god/the/him | god bless you/yall/everyone? | take care
    a thousand/hundred times | as i? have? said | muchas gracias | buenas tardes? | before someone else grabs it
    salamat po? | mesi anpil? | por favor | @name here | my/rn? license is ... | no tengo nada <mod>* | keep me posted
    excuse/forgive/pardon/bear/with/help me please
    you again | as well | lets see @day/@time | about it | en punto | i? can/will confirm | love working ... | my? bad
    how are you ... | my/the? @day/schedule is? <very>* open/free/clear/good | by god ...
    """,
    # Reasons for being available; being free is not yet a promise to come.
    "free": """
    @time? @day/@time is <nice>/grand | <relative> can/will/is gonna? watch/keep/take/get/babysit ...
    <kinmy> is/are/will off/home/out/at/with/in/watch/be ... | i? am? <very>* interested in <taking>? <it> <mod>*
    i? am? <very>* off/free/available/open all? day? for? on? thatday/@day/it/then/@time? <mod>* | <kinmy> starts ...
    i? live/am <num> min/minutes/blocks ... | i? have it/thatday/@day/the off | doctor says/cleared i? am? good/me ...
    i? live/am close/right/by/only ... | i? just? talked/checked to/with my/the ... | i? was <very>* gonna to? say no
    i? was thinking of/about saying no | i? was all? set to say no | i? almost/nearly/just said no
    i? was <very>* gonna call for/to/you ... | i? have? been praying/waiting/dying for/to/on ...
    i? <very>* need/needed this/it | i? know <very>* where/that/the/her/him/them ... | is? like? <num> min from/to ...
    my <vehicle> is <very>* fixed/out ... | i? was off/driving/gonna/at/in/on ... | it is close/only/just/like ...
    i? <very>* need/needed/could/can/needing use? the/some/a? day? shift/<hours> ... | i? am trying to work <mod>*
    my <body> is <very>* much? better ... | i? was not planning/gonna/doing ...
    my/the? other? case/<event> got/was/is/has? cancelled/canceled/moved/rained/over ...
    """,
    # "I have your text": beside a bare yes it makes it the answer to "did you get it?".
    "receipt": """
    i? <very>? got/saw/received your/the message/text | i? have? got it | noted/received
    i? <very>? got/received/saw/see it/them
    yes i know ... | i have it | go ahead
    """,
    # "I have read it", which is not "I will".
    "ack": """
    good deal
    i? got you | ok/alright/understood/listo/lista/fine/good/vale/bien | sounds good/great/fine | that is fine
    esta bien | copy that? | roger
    """,
    # Which shift is meant: its own day, hours or code.
    "offer": """
    to do/take it | for you | in the morning | number/offer/code/option/# @code | este/na/li
    ese/este/el/para/por/al/pou turno/dia/ese/el/it/@day/@code/@time
    for/on/to/at/from/this/of/with/el/para/del/sa/nan/the/in? the? <soon>
    for/on/to/at/from/this/of/with/el/para/del/sa/nan/the/in? the? it/that/this/one/@day/@time/thatday/@code/shift
    """,
    # Questions that only somebody who comes will ask.
    "logistics": """
    do? you? want/need me to <bring> ... | which/what door/entrance do/is? i? ...
    lmk/let me? know? where/which/what ... | me? manda/mandas/manden la/el? direccion/codigo ...
    mandeme/mandame la direccion ...
    can/will/would? you? please? just? <sendme> me? the/her/his/their/an? <facts> ... | do i haveto <bring>/my/a ...
    please <sendme> ... | what is the/her/his/their? <facts> ... | who is the <person> i am relieving/replacing ...
    who do i report/call ... | is/are there? a? parking/key/lockbox/dog ... | i? need only the? <facts>
    any parking/pets ...
    """,
    # Offers of more, and ways to be reached, after the answer.
    "extra": """
    let me know when/the ... | lmkif ... | if the family/patient/client ... | if you see/talk/speak/hear/run ...
    call/message/ask me? at/on/if/with/about ... | if you need/have/get/got more/me/<anything> ...
    and/also? @day too/also ... | and? if you have @day ... | and? also <put> me in/down? for @day ...
    can/could you also <put> me in/down? for @day ... | and also yes to @day ... | also yes to the? @day ...
    no haveto call/ask/keep ... | if <anything> ... | if there is ... | do not call me ...
    please? stop/quit blowing/sending/texting/calling/begging/asking me? ...
    """,
    "but": "but/though/pero/unfortunately | sorry but",
    # An apology without a reason hangs over a bare yes.
    "sorry": "emojisad | i? am? <very>* sorry | lo siento",
    "and": "and/y/e",
    "so": "so/because/since/porque",
}
