"""The phrases that ask something of us, to stop, to start, for help; and those of strangers and of machines."""

from app.understanding.patterns import word_classes

# Keywords count only as the whole message, as carriers treat them.
KEYWORDS: dict[str, str] = {
    "STOP": """
    stop stopall unsubscribe cancel end quit revoke optout remove cease discontinue alto parar pare paren para
    cancelar detener salir fin terminar desuscribir baja basta itigil tigil hinto arret kanpe sispann
    """,
    "START": "start unstop subscribe resubscribe empezar comenzar iniciar reanudar",
    "HELP": "help info ayuda informacion tulong ed",
}

WORDS = """
    talk: text write call message contact email msg phone ping spam bug buzz notify mail;
    talking: texting calling messaging contacting sending emailing spamming bothering blowing harassing bugging
      pinging phoning writing disturbing pestering reaching robocalling;
    told: told telling tell asked asking ask want need; whom: me us here anymore again ever back;
    others: her him them everyone everybody anyone anybody nobody someone people mr mrs ms @name the his family
      patient client doctor wife around about from out in off to for money;
    when: before after until unless while when if between at so late early on because during and @time @vague;
    filler: yall whatever already now send damn fucking freaking stupid these those this the all your my any more of
      shift so many me us sending getting receiving anymore automated annoying such with job open other please to crap
      shit new out at cell personal on kind further future it you work company agency call contact mailing;
    end: stop quit cease end discontinue halt cancel terminate enough done block mute disable deactivate sick tired;
    remove: take get remove delete drop erase scratch cross cut wipe keep leave pull kick clear;
    erase: remove delete erase lose forget trash unlist;
    list: platform program list lists database system roster rotation distribution thread group chat rolls books
      contacts files phonebook subscription;
    stopped: unsubscribe stopped optout cancelled canceled blocked;
    pressed: pressed hit typed sent texted replied said wrote; you: you yall them all guys people;
    past: at before after by until from around between; removed: removed taken deleted dropped erased;
    firm: company agency; app: thing app system service number;
    do: lift move find get figure turn understand out in at on to and lifting moving turning finding getting;
    callee: person party number customer subscriber; calling: calling trying dialing dialed called have;
    mandar: manden mande mandes envien envie envies escriban escriba escribas llamen llame llames contacten contacte
      molesten moleste molestes mensajeen texteen textees marquen escribir llamar mandar molestar contactar enviar;
    enviar: mandarme enviarme escribirme llamarme contactarme molestarme mandar enviar escribir llamar molestar
      textear textearme;
    quita: quitenme quiteme quitame saquenme saqueme sacame borrenme borreme borrame eliminenme elimineme eliminame
      retirenme desuscribanme desuscribirme;
    quitan: borren borre borra eliminen elimine elimina quiten quite quita saquen olviden pierdan;
    mensajes: mensajes textos texto llamadas avisos notificaciones esto estos nada;
    tl: na kayo kang po kayong niyo nyo ninyo mo ako mag akong;
"""
CLASSES = word_classes(WORDS) | {
    "comm": "<texts>/<talking>/contact/communication/communications/subscription/offers/harassment",
    "dont": "do not you? ever? be? | never again? | not/quit/stop",
    "mynumber": """
    this/my? number/phone/line/cell/house/name/info | my contact info? | my name and/or phone? number/phone
    """,
    "want": "want/wish/like/need/care",
    "accident": "by mistake/accident/error | in error | accidentally/mistakenly",
    # When, how often and where somebody does not want to be texted.
    "how": """
    <past> @time/<num>/night/work/midnight/noon | @time/@vague/twice/while/when/during/before/until/till/like
    <num>/two/three/four/ten/hundred times | so/too/this early/late/often/much | in the morning/middle/evening/night
    on? my house/home/work/other/old/office phone/number/line?
    """,
    "again": "again/back | back on",
    "please": "can/could/will/would you/someone/somebody/anyone please?",
    "theapp": "<filler>* <texts>/<app>",
    "say": "say/reply/respond/answer/use/work/text/type/press/send/push",
    "explain": "explain to? me? | show/tell me | walk me through",
}

