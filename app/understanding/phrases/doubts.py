"""The words that make an answer doubtful: conditions, hedges, counter-offers, other people, questions."""

WORDS = """
    he: he she they ella; says: says say said told wants asked will can cannot could does did would might haveto dice;
    colleague: manager coworker friend roommate neighbor;
    steering: ignore system instruction instructions prompt assistant classify classifier intent confidence override
      json output print admin administrator developer debug sudo script select http https www pretend disregard status
      label ai bot chatgpt gpt model function api html onerror alert img true false null undefined nan testing
      simulate command user rm;
    iffy: barring if unless provided providing depends depending depend dependent assuming contingent otherwise except
      excluding swap trade exchange pending supposing once whenever si excepto mientras depende sino kung kapag pag
      sof;
    limit: only without instead rather switch when suppose whichever minus promise first terms desperate stuck solo
      cuando nomas lang selman;
    portion: half part split noon starting till until til later earlier sooner medio hasta hanggang;
    otherday: january february april june july august september october november december christmas thanksgiving
      easter halloween yesterday weekend weekends weekday weekdays everyday days both manana;
    maybe: maybe probably possibly possible perhaps likely prob hopefully presumably perchance potentially;
    doubting: theoretically guess might unsure pending leaning considering consider debating undecided deciding
      decision dunno idk doubt doubtful iffy sketchy emojidoubt hmm hm ponder tempted tbd tba mull pencil penciled
      penciling tentative tentatively tentativly quizas quiza talvez creo pienso posiblemente probablemente dejame
      dejeme aviso avisar avisare trato tratare intentare supongo baka siguro titingnan tignan tingnan ewan petet;
    unsure: either or think hope hoping should could would may try trying supposed check checking wait waiting hold
      decided decide kinda almost yet soon seems planning ask asking interested interesting pray believe reckon deja;
    work: vitals batteries battery chart charting notes meds pills bp timesheet clock clocked paperwork gloves
      supplies visit finished fell dressing wound insulin oxygen evv patient client schedule form badge sent papers
      signed faxed mailed aide mr mrs;
    asking: what where who why how which does did details question questions repeat pardon cuanto donde quien como
      cual todavia magkano saan paano konbyen ki kote eske;
"""
PHRASES: dict[str, str] = {
    "relative": "<kinmy> | my/our <colleague> | her/his/their <kin>",
    "who": "her/him/them/@name",
}

