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
      hitting pinging phoning writing disturbing pestering reaching robocalling;
    told: told telling tell asked asking ask want need;
    whom: me us here anymore again ever back;
    others: her him them everyone everybody anyone anybody nobody someone people mr mrs ms @name the his family
      patient client doctor wife around about from out in off to for money;
    when: before after until unless while when if between at so late early on because during and @time @vague;
    filler: yall whatever already now send damn fucking freaking stupid these those this the all your my any more of
      shift so many me us sending getting receiving anymore automated annoying such with job open other please to crap
      shit new out
      at cell personal on kind further future it you work company agency call contact mailing;
    end: stop quit cease end discontinue halt cancel terminate enough done block mute disable deactivate sick tired;
    remove: take get remove delete drop erase scratch cross cut wipe keep leave pull kick clear;
    erase: remove delete erase lose forget trash unlist;
    list: platform program list lists database system roster rotation distribution thread group chat rolls books
      contacts files phonebook subscription;
    stopped: unsubscribe stopped optout cancelled canceled blocked;
    pressed: pressed hit typed sent texted replied said wrote;
    you: you yall them all guys people;
    past: at before after by until from around between;
    removed: removed taken deleted dropped erased;
    firm: company agency;
    app: thing app system service number;
    do: lift move find get figure turn understand out in at on to and lifting moving turning finding getting;
    callee: person party number customer subscriber;
    calling: calling trying dialing dialed called have;
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
    do/does/did/would/will/cannot/never not? stop | cancel my/the/this/that? shift/visit/appointment/@day/it | no one
    not/never/bus/full/non/pit/next/last/first/truck/door/pain/bleeding/fever/rain/alarm/beeping/crying stop
    <talk> me ,? do not <talk> | <end>/<dont> send/sending/putting/put me to/with/out/at | <end> <talking> <others>
    take/get/remove me/us off/from? of? the/my/that/on? schedule/shift/@day/@otherday/it/case/hold/thatday
    stop by/at/in/over/to/and/for/off/payment/payments/sign/signs/light/the/her/his/watch/when/working/taking
    end of/my/it | not go away | quit my/smoking/the/his/her/school | done with my/the/her/his/work/it/school/class
    enough gloves/supplies/of/time/hours/sleep/help/about | want/haveto to? cancel/quit my/the/it/on/school/@day
    <dont> <talk>/<talking> <others> | <dont> <talk> my/the/your <kin>/doctor | not interested in working/that/the/it
    <dont> <talk> me? <when>/<num> | no calls/texts/messages came/yet/from/for | no haveto <talk> ... | leave <others>
    <dont> send <others>/my/it/any <others>? | <end> asking/begging/worrying/looking/putting ...
    do not want to hear excuses/it/about/that
    """,
    # How we should not text: beside an answer it is no request to stop, alone it may be one.
    "complaint": """
    you/yall can <end> <filler>* <comm> | <end> blowing/nagging/fussing <filler>* up? <filler>*
    <end> <filler>* <talking>/<textme> <filler>* <how>
    """,
    # Tells of an earlier request, which somebody who asks for texts again takes back.
    "told": """
    <told> <you> <you>? to <end> <filler>* <comm>? | <told> <you> <you>? not to <textme> me? again? | i? had? optout
    had <you> <you>? <end> <filler>* <comm> | i? had? stopped <filler>* <comm> | i already? <pressed> stop
    """,
    "stop": """
    <end> <filler>* <comm> | turn/shut/switch off <filler>* <comm> | <end> receiving/getting/sending <filler>* <comm>?
    <want> to be <removed>/remove off? | <dont> <filler>* <textme>/use <mynumber> | do not have my? consent/permission
    <dont> <filler>* <textme> <whom> | do not send/give me/us | be <removed> off/from/out of? <filler>* <list>/<texts>
    i? never want/wanna to? hear from/get/receive | remove from | paren/pare/para/dejen/deja/deje/dejar de <enviar>
    <dont> <textme> or/and/nor <textme> me | take out <mynumber> | dejenme/dejame/dejeme en? paz/tranquila/tranquilo
    <mynumber> of/off/from/out of? <filler>* <texts>/<list> | stop these/now/already/blowing/reaching/hitting
    get <filler>* <texts> to stop | my/this name/number/phone <removed> | make/makes/want <filler>* <texts>? to? stop
    <dont> send <filler>* <texts> | no more <filler>* <comm> | no more of these | not interested in getting/receiving
    revoke my? consent/permission | please no more | no <filler>* <comm> please | not interested in <filler>* <texts>
    <textme> me no more | text me anymore | leave me/us/my phone? alone | <quitan> mi numero/nombre/telefono/contacto
    cease and desist | <remove> me/us/<mynumber> off/from/out of? <filler>* <talking>/<texts>? <list>/<texts>
    dnc/unsubscribe/stopall/harassment/<quita> | unenroll/disenroll me? | how do i stop/end/quit <filler>* <texts>?
    <erase> me/<mynumber> | stop/end all | off <filler>* <talking>/<texts>? <list> | no me? vuelvan/vuelva a <enviar>
    me off your? <list> | leave/let me/us be | opt me out | pa voye mesaj/ban/anko/mwen/m/text/lot/teks ... | i revoke
    i? do not want <filler>* <comm> | do not call/contact/text list? <list> | ayaw/ayoko ko? na po? ng/makatanggap ...
    ya? no quiero/deseo recibir/mas/que ... | withdraw my? consent | no/not consent | i? do not <want> to? hear from
    i? did not consent/agree/sign to/up for/get/receive/be/<theapp>/this | dar/darme/darse/denme/deme/me de baja
    i? no longer <want> to? get/receive/be/these/your/any/hear/<comm>/want | ya? no quiero/deseo mas? <mensajes>
    i? do not <want> to be texted/contacted/called/messaged/notified/bothered/on | sispann voye/ekri/rele/texte/mesaj
    i? do not <want> to? get/receive/see/have/getting/receiving <filler>* <comm>/these/this/them/anything/from
    i? do not want these/those | make/want them/these to? stop | retire/wete mwen/m/non/nimewo | ya? no me? <mandar>
    reporting this/you as? spam? | i am reporting you | my number out of? your phone | harassing/spamming/block me
    tanggalin/alisin/pakitanggal/pakialis/itigil/tigil/tigilan <tl>* | pa ekri/rele/deranje mwen/m | i will report you
    this is harassment/spam | i am blocking | blocking you/this | please discontinue | kite mwen/m trankil | sue you
    no <mandar> mas | no mas <mensajes> | ya? basta ya?
    huwag/wag <tl>* text/magtext/magpadala/itext/i/tumawag/message <tl>*
    cancelar/cancele/cancelen mi/la/los/estos? suscripcion/<mensajes>
    """,
    # The same, if it ends a sentence.
    "stop_at_end": """
    <dont> <filler>* <talk> it? | no more shifts | turn/shut/switch these off | stop it/this/texting/calling/messaging
    i? do not want any? no? more/anymore | knock it off | quit it | go away | just stop
    take/get/remove/drop/cut/scratch me/us/<mynumber> off/from/out this/these/here/everything?
    """,
    "start": """
    begin/start receiving/getting <filler>* <texts>/it/notices/notices? again | sign me up for <filler>* <texts>
    <talk> me <filler>* <texts>/shifts again | opt me? back? in | <put> me back up | subscribe/resubscribe me? again?
    turn/switch <filler>* <texts>/them/it/everything back? on | reactivate/reinstate/reenroll/unblock/unstop/readd me?
    <put> me back to/on/in/into <filler>* <talking>/<texts>? <list>/<texts> | quiero/quisiera volver a recibir
    be <put>/added back on/to <filler>* <list> | i? did not mean to stop/unsubscribe/optout ... | want back in/on
    i <pressed> <filler>* stop <accident> ... | get/turn/switch <filler>* <texts> back/on on? | start again
    get/getting/receive/receiving/want/have/see/send <filler>* <texts>/shifts/offers/openings/them <again>
    please send/text me again it/<texts>/shifts | activate me/<mynumber> again? | get/be back on <filler>* <list>
    i? <stopped> <accident> ... | resume/start <filler>* <comm> | quiero recibir los/mensajes/sus/textos/otra
    start <filler>* <texts>/shifts me? again? | un/re -? stop/start/add/activate/enroll me? | i want to? start getting
    mandeme/mandenme/mandame/envieme/envienme los/it? <mensajes>/turnos? otra/de vez/nuevo
    """,
    "start_at_end": """
    <put> me again | start me up again | <put> me back in/on/up? | turn me back? on | start me back? up | restart
    please? resume | volver a recibir
    """,
    # Asks for texts again, or reproaches us with one that came in spite of a STOP.
    "again_at_end": "<talk> me again",
    "not_start": """
    start her/him/the/it/my/at/on/with/time/of/date ... | when/if you/yall/they/we have/get/see ... | my resume
    restart the/her/his/my/it ... | resume her/his/care/feeding/the/my ... | resume is/was/to/attached
    """,
    "help": """
    help how/what/who/where/why/when/please | i? need some? help please? | info/information/instructions please
    what is this service/number/system/thing/text | can/could i get/have some? help | what am i supposed to <say> ...
    please? help me please? | i? need? help me? please? with/use/understand <theapp> | <please> help me? with <theapp>
    como funciona/funcionan/contesto/respondo ... | do not understand <theapp>/how ... | how do/to i? even? <say> ...
    how do/does/to i? it/<filler>* texting/text/<app>/texts? work/works | do not know how/what to <say> ...
    what do/should i <say> ... | <please> <explain> how ... | do i just? <say> <say>? yes | mwen/m bezwen ed
    necesito? ayuda
    """,
    "help_at_end": "more info/information | need more? info/information/instructions | <please> help me",
    # Help that is not ours to give.
    "not_help": """
    <please> help me with mr/mrs/ms/her/him/my/the/payroll ... | help <do>/the/her/him/mr/mrs/ms/my/is/you/yall ...
    i? can/will/could/would/love help | i? need? help me? with mr/mrs/ms/her/him/the/my/@name/clocking ...
    do not need/want help ... | help me <do> ... | love/happy/glad to help | cannot help ...
    """,
    # A stranger has the number.
    "wrong": """
    wrong number/person/#/individual/party/@name/phone | i? no longer work there/here/for you/yall/this/your/them? ...
    i? do not work there/here/for/with anymore/you/yall/them/that/your ... | no? one/nobody here? by/named that? name?
    have/got a? the? wrong/bad number/person/phone/one | not my name | number/phone does? not? belong/belongs/belonged
    i am not @name/her/him/them | i am not a/an/your <person>/employee ... | no longer has/have/owns this number/phone
    this/it is not @name | no @name here/at | there is no @name | do not know any? a? @name/her/him/them/you/this/who
    not @name phone/number | had this phone/number/cell for/since <num>/a/two/three/@day/@month/years | new phone who
    i? do not work for/at this/your/that company/agency/place anymore ... | ya no es el? cel/celular/numero/telefono
    i? have not worked there/for/with ... | never heard of you/this/@name | aqui no hay/vive ninguna/ningun/@name
    no longer at this number | i? never worked there/for/with ... | used to be @name/my/her/his phone/number/line/cell
    does/do not work here/there anymore | no longer works/at/here | i have had this phone? number/phone | se pa nimewo
    this is not her/his ... | used to belong to | this/it is a business/restaurant/landline/store/school/church/bakery
    she/he change/changed/changes her/his? number/phone/hers | i? do? not work in/for/with/at this/your/the <firm> ...
    was/is her/his/my old number/phone | not the person/one you | for someone/somebody/a named/called | move nimewo
    no hay ninguna/ningun ... | i quit/left/resigned/retired from? your/the/that <firm> ... | equivocado/equivocada
    i quit/resigned in/last/back ... | i resigned | numero equivocado | se equivoco | no soy @name/ella/el
    hindi ako si @name
    """,
    # Voicemail greetings, automatic replies, call screening.
    "machine": """
    will see your/this message/text | your call has/is/cannot/was | thank? you/thanks for your message/email/call
    is? not available please/right/at | leave a/your/me/us? brief/detailed/short? message/name/number/voicemail
    cannot/could come/get/to to? the phone | the tone/beep | after the beep/tone | google voice/subscriber/assistant
    you? have? reached ... | <callee> you are? <calling> | deje/deja su/un/tu mensajes/nombre/recado | do not disturb
    mailbox/voicemail/automated/automatic/autoreply/autoresponse | press one/pound/star/two/zero/the/any
    call/text you later | is/currently unavailable | get back to/with you | en este momento no puedo/se/esta
    auto -? reply/response | out of the? office | i? am driving | while driving | estoy manejando/conduciendo
    behind the wheel | in a meeting | cannot talk right? now? | cannot text/answer/respond | despues del tono/bip
    will respond/reply | take a message
    will reply/text/read/get/see/answer/return/call back? you/it? soon/later/when/once/park/back/arrive/asap
    """,
}
