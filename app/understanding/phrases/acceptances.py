"""The phrases that take a shift, in English. Only wording."""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
    i? will/iwill comply | i? <will> report for duty/work/it <mod>* | i would <very>* love/like/appreciate <it> <mod>*
    i? <will> report on/at/to? @day/@time <mod>* | it/that is mine <mod>* | i? have? got you/yall for/on? it/@day/then
    i? <very>* <will> come to work <mod>* | i <very>* take/accept/cover/grab/claim/want/need/confirm/call <it> <mod>*
    i? do/would not mind <taking> <it> <mod>* | i am all? yours <mod>* | i am accepting/confirming/accept/agree <mod>*
    <very>* down <mod>* | go ahead with me/my name? | i? <very>* <will> <very>* be there/present/available/in <mod>*
    consider me in/there/booked/done <mod>* | i? confirm my availability | i? have? accepted/confirmed <it>? <mod>*
    i? <will> make/swing it/this/that work/happen? <mod>* | i am <very>* in/there on/for? @day/@time/thatday/it <mod>*
    <put> my name for/on/to <it> | i <come> @day/thatday | <go>* book/confirm/use/pick/choose me in? for? <it>? <mod>*
    i? <very>* <will> <very>* <take>/<get> <it> <mod>* | i am <very>* down/up/game/good/ready/in for/with <it> <mod>*
    i <very>* <will> <very>* <take> <mod>* | i come work | happy/glad/willing/able/available to <take> <it>? <mod>*
    i? <will>? see you/u/yall/ya on? @day <mod>* | i? <very>* <will> <very>* <come> in/over/out/along/through? <mod>*
    yes i? am? <very>* interested in <taking>? <it> <mod>* | fine/good by/with me | taking/accepting/confirming <mod>*
    can do <mod>* | i? <very>* accept/confirm <it>? <mod>* | happy/glad to help/come/take/do/be out? it/there? <mod>*
    <go>* <put> your/this/ya/ur <person> down/on/in for? <it>? <mod>* | i? have? got it/this/that/@day covered/handled
    will/iwill/can/gonna take/work/cover/accept <mod>* | i? <will> pull/slide/come/roll through/up/thru <mod>*
    i? see you/u/yall/ya at? @time <mod>* | it/that/this works/work <very>* great/perfect/perfectly/fine/beautifully
    i? <very>* <will> <very>* help you/yall? out? <mod>* | i? <will>? gladly/happily <take> <it>? <mod>* | lock it in
    i? have? got you/yall covered <mod>* | i? <will> fill/step in <mod>* | consider it/this a/my yes/acceptance
    i? <very>* <will> <very>* be working/taking/covering/accepting/doing/coming/going it? <mod>* | i call dibs on? it?
    i? have? got @day | count on/with me <mod>* | i am all over it | <go>* <put> me down? as? a? yes/available/in
    <go>* give me <it> <mod>* | see you/u/yall/ya then/there <mod>* | i will/would? haveto? say yes <mod>* | mine/sold
    i <very>* do it/that/this <mod>* | let me <take>/<get> <it> <mod>* | i? am? <very>* <taking> <it> <mod>* | book it
    i agree <mod>* | down/up for <it> <mod>* | <go>* <put> my? <name>? name? me? down/in/on/up for/on/to? <it>? <mod>*
    i am <very>* down/up/good/ready to work/go/take/do/cover <it>? <mod>* | i am <very>* good for @day/thatday
    i am <very>* coming in? <mod>* | it/that is a? <solid>* yes <mod>* | lets go ahead and do it/that/this | me please
    i am your/ur/the <person> <mod>* | <go>* assign me <it>? <mod>* | you/yall can count on me <mod>* | a? yes from me
    <go>* <put> my name <mod>* | you are covered <mod>* | yes to/for @day/@time <mod>* | i? <will> be on time <mod>*
    <go>* assign/give/hand/toss/throw/reserve/save/schedule it/that/this to/for me <mod>* | sure will/can/would <mod>*
    <go>* <put> me/us down/in/up/on/through? for/on/to/as? a? <it>? <mod>* | <go>* assign/give to me | that/this works
    give it here | <it>* is? fine/good/great/perfect/ok/suitable/convenient by/with/for me <mod>* | it is a yes <mod>*
    consider it/this done/covered/filled/handled/taken/accepted <mod>* | @day/@time works/work | take/grab/want @code
    gimme it? <mod>* | my name is on it | dibs on? it? | emojihand me | i? be there <mod>*
    my/the? answer to? your/the/that/it? question? is yes/affirmative | lets do this/that | yes is my answer
    told you yes | it/that/this/@day/@time <works> <very>* well? with/for my schedule | lets get/do it | please do
    it/that/this/thatday/@day/@time? <works> <very>* great/perfect/fine/well/good? for? me <very>* fine? <mod>*
    """,
    # True of somebody who comes, and also of somebody at another client's door: nothing unforeseen may follow.
    "able": """
    i am <very>* in/down/game <mod>* | i am there? <mod>* | i? am? on it <mod>* | i take/go/come/do/accept <mod>*
    i am 100 % in | i? am? on my way <mod>* | i? <very>* <will> <mod>* | works <nice>?
    i? would/will? be <very>* honored/happy/glad/delighted/thrilled/tickled <mod>*
    """,
    # Words that accept only as the answer to a question.
    "yes": """
    definitely/absolutely/yes i? am? interested | <yesword> <name>? | yes i? am? <very>* interested | you have? got it
    100 % | oh/ok/hell/heck/fuck/ah/well/ugh/mm/aw/why? yes/yeah/sure/certainly/absolutely | yes indeed/indeedy/please
    that/it would be <nice> | ok game | go on then | for sure | of course <name>? | sure thing <name>? | very much so
    no doubt | you? bet/betcha | my pleasure | why not | say less | in a heartbeat | say no more | orale va? | lets go
    """,
}