REQUESTS: dict[str, str] = {
    # What only sounds like a request to stop.
    "not_stop": """
    do not ever? stop/unsubscribe/optout/remove/discontinue ... | do not <remove> me/us/<mynumber> off/from/out ...
    do not want you? to? be? stop/unsubscribe/optout/removed ... | do not want to be taken off ...
    did/when/who/why did? you? took/take/remove/removed me off/from ...
    no quiero que dejen ... | no quiero que me quiten ...
    never said/texted/typed/sent stop | should/could you? never stop ... | not opt me out
    i? was <end> <filler>* <comm> when/while ... | i do not text/call | <remove> that/it/one one? off/from ...
    i <end> <filler>* <comm> before/when/while ...
    do/does/did/would/will/cannot not? stop | take/remove me/us off/from? of? the/my/that/on? schedule/@day/it/thatday
    cancel my/the/this/that? appointment/@day/it | no one | want/haveto to? cancel my/the/it/on/@day | leave <others>
    not/bus/alarm/beeping stop | not interested in that/the/it | <end>/<dont> send/sending me to/with/at | not go away
    <talk> me ,? do not <talk> | stop by/at/in/to/and/for/payment/sign/light/the/her/his/working | end of/my/it
    did not <talk> me back | want it <end> asking/begging ...
    unsubscribe from the/your newsletter/newsletters/emails
    <end> sending me? the/those <filler>* @name/night/weekend/overnight one/ones/shift/shifts
    <dont> <talk> my/the/your <kin> | quit my/smoking/the/his/her | do not want to hear excuses/it/that | enough of
    done with my/the/her/his/it | <end> asking/begging ... | <dont> <talk> <others> | <dont> <talk> me? <when>/<num>
    no texts came/from/for | no haveto <talk> ... | stop hitting her/him/them/your/the ... | stop barking ...
    do not give me <filler>* @day/thatday/work | you? can? <end> calling around
    stop it you/yall/guys/hello/sorry/hitting | do/did you/yall stop | <end> sending everything
    you/yall/they guys/all/people? never <textme>/<talk> me? till/until/unless/before/about/when/except/for/in/on ...
    """,
    # How we should not text: beside an answer it is no request to stop, alone it may be one.
    "complaint": """
    harassment | <dont> <textme> me? again? till/until/before | you can <end> <comm>
    <dont> <textme> me? until i reach/text/call/contact/write/tell/say/am ...
    <dont> <textme> on? my house/home/work/other/old/office phone/number/line
    no me? <mandar> que/porque/cuando/ahora/hoy/tan ...
    <end> blowing <filler>* up? <filler>* | <end> <talking> <filler>* <how>
    <end> <talking> before/after/at ... | never leave me/us alone | never stop <talking>
    """,
    # Tells of an earlier request, which somebody who asks for texts again takes back.
    "told": """
    i? was <end> <filler>* <comm> | <told> <you> <you>? to <end> <filler>* <comm>?
    <told> <you> <you>? not to <textme> me? again? | i? had? optout
    had <you> <you>? <end> <filler>* <comm> | i? had? stopped <filler>* <comm> | i already? <pressed> stop
    """,
    "stop": """
    do not be <talking> me/us/this/<mynumber> | <remove> me/us/<mynumber> off? from <filler>* <talk>/<texts>
    i? no want to? receive/get <filler>* <comm>
    fuck/piss off with? <filler>* <texts> | <remove> me off/from these/this i/because/thanks/please
    can/could/will/would you yall/guys/people? please/just? not <textme> me | <end> <filler>* <comm>
    turn/shut/switch off <filler>* <comm> | <end> receiving/getting/sending <filler>* <comm>?
    <want> to be cancel/cancelled/canceled from/of <filler>* <texts>/<list>
    <want> to be <removed>/remove off? | <dont> <filler>* <textme>/use <mynumber> | do not have my? consent/permission
    <dont> <filler>* <textme> <whom> | do not send/give me/us | be <removed> off/from/out of? <filler>* <list>/<texts>
    i? never want/wanna to? hear from/get/receive | remove from | paren/pare/para/dejen/deja/deje/dejar de <enviar>
    <dont> <textme> or/and/nor <textme> me | take out <mynumber> | dejenme/dejame/dejeme en? paz/tranquila/tranquilo
    <mynumber> of/off/from/out of? <filler>* <texts>/<list> | stop these/now/already/blowing/reaching
    stop hitting me/us/my/this
    get <filler>* <texts> to stop | my/this name/number <removed> | make/makes/want <filler>* <texts>? to? stop
    <dont> send <filler>* <texts> | no more <filler>* <comm> | no more of these | not interested in getting/receiving
    revoke my? consent/permission | please no more | no <filler>* <comm> please | not interested in <filler>* <texts>
    i? do not ever? want this machine/robot/thing <talking> me | rather not hear from | <textme> me no more
    text me anymore | leave me/us/my phone? alone | <quitan> mi numero/nombre/telefono/contacto
    cease and desist | <remove> me/us/<mynumber> off/from/out of? <filler>* <talking>/<texts>? <list>/<texts>
    dnc/unsubscribe/stopall/<quita> | unenroll/disenroll me? | how do i stop/end/quit <filler>* <texts>?
    <erase> me/<mynumber> | stop/end all | off <filler>* <talking>/<texts>? <list> | no me? vuelvan/vuelva a <enviar>
    me off your? <list> | leave me/us be | opt me out | pa voye mesaj/ban/anko/mwen/m/text/lot/teks ... | i revoke
    i? do not want <filler>* <comm> | do not call/contact/text list? <list> | ayaw/ayoko ko? na po? ng/makatanggap ...
    ya? no quiero/deseo recibir/mas/que ... | withdraw my? consent | no/not consent | i? do not <want> to? hear from
    i? did not consent/agree/sign to/up for/get/receive/be/<theapp>/this | dar/darme/darse/denme/deme/me de baja
    i? no longer <want> to? get/receive/be/these/your/any/hear/<comm>/want | ya? no quiero/deseo mas? <mensajes>
    i? do not <want> to be texted/contacted/called/messaged/notified/bothered/on | sispann voye/ekri/rele/texte/mesaj
    i? do not <want> to? get/receive/see/have/getting/receiving <filler>* <comm>/these/this/them/anything/from
    i? do not want these/those | make/want them/these to? stop | retire/wete mwen/m/non/nimewo | ya? no me? <mandar>
    reporting this/you as? spam? | i am reporting you | my number out of? your phone | harassing/spamming/block me
    tanggalin/alisin/pakitanggal/pakialis/itigil/tigil/tigilan <tl>* | pa ekri/rele/deranje mwen/m | i will report you
    this is spam | i am blocking | blocking you/this | please discontinue | kite mwen/m trankil | sue you
    no <mandar> mas | no mas <mensajes> | ya? basta ya?
    huwag/wag <tl>* text/magtext/magpadala/itext/i/tumawag/message <tl>*
    cancelar/cancele/cancelen mi/la/los/estos? suscripcion/<mensajes>
    """,
    # The same, if it ends a sentence.
    "stop_at_end": """
    can/could/will/would you yall/guys/people please? stop | <told> <num>? times? to be <removed> off?
    <dont> <filler>* <talk> it? | no more shifts | turn/shut/switch these off | stop it/this/texting/calling/messaging
    let me/us be | i? do not want any? no? more/anymore | knock it off | quit it | go away | just stop
    take/get/remove/cut/scratch me/us/<mynumber> off/from/out this/these/here/everything?
    drop me/us off/from your/the/this? <list>/<texts> | take/get me/us off of there/here/it
    """,
    "start": """
    stop/stopped <filler>* <comm> <accident> | send/text me again <filler>* <comm> | like <filler>* <texts> <again>
    take/took <filler>* <texts> off when/while ... | activen/activar/activeme/reactiven otra? vez? mis/los? mensajes
    begin/start receiving/getting <filler>* <texts>/it/notices/notices? again
    turn <filler>* <texts>? <texts> back/on on?
    sign me up for <texts> | opt me? back? in | <put> me back up | start <filler>* <texts>/shifts me? again?
    resubscribe/unstop me? | i <pressed> stop <accident> ... | get/receive/want/have <filler>* <texts>/them/it <again>
    turn <filler>* <texts>/them/it back? on | <put> me back to/on/in <filler>* <texts>? <list>/<texts> | start again
    quiero volver a recibir | i? did not mean to stop ... | want back in/on | get/be back on <filler>* <list>
    please send me again it | i? <stopped> <accident> ... | resume/start <filler>* <comm>
    i want to? start getting <filler>* <texts>/them
    please send/give me <filler>* <texts>/shifts/work again
    quiero recibir los/mensajes
    """,
    "start_at_end": """
    <put> me again | start me up again | <put> me back in/on? | turn me back? on | start me back? up | please? resume
    """,
    # Asks for texts again, or reproaches us with one that came in spite of a STOP.
    "again_at_end": "<talk> me again",
    "not_start": """
    do/does/did/will it/that/the/this/my shift? start ... | start her/him/the/it/my/at/on/with/time/of/date ...
    when/if you/we have/get/see ... | resume her/his/the/my ...
    no? need/necessary/necesary to <talk> me again | my resume | restart the/her/his/my/it ...
    """,
    "help": """
    help how/please/me | i? need some? help | info/instructions please | do not understand <theapp>/how ...
    how do/does/to i? it/<filler>* <app>/texts? work | what is this service/number
    what is this and why ... | do not know how/what to <say> ...
    can i get/have some? help | what do i <say> ... | what am i supposed to <say> ... | how do/to i? even? <say> ...
    i? need? help me? with <theapp> | como funciona ... | <please> <explain> how ... | do i just? <say> yes
    mwen bezwen ed | necesito? ayuda
    """,
    "help_at_end": "more info | <please> help me",
    # Help that is not ours to give.
    "not_help": """
    <please> help me with her/him/my/the ... | help <do>/the/her/him/my/is/you ... | i? can/will/could/would help
    i? need? help me? with mr/her/him/the/my/clocking ... | do not need help ... | love/happy/glad to help
    help me <do> ... | cannot help ... | i am not a/an <person> of ...
    """,
    "not_wrong": """
    not the/a/my? wrong number/person/phone | do/did not have/text/got/get? the/a? wrong number/person
    """,
    # A stranger has the number.
    "wrong": """
    wrong number/person/#/@name/phone | i? do not work there/for/with anymore/you/yall/them/that/your ...
    this was/is my/her/his <kin> phone/number | nobody here by that? name? | nobody by that name
    no one/person here? named/called | reached/have/got me in error
    they do not use <mynumber> | does not use <mynumber> | she/he/they change/changed numbers/number
    had this number before me | this? number belong/belongs to my/a ... | no <person>/nurses here
    i am not a? nurse | i? never work/worked for/as ... | ninguna enfermera | tengo este numero desde
    wrong party | we do not do nurses
    nobody named | nobody called @name | i just? get/got this/the number
    have/got a? the? wrong/bad number/person/guy/man/lady/<person>
    i? have not worked there/for/with ...
    i am not a/an/your <person> ... | not my name | number does? not? belonged | no longer has/have/at this number
    no <person>/@name here/at | no more <person>/nurses at | previous owner/person | we have had this number/phone
    had this number since/for ... | they do not live here | does not live here | no longer lives here
    do/does not have this phone/number | there is no <someone>? <person> here | nobody/noone here is
    i am not @name/her/him/them | do not know a? her/him/them/you | she change/changed her/his? number/hers
    this/it is not @name | no @name here/at | there is no @name | not @name phone
    used to be @name/my/her/his <kin>/aunts/sisters? phone
    i am not there anymore | new phone who | i? do not work for/at this/your/that company anymore ...
    does/do not work there anymore
    ya no es el? cel | never heard of you/this | aqui no vive ninguna/ningun | i? never worked for/with ...
    i? do? not work in/for/with/at this/your/the <firm> ... | i left/retired from? your/the/that <firm> ...
    i have had this number/phone | se pa nimewo | this is not her/his ... | was/is her/his/my old number | move nimewo
    this/it is a business | not the person you | equivocado/equivocada | i quit/resigned in/last/there ...
    no soy @name/el | @name/she/he has not had this/that number/phone
    ya no trabajo ahi/alli/aqui/con/para ... | numero ya no es de/el
    this/it is a <firm>/restaurant/office/store/shop/bakery/pizza/salon/church/school/residence/landline/garage
    this/it is a private/family home/house/residence/number/line
    i? am not with this/your/the <firm> ... | not with your/the <firm> anymore
    numero equivocado | se equivoco | hindi ako si @name
    """,
    # Voicemail greetings, automatic replies, call screening.
    "machine": """
    will see your/this message | your call has/is/was | leave a/your/me/us? message/name
    is? not available please/at | cannot come/to to? the phone | the tone | will text/get/call you/it? later/when/back
    <callee>/one you are? <calling> | after the beep/tone | google subscriber | deje/deja su/un/tu mensajes
    in a meeting | you? have? reached ... | estoy manejando
    do not disturb | mailbox/automated/automatic | en este momento no puedo
    press one/pound/the | call you later | is unavailable | get back to/with you | cannot talk right? now?
    auto -? reply | out of the? office | cannot text | i? am driving | while driving | behind the wheel | will respond
    despues del tono | take a message | this person is not available
    """,
}
