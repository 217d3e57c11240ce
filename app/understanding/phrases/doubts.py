"""The words that make an answer doubtful: conditions, hedges, counter-offers, other people, questions."""

WORDS = """
    he: he she they el ella siya sya li;
    says: says say said told wants want wanted asked will can cannot could does did would might may haveto dice dijo
      puede va quiere;
    colleague: manager coworker friend roommate neighbor;
    steering: ignore system instruction instructions prompt assistant classify classifier intent confidence override
      json output print admin administrator developer debug sudo script select http https www pretend disregard status
      label ai bot chatgpt gpt model function api html onerror alert img true false null undefined nan testing
      simulate command user rm;
    iffy: barring if unless provided providing depends depending depend dependent assuming contingent otherwise except
      excluding swap trade exchange pending supposing once whenever si excepto mientras depende sino kung kapag pag
      sof;
    limit: only besides without instead rather switch when suppose granted whichever minus plus promise guarantee
      first requires terms desperate stuck solo solamente cuando nomas lang selman;
    portion: half part partial partially portion split splitting share shorter noon midnight starting till until til
      later earlier sooner mitad medio media parte hasta mwatye kalahati hanggang;
    otherday: january february april june july august september october november december christmas thanksgiving
      easter halloween tomorrow tonight today yesterday weekend weekends weekday weekdays everyday days both manana
      hoy bukas ngayon demen jodi;
    maybe: maybe probably possibly possible perhaps likely prob hopefully presumably perchance potentially;
    doubting: theoretically guess might unsure pending leaning considering consider debating undecided deciding
      decision dunno idk doubt doubtful iffy sketchy emojidoubt hmm hm ponder tempted tbd tba mull pencil penciled
      penciling tentative tentatively quizas quiza talvez creo pienso posiblemente probablemente dejame dejeme aviso
      avisar avisare trato tratare intentare supongo baka siguro titingnan tignan tingnan ewan petet;
    unsure: normally either or think hope hoping should could would may try trying supposed check checking wait
      waiting hold decided decide kinda sorta almost nearly yet soon seems seem planning ask asking interested
      interesting pray believe reckon later deja deje espero espera espere podria;
    work: vitals batteries battery chart charting notes meds pills bp timesheet clock clocked paperwork gloves
      supplies visit finished fell dressing wound insulin oxygen evv patient client schedule form badge sent papers
      signed faxed mailed aide mr mrs;
    asking: what where who whose why how which does did wondering curious details question questions repeat pardon
      cuanto cuanta cuantos cuantas donde quien como cual cuales todavia aun magkano saan sino ano bakit paano konbyen
      ki kote eske poukisa;
"""
PHRASES: dict[str, str] = {
    "relative": "<kinmy> | my/our/another <colleague> | her/his/their <kin>",
    "who": "her/him/them/@name",
}

