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
    talk: text call message contact email msg phone ping spam bug buzz notify mail;
    talking: texting calling messaging contacting sending emailing spamming bothering blowing harassing bugging
      hitting pinging phoning writing disturbing pestering reaching robocalling;
    told: told telling tell asked asking want need;
    whom: me us here anymore again ever back;
    others: her him them everyone everybody anyone anybody nobody someone people mr mrs ms @name the his family
      patient client doctor wife around about from out in off to for money;
    when: before after until unless while when if between at so late early on because during and @time @vague;
    filler: already now send damn fucking freaking stupid these those this the all your my any more of shift so many
      me us sending getting receiving anymore automated annoying such with job open other please to crap shit new out
      at cell personal on kind further future it you work company agency;
    end: stop quit cease end discontinue halt cancel terminate enough done block mute disable deactivate sick tired;
    remove: take get remove delete drop erase scratch cross cut wipe keep leave pull kick clear;
    erase: remove delete erase lose forget trash unlist;
    list: platform program list lists database system roster rotation distribution thread group chat rolls contacts
      files phonebook subscription;
    stopped: unsubscribe stopped optout cancelled canceled blocked;
    app: thing app system service number;
    do: lift move find get figure turn understand out in at on to and lifting moving turning finding getting;
    mode: sleep work driving vacation quiet focus;
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
    "comm": "<texts> | <talking> | contact | communication/communications | subscription | offers | harassment",
    "dont": "do not you? ever? be? | never again? | not | quit | stop | no haveto",
    "mynumber": "this/my? number/phone/line/cell/house/name/info | my contact info?",
    "want": "want/wish/like/need/care",
    "accident": "by mistake/accident/error | in error | accidentally/mistakenly",
    "again": "again/back | back on",
    "please": "can/could/will/would you/someone/somebody/anyone please?",
    "theapp": "<filler>* <texts>/<app>",
    "say": "say/reply/respond/answer/use/work/text/type/press/send",
}

