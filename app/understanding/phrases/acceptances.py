"""The phrases that take a shift, in English. Only wording."""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
    that would work | it would be my/a/an pleasure/honor ... | it/that is all? mine <mod>* | i am all? yours <mod>*
    <very>* down <mod>* | go ahead with me/my name? | i? can/will be of help <mod>* | i? confirm my availability
    i <come> work? @day/thatday | i? do/would not mind <taking> <it> <mod>* | i come work
    <put> my name for/on/to <it> | yes i? am? <very>* interested in <taking>? <it> <mod>*
    i? can/will start/be ready at? @time | i? am? calling/texting/writing/replying back? to say yes
    consider me in/there/booked/done <mod>* | me me me? | fine/good by/with me | can do <mod>*
    will/iwill/can/gonna take/work/cover/accept <mod>* | happy/glad/willing/able/available to <take> <it>? <mod>*
    i? <very>* <will> <very>* <take> <it> <mod>* | i <very>* <will> <very>* <take> <mod>*
    i? <very>* <will> <very>* <get> <it> <mod>* | i? <very>* <will> <very>* be there/present/available/in <mod>*
    i? <will> be your/the <person> <mod>*
    i? <very>* <will> <very>* be working/taking/covering/accepting/doing/coming/going it? <mod>*
    i? <very>* <will> <very>* <come> in/over/out/along/through? there? <mod>* | i? <very>* <will> come to work <mod>*
    i? <very>* <will> <very>* help you/yall? out? <mod>* | i? <will> make/swing it/this/that work/happen? <mod>*
    i? <will> show up <mod>* | i? <will> fill/step in <mod>* | i? <will> pull/slide/come/roll through/up/thru <mod>*
    i? <will> see you/u/yall/ya then/there <mod>* | i? <will>? see you/u/yall/ya at? @time <mod>*
    i? <will>? see you/u/yall/ya on? @day <mod>* | see you/u/yall/ya then/there <mod>*
    i <very>* take/accept/cover/grab/claim/want/need/confirm/call <it> <mod>* | i <very>* do it/that/this <mod>*
    i? am? <very>* <taking> <it> <mod>* | taking/accepting/confirming <mod>* | i? <very>* accept/confirm <it>? <mod>*
    i agree <mod>* | i? have? accepted/confirmed <it>? <mod>* | take/grab/want #? @code
    i am <very>* down/up/game/good/ready/in for/with <it> <mod>* | down/up for <it> <mod>*
    i am <very>* down/up/good/ready to work/go/take/do/cover <it>? <mod>* | i am <very>* good for @day/thatday
    i am all over it | i am <very>* coming in? <mod>* | i am your/ur/the <person> <mod>*
    i am available and will/can/want/would <take>? <it>? | i would <very>* love/like/appreciate <it> <mod>*
    i? have? got @day | i? have? got it/this/that/@day covered/handled | i have got it
    i? have? got you/yall covered <mod>* | i? have? got you/yall for/on? it/@day/then | you are covered <mod>*
    count on me <mod>* | you/yall can count on me <mod>*
    <go>* <put> me/us down/in/up/on/through? for/on/to/as? a? <it>? <mod>*
    <go>* <put> me/us down/in/up/on/to? the? schedule/calendar/books/roster/list/slot <mod>*
    <go>* <put> my? <name>? name? me? down/in/on/up for/on/to? <it>? <mod>*
    <go>* <put> me down? as? a? yes/available/in | <go>* put your/this/ya <person> down for? <it>? <mod>*
    put it on/in/under my/me name/schedule/calendar? <mod>*
    <go>* assign/give/hand/toss/throw/reserve/save/schedule it/that/this to/for me <mod>* | <go>* give me <it> <mod>*
    <go>* assign/give to me | <go>* assign me <it>? <mod>*
    <go>* book/confirm/use/pick/choose me in? for? <it>? <mod>* | book it | gimme it? <mod>* | lock it in
    <go>* let me <take>/<get> <it> <mod>* | me please
    consider it/this done/covered/filled/handled/taken/accepted <mod>* | consider it/this a/my yes/acceptance
    my name is on it | i am <very>* in/there on/for? @day/@time/thatday/it <mod>* | mine | dibs on? it?
    i call dibs on? it? | emojihand me | it is a yes <mod>* | a? <solid>* yes from me
    it/that is a? <solid>* yes <mod>* | my/the? answer to? your/the/that/it? question? is yes/affirmative
    yes is my answer | i will/would? haveto? say yes <mod>* | told you yes | i already? said yes
    it/that/this/thatday/@day/@time? <works> <very>* great/perfect/fine/well/good? for? me <very>* fine? <mod>*
    it/that/this/@day/@time <works> <very>* well? with/for my schedule | that/this works
    it/that/this works/work <very>* great/perfect/perfectly/fine/beautifully | @day/@time works/work
    it/that/this/@day/thatday is? fine/good/great/perfect/ok by/with/for me | lets do it | lets do this/that
    please do | lets go ahead and do it/that/this | lets get it
    i? am? calling/texting/writing/replying back? to accept/confirm/take <it>? <mod>*
    happy/glad to help/come/take/do/be out? it/there? <mod>* | i? <will>? gladly/happily <take> <it>? <mod>*
    be there <mod>* | sure will/can/would <mod>* | i am agree to take it | yes to/for @day/@time <mod>*
    """,
    # True of somebody who comes, and also of somebody at another client's door: nothing unforeseen may follow.
    "able": """
    i am <very>* in <mod>* | i am there <mod>* | i? am? on it <mod>* | i? am? on my way <mod>*
    i am <very>* down <mod>* | i? <very>* <will> <mod>* | i am <very>* game <mod>*
    i? would/will be <very>* honored/happy/glad/delighted/thrilled/tickled <mod>* | i am <very>* good to go <mod>*
    i am ready <mod>* | i am <mod>* | i am 100 % in
    """,
    # Words that accept only as the answer to a question.
    "yes": """
    definitely/absolutely/yes i? am? interested | <yesword> | <yesword> <name>
    oh/ok/hell/heck/fuck/ah/well/ugh/mm/aw/why? yes/yeah/sure | go on then | for sure | of course <name>?
    most definitely | without a doubt | no doubt | you bet | by all means | 100 % | my pleasure | sure thing <name>?
    yes indeed/indeedy | why not | say less | say no more | yes please | with pleasure | in a heartbeat | lets go
    yes i? am? <very>* interested | very much so | that/it would be <nice>
    """,
}
