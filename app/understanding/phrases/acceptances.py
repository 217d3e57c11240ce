"""The phrases that accept a shift: English, Spanish, Tagalog, Haitian Creole.

Owns wording only, in the notation of `app.understanding.notation`. Imports nothing of the app.
"""

ACCEPTANCES: dict[str, str] = {
    # Complete statements that accept the shift.
    "commit": """
        see you/u/yall/ya @time | see you/u/yall/ya @day @time | see you/u/yall/ya on @day
        see you in the morning @day
        got you/yall covered | i got yall covered | i got you @day/then | i? got you covered on/for/@day @day?
        i? got you for it/@day | you/yall are covered | you/yall are covered for/on it/@day | you are covered @day
        consider it done/covered/filled/handled/taken for @day | i have got @day | i got @day | slide me in
        i am all in | i am hundredpercent in | lets do this | let us do this | emojihand me | me emojihand
        add/put me to/on the schedule/calendar | i am on board | i am down to work/take/do/cover it?
        it is a yes from me | i have got you covered @day? | i will say yes | i will haveto say yes
        sure i would be happy/glad/delighted/honored to <take>? <it>? | sure i would love to <take>? <it>?
        i? will be happy/glad to help you? out? | confirming <it> | confirming for? @day @time?
        yes/yeah/yep i do | yes/yeah/yep i do want/accept <it>? | sure will/can | sure will/can <take> <it>
        sure will/can be there | i? <will> make/get that/this work/happen/done | i <will> make it work
        you bet i will/can | i sure will/can | i would take it gladly/please | i will go for? it?
        i will come for it | put me in coach | i <will> do it for you/yall/her/them | i will gladly
        glad/happy to do/take/cover/work/accept/come/help it? | ready to work it? | ready and willing
        will gladly take/do/cover/work/accept it? | will happily take/do/cover/work/accept it? | taking
        accepting | taking/accepting @code | i? would be honored/delighted/thrilled/happy/glad
        i will be more than happy/glad/willing to? <take>? it? | i am so/totally/definitely down | definitely me
        me me me | me me | put your/this girl/gal/guy/man/nurse down for? it? | i <will> help you/yall/u out?
        ahi/alli voy a estar | voy a estar ahi/alli | pongame/ponganme en la lista | m ap fe/pran l
        wi m ap fe/pran l/li | i am working it/that/this | accept | accepted | confirm | confirmed | acepto
        confirmo | confirmado | aceptado | yo quiero it | yo? trabajo it | yo acepto it
        i? have? got @day/@time covered/handled | i have got it | will be there at? @time? sharp?
        yes maam/sir i sure/certainly/absolutely/definitely can/will/am | i sure/certainly/absolutely can/will
        i <will> <take> her/him for? @day | i? will be the <care>/person | i am your/ur <care> | i am calling it
        will be there | i? am taking it | i? want in | i? would like to <take> | i? want to <take>
        i will be the/your/her <care>/person | i <will> <very>? <take> that/this <part>? | i am all over it
        i am your/ur <care> for <it> | i? have/got @day/@time covered | i <very> <will> | i? <very> can
        that is a yes from me? | count/mark/put me down? as a? yes | me down as a? yes
        you can give/assign it/that/this to me | give it/that/this to me | hand it to me | toss it to me
        i am good to work/take/do/cover <it>? | you have a/your/got nurse/aide/one ...
        you got a/your/an nurse/aide/rn ... | that will work for? me? | that/it/this will be fine
        that would work | i will make it my business to be there | i? confirm | i want to <take> <it>
        i <will> be your/the <care> | i am calling/texting/writing/replying to accept/confirm/take <it>?
        i am calling/texting/writing/replying back? to say yes/i ...
        calling/texting to accept/confirm/take <it>? | accepting <it>? | will be there/in
        i will be there @time sharp? | leave it to me | i got you then | you have me | you got me
        i <will> be on it | send it/that my way | throw it my way | put me to work
        i am your man/woman/girl/gal/lady/huckleberry | i am coming to work | i will show up
        i will come in/through | i am available and will/can/want/would take/like/do/cover/work to? it?
        i <will> do/take/cover/work the/that? @day/@part one/shift | i am there for it
        i would be more than happy/glad to ... | it would be my pleasure | it would be an honor ...
        i am happy/glad to ... | make me the <care> | i can commit to it | put my? <name> me? in the slot
        fill it with me | i am the one for it | yo? me encargo | me encargo yo | lo/la trabajo
        yo? estoy para ese turno/dia | mandeme a mi | yo? acepto trabajar | i? want to <take> <it>
        ableto to? <take> <it> | i am available to <take> <it> | i? can help you? out | write me in
        throw me on it | i do accept <it>? | i will go ahead and <take> <it>? | yo? me apunto
        you can put me down for <it>/that/this | m ap pran shift la | gimme | gimme it/that/this
        i want # @code | i want @code | take/accept/grab @code | take # @code
        wi m ap/ka/pral pran/vini/fe/ale li? | i got it one | i got it shift
        lo/la tomo/agarro/hago/cubro/quiero yo | add/put it to/on/in my schedule/calendar/list/name
        dibs on it/this/that | that is mine | that is all mine | put it on my? schedule | i got itone
        i got this/that/it one | i will be at it | put me in for it | put me on for <it> | me apunto
        i? will be happy/glad to | i? will be happy/glad to <take> <it>? | i? will be happy/glad to <come>
        i have got it covered | i am your aide | i am available and willing | tomo el turno yo
        i will make sure to be there | i? <will> <very>? <take> <it> | i? <will> <very>? <take> | i <will>
        i? <will> <very>? <come> in?/out?/over?/there?/along? | i? <will> make/swing it work?/happen?
        i? <will> do/work/cover/take it for you/yall | i? <will> be there/in/available/coming/working/taking/on
        i? <will> be <taking> <it> | i <will> see you then/there/@day/@time | see you/u/yall/ya then/there/@day
        see you at @time | i will/am there | be there | i? am gonna be there | i? am? <taking> <it>
        i? am <coming> | i am <coming> in? on? | i? take it | i? do it | i got/have it covered
        i got this/that one? | i have got this/that one? | i got you covered | i got @day | got it covered
        i have this one | i am? on it | on it | i am in | i am so? in | i am down | i am down for/with it
        i am up for it | i am game | i am your/ur person/girl/nurse/gal/guy/woman/man/cna/aide | i am all yours
        i am good for/with it/@day/@time | i am good to go | i am ready to? work?/go?/take? it? | im in
        i am so there | i am there | it is mine | mine | that one is mine | it is all? mine | make it mine
        all mine | i call it | i call dibs | dibs | my it | i claim it | i volunteer | i am volunteering
        i do want it | i want it | i? would like it | i? would like to <take> <it> | i? would love it
        i need it please? | i really? want it | count me in | sign me up | sign me up for <it> | sign me on
        put/mark/write/jot me down | put/mark/write me down/in/on/up for <it> | put/mark/write/add me for <it>
        put me on <it>? | put me in | put me on the? schedule? | put my name on/in/down/for <it>?
        put my name down for <it> | put it on me | put it under? my? name? me down | book me | book me for <it>
        book it | schedule me | schedule me for <it> | assign it to me | assign me | assign me <it>
        give it to me | give me it | give me <it> | lock me in | lock it in | add me | add me to it | slot me in
        confirm me | confirm me for <it> | send me in | sign me in for it | use me | pick me | choose me
        me please | i am it | hook me up | reserve it for me | save it for me | let me have it
        let me take/do/cover/work it | let me get it | i will go ahead and take it | you can count on me
        count on me | count me for <it> | consider it done/covered/filled/handled/taken
        consider me in/there/booked | you can put me down | mark me as? available? yes | works for me
        <it> works for me | <it> works | works great/perfect/fine/good for? me?
        <it> works great/perfect/fine/well for? me? | works perfectly for? me? | fine by/with me
        good with/for me | <it> is good/fine/great/perfect for/with/by me | let us do it | lets do it | omw
        on my way | i am on my way | heading there | i am headed there | i shall
        i? would be? happy/glad/love/delighted/honored to
        i? would be? happy/glad/love/delighted/honored to <take> <it>?
        i? would be? happy/glad/love/delighted to <come> out? | happy/glad to | happy/glad to <take> <it>?
        happy/glad to help out? | happy/glad to be there | more than happy to <take>? <it>?
        i am happy/glad to <take> <it>? | i am willing to <take> <it> | love to | would love to
        would love to <take> <it> | i accept <it>? | accept <it> | i? confirm <it> | i? agree
        i agree to <take>? it | i am accepting <it> | i am confirming | i am confirmed for? <it>? | i choose yes
        my answer is yes | answer is yes | that is a yes | it is a yes | a yes from me | yes from me | i say yes
        i am saying yes | you got yourself a nurse | i will be your nurse | i can start at @time
        i will start at @time | i will be ready at @time | say no more
        lo/la/los/las tomo/agarro/quiero/hago/cubro/acepto/cojo/trabajo/puedo/voy
        yo lo/la? tomo/agarro/quiero/hago/cubro/acepto/cojo/trabajo | yo? voy | yo si/yes voy/puedo
        yo? voy a ir | yo? voy a trabajar/tomar/tomarlo/cubrir/cubrirlo/hacerlo | ahi/alli/alla estare/estoy/voy
        ahi nos vemos | nos vemos ahi/alli/alla/@day/entonces | cuenten/cuente/cuenta con migo?
        cuenten/cuente/cuenta/cuentan conmigo | pueden/puede/puedes contar conmigo
        apuntenme/apunteme/apuntame/anotenme/anoteme para?/en? ese?/el?/ahi?
        anotame/inscribame/inscribanme/agendenme/agendeme/agendame para?/en? ese?/el?/ahi?
        asignenme/asigneme/asigname/asignamelo/asignemelo/asignenmelo para?/en? ese?/el?/ahi?
        ponganme/pongame/ponme/apunten/registrenme/metanme para?/en? ese?/el?/ahi? | damelo | demelo | denmelo
        me lo quedo | me lo llevo | yo? me anoto | yo mero | yo lo | es mio | el turno es mio | ese es mio | mio
        acepto/tomo/agarro/quiero/cubro/cojo el/ese/este/it turno? | yo? acepto | yo? tomo el/ese/este turno/dia
        yo? puedo | yo? puedo trabajar/ir/tomarlo/hacerlo/cubrirlo/cubrir ese?/el?/este?/esa? dia?/turno?/ahi?
        yo? puedo tomar/asistir/trabajarlo/agarrarlo/venir/estar ese?/el?/este?/esa? dia?/turno?/ahi?
        yo? puedo trabajar/ir/cubrir/tomar el/ese/este/it/@day dia?/turno?
        con mucho? gusto voy/acepto/puedo/lo | con gusto lo/la tomo/hago/cubro/acepto
        estare/estoy ahi/alli/alla | yo? lo/la puedo tomar/hacer/cubrir/trabajar | me lo das
        por supuesto voy/que | ahi estare sin falta | lo tomare | lo hare | ire | yo ire | tomare el turno
        tomo el | aceptare | lo acepto | kukunin ko yan/ito/yon/na? | kunin ko yan/ito/na?
        kukunin/kunin/tatanggapin/tanggapin/gagawin/gawin ko na? yan?/ito?/yun?/iyan?/yung?/ang?/it?/shift?
        kaya ko yan?/ito? | kayang kaya ko? | pwede/puwede/pede ako dyan?/diyan?/yan?/sa? @day?
        pwede ko kunin? yan? | pupunta ako | papasok ako dyan?/sa?/@day? | ako na bahala? dyan?/lang?
        ako na ang? papasok? | akin na yan?/lang? | payag ako | game ako | sasama ako | isama nyo/niyo/mo ako
        ilista/ilagay nyo/niyo/mo ako/pangalan | darating ako | asahan nyo/niyo/mo ako | go ako
        m/mwen ap/pral pran/fe/vini/ale/kouvri li?/l?/la?/sa?/jou?/shift?
        map pran/fe/vini/la/ale/kouvri li?/l? | m/mwen ap la
        m/mwen ka/kapab pran/fe/travay/vini/ale/kouvri li?/l?/sa?/jou? | m/mwen ka/kapab | m/mwen aksepte li?/l?
        konte sou mwen/m | mete non mwen/m ladan?/sou?/li? | mete m/mwen sou/ladan? li?/lis? | m/mwen dako
        ban mwen/m li/shift? | m/mwen pran li/l | mwen vle li/l/shift? | m vle li/l | m/mwen disponib wi
    """,
    # Words that accept only as the answer to a question.
    "yes": """
        let me see yes/yeah | hundredpercent <yes>
        hell/heck yeah | oh yes/yeah | <yes> | <yes> please | for sure | of course | why not | sounds good yes
        yes yes | hell yes | heck yes | yes <name> | sure thing | most definitely | without a doubt | no doubt
        you bet | ok yes | all right yes | alright yes | by all means | hundredpercent | my pleasure
        yes indeed | claro que yes/si | claro que | por supuesto | con mucho? gusto | desde luego | encantada
        encantado | ay si | pues si | eh si | hola si | si claro | si gracias | si por favor | si senora/senor
        que si | oo naman | sige oo | absoliman | estoy de acuerdo | de acuerdo | as soon as possible yes
        siempre si | bueno si | ok si | gracias si | si con gusto | si esta bien | si perfecto | si si
    """,
}