REQUESTS: dict[str, str] = {
    # What only sounds like a request to stop.
    "not_stop": """
    do/does/did/would/will/cannot/never not? stop | not/never stop | <stopped> from what
    take/get/remove me/us off/from? of? the/my/that/on? schedule/shift/@day/@otherday/it/case/hold/thatday
    stop by/at/in/over/to/and/for/off/payment/payments/sign/signs/light/the/her/his/watch/when/working/taking
    bus/full/non/pit/next/last/first/truck/door stop | end of/my/it | not go away
    cancel my/the/this/that? shift/visit/appointment/@day/it | want/haveto to? cancel/quit my/the/it/on/school/@day
    quit my/smoking/the/his/her/school | done with my/the/her/his/work/it/school/class
    pain/bleeding/fever/rain/alarm/beeping/crying stop | enough gloves/supplies/of/time/hours/sleep/help/about
    <dont> <talk>/<talking> <others> | <end> <talking> <others> | <dont> <talk> my/the/your <kin>/doctor
    <dont> <talk> me? <when> | <dont> send <others>/my/it/any <others>? | do not bother <others>
    <talk> me ,? do not <talk> | do not <talk> just/please? <talk> me | i do not <talk> | you never <talk>
    no calls/texts/messages came/yet/from/for | no more <texts> came/come/today/yet/in/from/through | no one
    do not want to hear excuses/it/about/that | not interested in working/that/the/it | leave <others>
    no le? <mandar> a la/el/los/las/su/mi/ella/mas
    """,
    "stop": """
    <end> <filler>* <comm> | turn/shut/switch off <filler>* <comm> | turn/shut/switch <filler>* <comm> off
    <end> <filler>* <talk> me/us | <dont> <filler>* <textme> <whom> | <dont> <filler>* <textme>/use <mynumber>
    <dont> send/give me/us | <dont> send <filler>* <texts> | no more <filler>* <comm> | no more of these
    please no more | no more please | no <filler>* <comm> please | no texting me? | <textme> me no more
    text me anymore | <told> you/yall guys/all/people? to stop
    <told> you/guys/people guys/all/people? not to <textme>
    <remove> me/us/<mynumber> off/from/out of? <filler>* <talking>/<texts>? <list>/<texts> | <erase> me/<mynumber>
    off <filler>* <talking>/<texts>? <list> | want out of <filler>* <list>/<texts> | me off your? <list> | remove from
    want/like to be removed/taken/remove off? | get off my phone | get rid of my number | leave/let me/us be
    leave me/us/my phone? alone | optout | opt me out | unsubscribe | stopall | stop/end all | unenroll/disenroll me?
    do not call/contact/text list? <list> | cease and desist | i revoke | revoke my? consent/permission
    withdraw my? consent | no/not consent | do not have my? consent/permission | i? did not consent/agree/sign to/up
    i never signed/agreed up/to | i? do not <want> to be texted/contacted/called/messaged/notified/bothered/on
    i? do not want <filler>* <comm>
    i? do not <want> to? get/receive/see/have/getting/receiving <filler>* <comm>/these/this/them/anything/from
    i? do not <want> to? hear from | i? never want/wanna to? hear from/get/receive | i? do not want these/those
    i? no longer <want> to? get/receive/be/these/your/any/hear/<comm>/want | not interested in getting/receiving
    not interested in <filler>* <texts> | <end> receiving/getting/sending <filler>* <comm>?
    make/makes/want <filler>* <texts>? to? stop | how do i stop/end/quit <filler>* <texts>?
    <texts>/this/these haveto stop | make/want them/these to? stop | stop these/now/already/blowing/reaching/hitting
    just stop | reported as spam | reporting this/you as? spam? | i am reporting you | i will report you
    this is harassment/spam | harassing/spamming me | harassment | i am blocking | blocking you/this | block me
    buzz/fuck/screw/piss off | dnc | please discontinue | ya? no me? <mandar> | no me? vuelvan/vuelva a <enviar>
    no <mandar> mas | ya? no quiero/deseo mas? <mensajes> | ya? no quiero/deseo recibir/mas/que ...
    no mas <mensajes> | dejen/deja/deje/dejar de <enviar> | paren/pare/para de <enviar> | para/paren/pare ya/esto/los
    ya paren/pare | ya? basta ya? | <quita> | <quitan> mi numero/nombre/telefono/contacto
    dar/darme/darse/denme/deme/me de baja | cancelar/cancele/cancelen mi/la/los/estos? suscripcion/<mensajes>
    no autorizo | dejenme/dejame/dejeme en? paz/tranquila/tranquilo
    detengan/detener/pare/paren los/estos/sus mensajes
    huwag/wag <tl>* text/magtext/magpadala/itext/i/tumawag/message <tl>* | itigil/tigil/tigilan <tl>*
    tanggalin/alisin/pakitanggal/pakialis <tl>* | tama na po? | ayaw/ayoko ko? na po? ng/makatanggap ...
    kite mwen/m trankil | sue you | my number out of? your phone | police/lawyer if you
    sispann voye/ekri/rele/texte/mesaj | pa ekri/rele/deranje mwen/m | pa voye mesaj/ban/anko/mwen/m/text/lot/teks ...
    retire/wete mwen/m/non/nimewo | mwen/m pa vle resevwa/mesaj
    """,
    # The same, if it ends a sentence.
    "stop_at_end": """
    <dont> <filler>* <talk> it? | no more shifts | stop it/this/texting/calling/messaging | quit it | knock it off
    go away | take/get/remove/drop/cut/scratch me/us/<mynumber> off/from/out this/these/here/everything?
    """,
    "start": """
    <talk> me <filler>* <texts>/shifts again | opt me? back? in | <put> me back up | sign me up for <filler>* <texts>
    <put> me to/on/onto <filler>* <list> again | <put> me back to/on <filler>* <talking>/<texts>? <list>
    get/turn/switch <filler>* <texts> back/on on? | turn/switch <filler>* <texts>/them/it/everything back? on
    want back in/on
    get/getting/receive/receiving/want/have/see/send <filler>* <texts>/shifts/offers/openings/them <again>
    start again | i? <stopped> <accident> ... | accidentally/mistakenly <stopped> ...
    i? did not mean to stop/unsubscribe/optout ... | resume <filler>* <comm> | start <filler>* <comm>
    start <filler>* <texts>/shifts me? again? | subscribe/resubscribe me? again?
    reactivate/reinstate/reenroll/unblock/unstop/readd me? | un/re stop/start/add/activate/enroll me?
    i want to? start getting | quiero/quisiera volver a recibir | quiero recibir los/mensajes/sus/textos/otra
    vuelvan/vuelva a mandarme/enviarme/escribirme
    """,
    "start_at_end": """
    <put> me back in/on/up? | <talk> me again | please? resume | restart | reactivar | volver a recibir | rekomanse
    """,
    "not_start": """
    start me on/at/with/in ... | start her/him/the/it/my/at/on/with/time/of/date ... | restart the/her/his/my/it ...
    resume her/his/care/feeding/the/my ... | my resume | resume is/was/to/attached
    put me back on the? schedule/hold ...
    """,
    "help": """
    help how/what/who/where/why/when | i? need some? help please? | can/could i get/have some? help
    please? help me please? | help please | i? need? help me? please? with/use/understand <theapp>
    <please> help me? with <theapp> | can/could/would you/someone please? explain/show me? how ...
    how do/does/to i? it/<filler>* texting/text/<app>/texts? work/works | how do/to i? <say> ...
    what do/should i <say> ... | what am i supposed to <say> ... | do not know how/what to <say> ...
    do not understand <theapp>/how ... | what is this service/number/system/thing/text
    info/information/instructions please | necesito? ayuda | ayudame/ayudeme
    como funciona/funcionan/contesto/respondo ... | mwen/m bezwen ed
    """,
    "help_at_end": "more info/information | need more? info/information/instructions | <please> help me",
    # Help that is not ours to give.
    "not_help": """
    i? need some? help <do>/here/now/asap/tomorrow ... | help <do>/the/her/him/mr/mrs/ms/my/is/you/yall ...
    <please> help me <do> ... | i? need? help me? with mr/mrs/ms/her/him/the/my/@name/clocking ... | help me <do> ...
    <please> help me with mr/mrs/ms/her/him/my/the/payroll ... | i? can/will/could/would/love help
    love/happy/glad to help | do not need/want help ... | cannot help ...
    """,
    # A stranger has the number.
    "wrong": """
    wrong number/person/#/individual/party | have/got a? the? wrong/bad number/person/phone/one | not my name
    i am not @name/her/him/them | this/it is not @name | no @name here/at | there is no @name | not @name phone/number
    no? one/nobody here? by/named that? name? | do not know any? a? @name/her/him/them/you/this/who
    never heard of you/this/@name | i? do not work there/here/for/with anymore/you/yall/them/that/your ...
    i? do not work for/at this/your/that company/agency/place anymore ... | i? am? no longer employed/with ...
    i? no longer work there/here/for you/yall/this/your/them? ... | i? never worked there/for/with ...
    i? have not worked there/for/with ... | does/do not work here/there anymore | no longer works/at/here
    i am not a/an/your <person>/employee ... | has/had/got a new number | this number belongs/is | new phone who
    this is not her/his ... | no longer at this number | numero equivocado | move nimewo | equivocado/equivocada
    se equivoco | no soy @name/ella/el | aqui no hay/vive ninguna/ningun/@name
    ya? no trabajo ahi/alli/con/para ustedes? ... | mali ang? number/numero | hindi ako si @name | mwen/se pa @name
    """,
    # Voicemail greetings, automatic replies, call screening.
    "machine": """
    <mode> mode | will see your/this message/text | your call has/is/cannot/was
    leave a/your/me/us? brief/detailed/short? message/name/number/voicemail | the tone/beep | after the beep/tone
    you? have? reached ... | <callee> you are? <calling> | mailbox/voicemail | answering machine/service
    press one/pound/star/two/zero/the/any | cannot/could come/get/to to? the phone
    cannot/could take/answer/get the/your/to? call/phone | not available to take/answer
    is? not available please/right/at | is/currently unavailable | get back to/with you
    automated/automatic/autoreply/autoresponse | auto -? reply/response | out of the? office | i? am driving
    google voice/subscriber/assistant | while driving | behind the wheel | do not disturb | in a meeting
    cannot talk right? now?
    will reply/text/read/get/see/answer/return/call back? you/it? soon/later/when/once/park/back/arrive/asap
    will respond/reply | cannot text/answer/respond | call/text you later | call me later | take a message
    thank? you/thanks for your message/email/call | deje/deja su/un/tu mensajes/nombre/recado | despues del tono/bip
    buzon/contestadora | no se encuentra | respuesta automatica | estoy manejando/conduciendo
    en este momento no puedo/se/esta
    """,
}