# Each label is one kind of doubt.
DOUBTS: dict[str, str] = {
    # Words that try to steer a program, or come from one.
    "tamper": """
    <steering> | every/all the? open? shift/shifts | drop table | you are now | forget previous/all/your/everything
    the? caregiver accepted | all of it
    """,
    # Somebody else speaks, or is spoken for.
    "third": """
    <he> <says> | <relative> <says>/want/take | she/he/@name is not ... | mi <kin> dice/dijo/puede/va/no/quiere ...
    @name will/can/wants/could/would not? | we will/can take/do/cover/be it? | is what <who>/<relative> told/said ...
    ask/call/book/text <who>/my ... | put/book/sign/count <who> down/in/up/for | tell/told <who>/everyone yes/no
    give/assign/offer it to <who> | for my/a <kin>/<colleague> | on behalf | this is his/her/their ... | according to
    says <relative>/@name | you/yall will/can/could/should/may? do/have/take/get/cover it ... | asked/told/wants me to
    no one | nobody | none of | so can/will/does/would/is <relative>/she/he/@name | i am his/her/their ...
    go and? take/do/get it | asawa ko/nya/niya ... | it will be there | habla/soy su
    """,
    # Others are mentioned: nothing to an answer elsewhere, a doubt about a bare yes.
    "they": "i was supposed to ... | she/he/they/her/him/his/them/we/our/says/said/told/<kin>/<relative>",
    # Words that take back all that was said, or were meant for somebody else.
    "retract": """
    over my dead body | when pigs ... | just? kidding/joking/playing | in a perfect/another/different/ideal world/life
    jk/psych/sike/nvm/nevermind | scratch/strike that | i wish | changed? my mind | good luck with that | i mean mine
    on second thought | cancel it/that | as if | sure jan | or not | wrong text/chat/thread/conversation/group/person
    i? never said | in my/your dreams | hell freezes ... | yeah/yes right | queen of england | please confirm
    meant for/to my/someone/somebody/a/the/another/her/him/@name | never mind | not really
    """,
    # Other things than a shift are accepted, taken and confirmed.
    "idiom": """
    i accept that you/we/they/the/she/he ... | i am down with/to/here ... | sure hope/wish/is/was/are/does/did ...
    mine is/are/was ... | deal with/breaker ... | make sure/up/a/an/the/her/him ... | i? already took care of ...
    i am on it with ... | accept/confirm my/our/your/his/her/their/the/new/credit/insurance/receipt ... | get back ...
    i will see/check/call/text/tell/ask/send/fix/write/get/give ... | i will be back/late/home/fine/ok/good/right ...
    i? am? on my way home/to/over/back/from ... | i am there now/with | i can see/hear/tell/feel/call/send/find ...
    <take> up/off/home/out/away/back/over/my/her/his/him/notes/lunch/the ... | i will work on ... | i did
    i? cannot lift/move/turn/find/reach/get her/him/them/mr/mrs/ms/@name/the ...
    i am <coming> with/to/home/on/back/out/through/for/in/from/by ...
    <come> back/by/home/out/see/get/pick/check/down/off/through/her/him/them/mr/mrs/ms/with/me/move/lift ...
    i am in a/the/my/her/his/with/an/pain/bed/front/route/traffic/training/at/here/meetings/there/line/love ...
    """,
    "cond": """
    only/one problem/thing/issue/catch/concern/condition is ... | i? would haveto be/go/leave/come/bring/find ...
    running about/behind ... | bringing my/him/her/them | mornings/evenings/afternoons/days/nights/weekends only
    my availability ... | <iffy>/standby/backup | as/so? long as | in case | i? haveto leave/start/pick/drop/bring ...
    just not | as soon as | just for? the/a/@day/@time ... | get/find/pay/buy/lend me a/an/some/more/another/my ...
    an hour late | with an/the extra/hour/bonus | last resort | back up | but/then i? need/want/expect/require ...
    stand/leave/out/off/done/home/finish by | bring my/the <kin>/dog/cat | when i get/can/know/hear/talk/find ...
    need a ride/lift | leave early/at | be a? little? late | running late | when you/my/they/the ... | can/could i ...
    we can/will talk | nada mas | si mwen/m
    """,
    # Part of the shift only.
    "partial": """
    <portion>/@vague | the? whole/entire/full thing/shift/time | some of | <num> hours/hour/minutes/min | one/an hour
    despues/antes de | first/last half/part/two/three/four/couple/few/hour | the <part> part? | start after/at | a few
    mas tarde | up to
    """,
    # Another day or another shift.
    "other": """
    @otherday/<otherday> | other/another/different/next/following day/days/shift/one/case/date/week/weekend/month
    every/any day | one/two of | any other | otro/otra dia/turno/fecha/vez
    """,
    "money": "<money>/double/$/% | time and a half | an/per hour | la hora",
    # A doubt in a short remark, and not in a story.
    "unsure": """
    <unsure>/<limit> | for right? now | find out | at the moment | call me | approve/approved/approval/permission ...
    talk to/talking | kind/sort of | to see | can i call | who else
    """,
    "hedge": """
    <doubting> | <maybe> not? | i think/guess/hope/believe/suppose | haveto see/ask/check/talk/find/look/think/know
    not <very>* <unknown> | pretty sure | do not count on it ... | fingers crossed | te/le/les aviso/digo/confirmo
    get/call/text/hit you? back | god/lord willing/permits/permitting | in theory | do not have a/any? clue/idea
    cannot say/tell/promise/remember/think/make/right ... | do? not know | i? do not have my schedule/calendar/planner
    see if/what/about/how | let me | give me <num>/a/some/until | i? will? see | hindi/di pa? sigurado/sure | if i can
    a soft | not 100 % | let you know | i? will? let you know | no se/idea/clue | no estoy segura/seguro | a lo mejor
    puede ser/que | mwen/m pa konnen/si | who knows | mwen/m pa konprann ... | hindi/di ko pa? alam | tal vez
    not saying no/yes | tengo que ver/revisar/preguntar/checar/hablar/pensar
    """,
    "question": """
    can/could/would somebody/someone/anybody/anyone | <asking> | do you/i/they | still open/available/need/there
    can/could/will/would you | can/could/may/should/am i | need/want/haveto to? know | has it/anyone/she/he/this/that
    was it/that/this/she/he | are/were/have you/they | is it/this/that/there/the/she/he/@code/@name/anyone/someone
    tell/send/text/give me | would it | when do/does/is/will | anything else | more info | a/por que | pwede ba
    que hora/dia/turno/paciente/zona/direccion/es/paga/pagan
    """,
    # What a "yes" of somebody at work may be about.
    "work": "<work>",
    "not": "not/never/nothing/neither/nada | do/did/does not",
}
