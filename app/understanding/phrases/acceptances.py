"""The phrases that take a shift, in English. Only wording."""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
    all set for @day/it | working it <mod>* | i? will comply | i? accept your/this/the offer <mod>*
    i? am? confirm my presence/attendance
    my pleasure to <take>/<come> <it>? <mod>* | i want <it> <mod>* | claimed/aceptado/aceptada
    i? <will> report for duty/work/it <mod>* | yes i? am? <very>* interested in <taking>? <it> <mod>*
    i would <very>* love/like/appreciate <it> <mod>* | i? <very>* <will> <very>* be there/present/available/in <mod>*
    i? <will> report on/at/to? @day/@time <mod>* | it/that is mine <mod>* | i? have? got you/yall for/on? it/@day/then
    i? <very>* <will> come to work <mod>* | i <very>* take/accept/cover/grab/claim/want/need/confirm/call <it> <mod>*
    i? do/would not mind <taking> <it> <mod>* | i am all? yours <mod>* | i am accepting/confirming/accept/agree <mod>*
    <very>* down <mod>* | go ahead with me/my name? | <go>* <put> your/this/ya <person> down/on/in for? <it>? <mod>*
    consider me in/there/booked/done <mod>* | i? confirm my availability | i? have? accepted/confirmed <it>? <mod>*
    i? <will> make/swing it/this/that work? <mod>* | my/the? answer to? your/the/that/it? question? is yes/affirmative
    i am <very>* in/there on/for? @day/@time/thatday/it <mod>* | i? <very>* <will> <very>* help you/yall? out? <mod>*
    <put> my name for/on/to <it> | i <come> @day/thatday | i am <very>* down/up/good/ready/in for/with <it> <mod>*
    <go>* book/confirm/pick me in? for? <it>? <mod>* | <it>* is? fine/good/perfect/ok/suitable by/with/for me <mod>*
    i? <very>* <will> <very>* <come> in/out/through? <mod>*
    i? am? <very>* down/good/ready to work/go/do <it>? <mod>*
    i? <very>* <will> <very>* <take>/<get> <it> <mod>* | i? <very>* <will> <very>* be working/coming it? <mod>*
    i <very>* <will> <very>* <take> <mod>* | i come work | will/iwill/can/gonna take/work/cover/accept <mod>*
    happy/glad/able to <take> <it>? <mod>*
    it/that/this/@day/@time works/work <very>* great/perfect/perfectly/fine/beautifully
    i? <will>? see you/u/yall/ya/him/her/them there? on? the? @day/<soon>/@time <mod>* | fine/good by/with me
    <go>* <put> me down? as? a? yes/available/in
    i? <very>* accept/confirm <it>? <mod>* | taking/accepting/confirming <mod>* | consider it/this a/my yes/acceptance
    can do <mod>* | happy/glad to help/take/do/be out? it? <mod>* | <go>* assign/give it/that/this to/for me <mod>*
    i? have? got it/this/that/@day covered | i? <will> pull/slide through/up <mod>* | i <very>* do it/that/this <mod>*
    i? have? got you/yall covered <mod>* | i will/would? haveto? say yes <mod>*
    i call dibs on? it? | i? <will>? gladly/happily <take> <it>? <mod>* | lock it in | let me <take>/<get> <it> <mod>*
    i? <will> fill/step in <mod>* | i? have? got @day | i? am? <very>* <taking> <it> <mod>*
    i am all over it | mine/sold | <go>* give me <it> <mod>* | consider it/this done/covered/accepted <mod>* | book it
    i? would not miss it/that <mod>* | reporting for duty <mod>*
    see you/u/ya then/there <mod>* | i am <very>* good for the? @day/thatday | it/that is a? <solid>* yes <mod>*
    i agree <mod>* | down/up for <it> <mod>* | <go>* <put> my? <name>? name? me? down/in/on/up for/on/to? <it>? <mod>*
    a? yes from me | i am <very>* coming in? <mod>* | lets go ahead and do it/that/this | <go>* assign me <it>? <mod>*
    me please | i am your/the <person> <mod>* | yes to/for @day/@time <mod>* | take @code
    <go>* <put> my name <mod>* | you are covered <mod>* | i? <will> be on time <mod>* | sure will/can/would <mod>*
    <go>* <put> me/us down/in/up/on/through? for/on/to/as? a? <it>? <mod>* | that/this/@day/@time works | give it here
    <go>* assign/give to me | it is a yes <mod>* | i? be there <mod>* | lets do this/that | gimme it? <mod>*
    my name is on it | dibs on? it? | please do | emojihand me | yes is my answer | lets get/do it | told you yes
    you? can? count on/with me <mod>* | <put> me on the/your? schedule/list/books/board <mod>* | i will do <mod>*
    it/that/this is? a go <mod>* | i am <very>* on/set for @day/@time/it <mod>* | will do <mod>*
    i? am? <very>* happy/glad/pleased to say yes | please give me <it>? | please count on me
    <go>* give it to me <mod>* | <go>* have me for it/thatday/@day <mod>*
    it/this/that/one will be fine/good/great <mod>*
    <go>* assign me for it <mod>* | i? rock with it <mod>* | locked/lock and? me? in/loaded <mod>*
    do not even? ask/call/text anyone/anybody else
    it/that/this/one is <very>* mine <mod>* | i? <will> be the one to go <mod>*
    it/that/this/@day/@time <works> <very>* well? with/for my schedule
    it/that/this/thatday/@day/@time? <works> <very>* for? me <very>* fine? <mod>*
    """,
    # True of somebody who comes, and also of somebody at another client's door: nothing unforeseen may follow.
    "able": """
    i am <very>* in/down/game <mod>* | i am/take/go/come/do <mod>* | i? <very>* <will> <mod>* | i? am? on it <mod>*
    i am 100 % in | works <nice>? | i? am? on my way
    i? would/will? be <very>* honored/happy/glad/delighted/tickled to? <mod>*
    """,
    # Words that accept only as the answer to a question.
    "yes": """
    definitely/yes i? am? interested | <yesword> <name>? | yes i? am? <very>* interested | yes indeed/indeedy/please
    you have? got it | yes got it | 100 %
    oh/ok/hell/heck/fuck/ah/well/ugh/mm/aw/why? yes/yeah/sure/certainly/absolutely/ya
    that/it would be <nice> | ok game | go on then | for sure | of course <name>? | sure thing <name>? | very much so
    no doubt | you? bet/betcha | it/that? would? be? my? pleasure | aye aye captain/cap? | with pleasure
    okie/okey/okay dokie/dokey/doke | mos def | bet that up? | heck/hell to? the? yes | run it | roger that
    my pleasure | why not | say less | in a heartbeat | say no more/mo | lets go
    orale va?
    """,
}
