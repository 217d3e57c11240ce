"""The phrases that take a shift, in English. Only wording."""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
    i? will/iwill comply | i? <will> report for duty/work/it <mod>* | i? <will> report on/at/to? @day/@time <mod>*
    it/that is mine <mod>* | i? <very>* <will> come to work <mod>* | i? do/would not mind <taking> <it> <mod>*
    i am all? yours <mod>* | <very>* down <mod>* | go ahead with me/my name? | consider me in/there/booked/done <mod>*
    i? confirm my availability | i? <will> make/swing it/this/that work/happen? <mod>* | <put> my name for/on/to <it>
    i <come> @day/thatday | i? have? accepted/confirmed <it>? <mod>* | i? <very>* <will> <very>* <take> <it> <mod>*
    i <very>* <will> <very>* <take> <mod>* | i come work | happy/glad/willing/able/available to <take> <it>? <mod>*
    i? <very>* <will> <very>* be there/present/available/in <mod>* | i? <will>? see you/u/yall/ya on? @day <mod>*
    yes i? am? <very>* interested in <taking>? <it> <mod>* | fine/good by/with me | can do <mod>*
    i? <very>* accept/confirm <it>? <mod>* | <go>* <put> your/this/ya/ur <person> down/on/in for? <it>? <mod>*
    will/iwill/can/gonna take/work/cover/accept <mod>* | i am <very>* down/up/game/good/ready/in for/with <it> <mod>*
    i? see you/u/yall/ya at? @time <mod>* | i? <very>* <will> <very>* <come> in/over/out/along/through? <mod>*
    i? <will> pull/slide/come/roll through/up/thru <mod>* | i am <very>* in/there on/for? @day/@time/thatday/it <mod>*
    i? <very>* <will> <very>* <get> <it> <mod>* | i? <very>* <will> <very>* help you/yall? out? <mod>*
    i? have? got you/yall for/on? it/@day/then | i? have? got you/yall covered <mod>* | i? <will> fill/step in <mod>*
    i? <very>* <will> <very>* be working/taking/covering/accepting/doing/coming/going it? <mod>* | i? have? got @day
    count on/with me <mod>* | i am all over it | <go>* give me <it> <mod>* | consider it/this a/my yes/acceptance
    see you/u/yall/ya then/there <mod>* | i <very>* take/accept/cover/grab/claim/want/need/confirm/call <it> <mod>*
    i <very>* do it/that/this <mod>* | let me <take>/<get> <it> <mod>* | i am accepting/confirming/accept/agree <mod>*
    i? am? <very>* <taking> <it> <mod>* | taking/accepting/confirming <mod>* | i will/would? haveto? say yes <mod>*
    i agree <mod>* | down/up for <it> <mod>* | <go>* <put> my? <name>? name? me? down/in/on/up for/on/to? <it>? <mod>*
    i am <very>* down/up/good/ready to work/go/take/do/cover <it>? <mod>* | i am <very>* good for @day/thatday | mine
    i am <very>* coming in? <mod>* | <go>* <put> me down? as? a? yes/available/in | it/that is a? <solid>* yes <mod>*
    i am your/ur/the <person> <mod>* | i? have? got it/this/that/@day covered/handled | <go>* assign me <it>? <mod>*
    <go>* <put> my name <mod>* | i would <very>* love/like/appreciate <it> <mod>* | you/yall can count on me <mod>*
    you are covered <mod>* | <go>* assign/give/hand/toss/throw/reserve/save/schedule it/that/this to/for me <mod>*
    it/that/this works/work <very>* great/perfect/perfectly/fine/beautifully | sure will/can/would <mod>* | lock it in
    <go>* book/confirm/use/pick/choose me in? for? <it>? <mod>* | i? <will>? gladly/happily <take> <it>? <mod>*
    <go>* <put> me/us down/in/up/on/through? for/on/to/as? a? <it>? <mod>* | <go>* assign/give to me | a? yes from me
    give it here | consider it/this done/covered/filled/handled/taken/accepted <mod>* | @day/@time works/work
    i call dibs on? it? | book it | gimme it? <mod>* | me please | my name is on it | take/grab/want @code
    dibs on? it? | emojihand me | it is a yes <mod>* | happy/glad to help/come/take/do/be out? it/there? <mod>* | sold
    <it>* is? fine/good/great/perfect/ok/suitable/convenient by/with/for me <mod>* | lets go ahead and do it/that/this
    my/the? answer to? your/the/that/it? question? is yes/affirmative | yes is my answer | i? <will> be on time <mod>*
    told you yes | i already? said yes | it/that/this/@day/@time <works> <very>* well? with/for my schedule
    it/that/this/thatday/@day/@time? <works> <very>* great/perfect/fine/well/good? for? me <very>* fine? <mod>*
    that/this works | lets get it | lets do it | lets do this/that | please do | yes to/for @day/@time <mod>*
    i? be there <mod>*
    """,
    # True of somebody who comes, and also of somebody at another client's door: nothing unforeseen may follow.
    "able": """
    i am <very>* in <mod>* | i am there <mod>* | i? am? on it <mod>* | i am 100 % in | i take/go/come/do/accept <mod>*
    i? am? on my way <mod>* | i am <very>* down <mod>* | i? <very>* <will> <mod>* | i am <very>* game <mod>*
    i? would/will? be <very>* honored/happy/glad/delighted/thrilled/tickled <mod>* | works <nice>? | i am <mod>*
    """,
    # Words that accept only as the answer to a question.
    "yes": """
    definitely/absolutely/yes i? am? interested | <yesword> | <yesword> <name> | yes i? am? <very>* interested | 100 %
    oh/ok/hell/heck/fuck/ah/well/ugh/mm/aw/why? yes/yeah/sure/certainly/absolutely | that/it would be <nice> | ok game
    go on then | for sure | of course <name>? | no doubt | sure thing <name>? | yes indeed/indeedy | you have? got it
    you? bet/betcha | my pleasure | why not | say less | in a heartbeat | say no more | very much so | yes please
    lets go | orale va?
    """,
}
