"""The phrases that take a shift, in English. Only wording."""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
    i? will/iwill comply | i? <will> report for duty/work/it <mod>* | be? happy/glad to work with her/him/them <mod>*
    i? <will> report on/at/to? @day/@time <mod>* | it/that is all? mine <mod>* | i? <very>* <will> come to work <mod>*
    i am all? yours <mod>* | <very>* down <mod>* | go ahead with me/my name? | consider me in/there/booked/done <mod>*
    i? can/will be of help <mod>* | i? confirm my availability | i? <will> make/swing it/this/that work/happen? <mod>*
    i <come> work? @day/thatday | i? do/would not mind <taking> <it> <mod>* | i? have? accepted/confirmed <it>? <mod>*
    i <very>* <will> <very>* <take> <mod>* | i come work | <put> my name for/on/to <it>
    i? <very>* <will> <very>* be there/present/available/in <mod>*
    yes i? am? <very>* interested in <taking>? <it> <mod>* | me me me? | fine/good by/with me
    i? <very>* accept/confirm <it>? <mod>* | can do <mod>* | will/iwill/can/gonna take/work/cover/accept <mod>*
    i? <will>? see you/u/yall/ya at? @time <mod>* | happy/glad/willing/able/available to <take> <it>? <mod>*
    i? <will> pull/slide/come/roll through/up/thru <mod>* | i? <very>* <will> <very>* <take> <it> <mod>*
    <go>* <put> your/this/ya/ur <person> down/on/in for? <it>? <mod>*
    i am <very>* down/up/game/good/ready/in for/with <it> <mod>* | i? <will>? see you/u/yall/ya on? @day <mod>*
    i? <very>* <will> <very>* <get> <it> <mod>* | i am <very>* in/there on/for? @day/@time/thatday/it <mod>*
    i? <very>* <will> <very>* help you/yall? out? <mod>* | i? have? got you/yall for/on? it/@day/then
    i? <very>* <will> <very>* be working/taking/covering/accepting/doing/coming/going it? <mod>*
    count on/with me <mod>* | i? have? got @day
    i? <very>* <will> <very>* <come> in/over/out/along/through? there? <mod>* | i am all over it
    i? <will> fill/step in <mod>* | i am available and will/can/want/would <take>? <it>? | <go>* give me <it> <mod>*
    see you/u/yall/ya then/there <mod>* | i <very>* take/accept/cover/grab/claim/want/need/confirm/call <it> <mod>*
    i? have? got you/yall covered <mod>* | i <very>* do it/that/this <mod>* | <go>* let me <take>/<get> <it> <mod>*
    i? am? <very>* <taking> <it> <mod>* | taking/accepting/confirming <mod>*
    i am accepting/confirming/accept/agree <mod>* | consider it/this a/my yes/acceptance | i agree <mod>*
    down/up for <it> <mod>* | <go>* <put> my? <name>? name? me? down/in/on/up for/on/to? <it>? <mod>*
    i am <very>* down/up/good/ready to work/go/take/do/cover <it>? <mod>* | i will/would? haveto? say yes <mod>*
    i am <very>* good for @day/thatday | i am <very>* coming in? <mod>* | <go>* <put> me down? as? a? yes/available/in
    i am your/ur/the <person> <mod>* | i? have? got it/this/that/@day covered/handled | <go>* assign me <it>? <mod>*
    <go>* <put> my name <mod>* | i would <very>* love/like/appreciate <it> <mod>* | you are covered <mod>*
    it/that is a? <solid>* yes <mod>* | you/yall can count on me <mod>*
    it/that/this works/work <very>* great/perfect/perfectly/fine/beautifully | mine
    <go>* book/confirm/use/pick/choose me in? for? <it>? <mod>* | i? <will>? gladly/happily <take> <it>? <mod>*
    <go>* <put> me/us down/in/up/on/through? for/on/to/as? a? <it>? <mod>* | sure will/can/would <mod>* | give it here
    <go>* assign/give to me | consider it/this done/covered/filled/handled/taken/accepted <mod>*
    a? <solid>* yes from me | i call dibs on? it?
    <go>* assign/give/hand/toss/throw/reserve/save/schedule it/that/this to/for me <mod>* | @day/@time works/work
    book it | gimme it? <mod>* | lock it in | me please | my name is on it | dibs on? it? | emojihand me
    it is a yes <mod>* | <it>* is? fine/good/great/perfect/ok/suitable/convenient by/with/for me <mod>*
    happy/glad to help/come/take/do/be out? it/there? <mod>*
    my/the? answer to? your/the/that/it? question? is yes/affirmative | yes is my answer | take/grab/want #? @code
    told you yes | i already? said yes | it/that/this/@day/@time <works> <very>* well? with/for my schedule
    it/that/this/thatday/@day/@time? <works> <very>* great/perfect/fine/well/good? for? me <very>* fine? <mod>*
    that/this works | lets get it | el? @day estoy ahi/alla/alli | sold | <go>* arrange for me | lets do it
    lets do this/that | please do | lets go ahead and do it/that/this | yes to/for @day/@time <mod>*
    i am agree to take it | i? be there <mod>* | i? <will> be on time <mod>*
    """,
    # True of somebody who comes, and also of somebody at another client's door: nothing unforeseen may follow.
    "able": """
    i am <very>* in <mod>* | i am there <mod>* | i? am? on it <mod>* | i am 100 % in | i? am? on my way <mod>*
    i am <very>* down <mod>* | i? <very>* <will> <mod>* | ready/willing to work <mod>* | i am <very>* game <mod>*
    i? would/will? be <very>* honored/happy/glad/delighted/thrilled/tickled <mod>* | i take/go/come/do/accept <mod>*
    i am <mod>* | works <nice>?
    """,
    # Words that accept only as the answer to a question.
    "yes": """
    definitely/absolutely/yes i? am? interested | <yesword> | <yesword> <name> | yes i? am? <very>* interested | 100 %
    oh/ok/hell/heck/fuck/ah/well/ugh/mm/aw/why? yes/yeah/sure/certainly/absolutely | that/it would be <nice> | ok game
    go on then | for sure | of course <name>? | no doubt | sure thing <name>? | you? bet/betcha | my pleasure
    yes indeed/indeedy | why not | say less | in a heartbeat | say no more | yes please | lets go | very much so
    orale va? | you have? got it
    """,
}