# Each label is one kind of doubt.
DOUBTS: dict[str, str] = {
    # Words that try to steer a program, or come from one.
    "tamper": """
    <steering> | every/all the? open? shift/shifts | drop table | you are now | forget previous/all/your/everything
    the? caregiver/nurse accepted/has | all of it | olvida/ignora lo/todo anterior
    say/answer/output accept/decline/unknown
    """,
    # Somebody else speaks, or is spoken for.
    "third": """
    <he> <says> | <relative> <says>/want/take | she/he/@name is not ... | mi <kin> dice/dijo/puede/va/no/quiere ...
    @name will/can/wants/could/would not? | we will/can take/do/cover/be it? | is what <who>/<relative> told/said ...
    ask/call/book/text <who>/my ... | put/book/sign/count <who> down/in/up/for | tell/told <who>/everyone yes/no
    give/assign/offer it to <who> | for my/a <kin>/<colleague> | on behalf | this is his/her/their ... | according to
    says <relative>/@name | <relative> can/will/is gonna? take/do/cover <it> ...
    you/yall will/can/could/should/may? do/have/take/get/cover it ... | asked/told/wants me to
    no one | nobody | none of | so can/will/does/would/is <relative>/she/he/@name | i am his/her/their ...
    go ahead? and? take/do/get it | asawa ko/nya/niya ... | it will be there | habla/soy su
    """,
    # Others are mentioned.
    "they": "i was supposed to ... | she/he/they/her/him/his/them/we/our/says/said/told/<kin>/<relative>",
    # Words that take back all that was said, or were meant for somebody else.
    "retract": """
    over my dead body | when pigs ... | just? kidding/joking/playing | in a perfect/another/different/ideal world/life
    jk/psych/sike/nvm/nevermind | scratch/strike that | i wish | changed? my mind | good luck with that | i mean mine
    on second thought | cancel it/that | as if | sure jan | or not | wrong text/chat/thread/conversation/group/person
    i? never said | in my/your dreams | hell freezes ... | yeah/yes right | queen of england | please confirm
    cancelar/anular/rechazar/cancelarlo/anularlo ...
    meant for/to my/someone/somebody/a/the/another/her/him/@name | never mind | not really
    """,
    # Other things than a shift are accepted, taken and confirmed.
    "idiom": """
    i? am? confirming i? have/receipt/received/that ...
    i? am? confirming my attendance at the in/training/meeting ...
    good luck with it/that ... | because i love/like working ... | i confirm that i have ... | just/finally got my ...
    finally a/an/somebody/someone ... | call me about ...
    i accept that you/we/they/the/she/he ... | i am down with/to/here ... | accept my/our/your/his/her/their/the ...
    sure hope/wish/is/was/are/does/did ... | mine is/are/was ... | i? cannot lift/find/reach/get her/him/them/the ...
    deal with/breaker ... | i? already took care of ... | make a/an/the/her/him ... | i can see/hear/tell/find ...
    i am on it with ... | get back ... | i am in a/the/my/her/his/with/an/pain/bed/training/at/meetings/line ...
    <come> back/by/through/her/him/them/with/me ... | i will see/check/call/text/tell/ask/send/fix/write/get/give ...
    i will be late ... | i am there now/with | i did | i am <coming> with/to/on/for/in/from/by ...
    i? am? on my way home/to/from ... | <take> out/my/her/his/him/the ... | i will work on ...
    """,
    "cond": """
    only/one problem/thing/issue/catch/concern/condition is ... | i? would haveto be/go/leave/come/bring/find ...
    siempre y? cuando ... | after my/the <event> | add small/something/money/more/extra ...
    running about/behind ... | bringing my/him/her/them
    mornings/evenings/afternoons/days/nights/weekends only
    my availability ... | <iffy>/standby/backup | as/so? long as | in case | i? haveto leave/start/pick/drop/bring ...
    just not | as soon as | just for? the/a/@day/@time ... | get/find/pay/buy/lend me a/an/some/more/another/my ...
    an hour late | with an/the extra/hour/bonus | last resort | back up | but/then i? need/want/expect/require ...
    stand/leave/out/off/done/home/finish by | bring my/the <kin>/dog/cat | when i get/can/know/hear/talk/find ...
    if somebody/someone else can ... | need a ride/lift | leave early/at | be a? little? late | running late
    when you/my/they/the ... | can/could i ...
    we can/will talk | need the/an? ok/okay/approval/permission from/of ... | nada mas | si mwen/m
    """,
    # Part of the shift only.
    "partial": """
    <portion>/@vague | the? whole/entire/full thing/shift/time | some of | <num> hours/hour/minutes/min | one/an hour
    after lunch/dinner/noon/school/church | despues/antes de | first/last half/part/two/three/four/couple/few/hour
    the <part> part? | start after/at | a few
    mas tarde | up to | de la? noche/tarde
    """,
    # Another day or another shift.
    "other": """
    <otherday> | other/another/different/next/following day/days/shift/one/case/date/week/weekend/month
    every/any day | one/two of | any other | otro/otra dia/turno/fecha/vez/@day
    """,
    "money": "<money>/double/$/% | time and a half | an/per hour | la hora",
    # Weaker doubts.
    "unsure": """
    <unsure>/<limit> | for now | find out | at the moment | call me | approve/approved/approval ... | kind/sort of
    talk to | to see | can i call | who else
    """,
    "hedge": """
    <doubting> | <maybe> not? | i think/guess/hope/believe/suppose
    haveto see/ask/check/talk/find/look/think/know/hear
    not <very>* <unknown> | pretty sure | do not count on it ... | fingers crossed | te/le/les aviso/digo/confirmo
    get/call/text/hit you? back | god/lord willing/permits/permitting | in theory | do not have a/any? clue/idea
    cannot say/tell/promise/remember/think/make/right ... | do? not know | i? do not have my schedule/calendar/planner
    see if/what/about/how | let me | give me <num>/a/some/until | i? will? see | hindi/di pa? sigurado/sure | if i can
    a soft | <num> percent/% <unknown> | not 100 % | let you know | i? will? let you know | no se/idea/clue
    no estoy segura/seguro | a lo mejor | haveto make sure
    puede ser/que | mwen/m pa konnen/si | who knows | mwen/m pa konprann ... | hindi/di ko pa? alam | tal vez
    not saying no/yes | who is this ... | want to bet | yes though
    tengo que ver/revisar/preguntar/checar/hablar/pensar
    """,
    "question": """
    can/could/would somebody/someone/anybody | <asking> | do you/i/they | still open/available/need/there | more info
    can/could/will/would you | can/may/should/am i | want to? know | has it/anyone/this/that | tell/send/text/give me
    was it/that/this | are/have you/they | is it/this/that/there/the/she/he/@code/@name/someone | when do/does/is/will
    would it | anything else | a/por que | pwede ba | que turno/direccion/es
    """,
    # What a "yes" of somebody at work may be about.
    "work": "<work>",
    "not": "not/never/nothing/neither/nada | do/did/does not",
}
