"""The notation and the shared words of the phrase tables, and the phrases that ask for something.

Owns wording only; `app.intent` owns what follows from it. Imports nothing of the app.

A phrase is written in the canonical words of `app.reply_text` ("I'll" is `i will`). Phrases are parted by
`|` or a line break. `a/b` is a choice, `a?` may be missing, `<name>` is any word of that class, `<num>` any
number, and a closing `...` stands for the words up to the next pause.
"""


def words(text: str) -> frozenset[str]:
    """Return the set of the words of `text`."""
    return frozenset(text.split())


# Words that may stand for each other in a phrase: the `<name>` of the tables.
CLASSES: dict[str, str] = {
    "i": "i me",
    "will": "will can gonna shall",
    "take": "take do work cover accept grab claim fill handle get want have snag",
    "doable": "take do work cover accept grab make come attend claim commit help",
    "taking": "taking covering accepting grabbing claiming doing",
    "it": "it this that one itone @code @day @time them",
    "come": "come go help attend commit assist",
    "coming": "coming going",
    "det": "the that this your ur el ese este da",
    "kind": """
        open whole full entire rn lpn cna hha nursing @day @time @code offered available day morning
        same extra particular
    """,
    "shift": "shift shifts one case spot slot visit job assignment opening gig turno shif",
    "very": """
        very really super just also still definitely absolutely totally certainly gladly happily
        surely truly always actually most kindly
    """,
    "yes": """
        yes yeah yep yup yas aye affirmative absolutely definitely certainly sure accept accepted
        confirm confirmed deal bet yessir indeed oo opo wi claro acepto confirmo confirmado aceptado
        dale simon emojiyes sige dako
    """,
    "no": "no nope nah negative pass decline declined emojino hindi non nel negativo paso",
    "name": """
        maam sir miss ms mrs mr hon honey sweetie sweetheart baby babe dear boss girl team everyone
        there friend guys yall lady love hun sis bro dude man mija amiga amigo jefa senora
    """,
    "me": "me us",
    "kin": """
        husband wife mom mother dad father son daughter kid kids child children sister brother baby
        grandma grandbaby granddaughter grandson mama family aunt uncle boyfriend girlfriend sitter
        babysitter nephew niece parents hijo hija hijos esposo esposa grandmother grandkids cousin
        partner
    """,
    "job": "job work hospital clinic facility office agency school class nursing other second day",
    "text": """
        text texts message messages messaging texting msg msgs sms notification notifications alerts
        calls phone contact email emails spam offers
    """,
    "textme": "text call message contact email msg bother phone notify ping spam reach buzz bug",
    "texting": """
        texting calling messaging contacting sending emailing spamming bothering blowing harassing
        bugging hitting pinging ringing phoning txting msging
    """,
    "mandar": """
        manden mande mandes envien envie envies escriban escriba escribas llamen llame llames
        contacten contacte molesten moleste molestes mensajeen texteen textees marquen
    """,
    "list": """
        list lists database system roster rotation distribution thread group chat rolls contacts
        files
    """,
    "event": """
        appointment appt appointments doctor doctors dr dentist meeting wedding funeral class
        classes exam exams test interview flight trip date family conflict court jury school church
        commitment commitments obligation obligations shift client clients patient case job party
        graduation recital baby birthday vacation procedure surgery mri event game training
        orientation conference engagement reunion thing visit surgeon tournament concert ceremony
        baptism work plans
    """,
    "adj": """
        prior previous doctor doctors dr dentist medical family work other full double regular
        nursing big baby school parent private different dental eye vet court job hospital new last
    """,
    "offday": "thatday then anyway anyways @day",
    "busy": """
        busy booked unavailable working sick ill scheduled occupied swamped slammed committed tied
        traveling travelling away okipe ocupada ocupado overbooked hospitalized injured contagious
    """,
}

# Said in several words, meant as one; applied before any phrase is looked for.
REWRITES: dict[str, str] = {
    "it": """
        <det> <kind>? <kind>? <kind>? <shift> | <det> <shift> on? @day | the one on @day | it one | itone
        the offer | tha shift
    """,
    "thatday": "that day | this day | the day",
    "take": "pick up | pickup | pic up | take on",
    "take it": "pick it/that/this/er up | pick that/this one up",
    "i will": "i am going to | i am gonna | i am fixing to | i am about to",
    "took": "picked up",
    "taking": "picking up",
    "gonna": "going to | about to | fixing to | finna",
    "ableto": "able to",
    "will": "am ableto | will be ableto to? | be ableto | am able to | will be able to",
    "not ableto": "not be able to | not able to | not be ableto",
    "do it": "doit",
    "want to": "wanna",
    "optout": "opt out",
    "i take it": """
        i got this/that/the one/shift/case | i have got this/that/the one/shift/case | i got this
    """,
    "noneedto": "no need to",
    "haveto": "have to | gotta | must | need to | got to | have got to | hafta | has to",
    "lmkif": """
        let me know if | call/text/message/holler/ping/email/phone/contact/ring/tell me? if
        call/text/message/phone/contact/reach me at/on? this? number? @phone if | hit me up if
        reach out if | call/text if
    """,
    "texts": "the/your/my/these/those/all? shift <text> | the/your/my/these/those shift <text>",
    "yeah": "mm hmm | mhm",
    "": "you know what | um | uh | er | po | ho | ah | you know | i mean",
}

# What the reply asks for, whatever its answer to the offer.
REQUESTS: dict[str, str] = {
    "stop": """
        do not want <text> | to be removed | be removed | me removed | get removed | be taken off
        cut it out | turn off <text> | harassment | blocking you/this | will report you | end this/all
        please no more | please remove | cancelar suscripcion | me removed from | pa voye teks
        voye teks ban mwen anko | quiero salir de | i am gonna block | will block
        do not call/text/message/contact me?/this?/us? | take my number/name/phone out/off
        take me off the <list> | deja/dejen/deje de escribirme/escribir/mandarme/mandar/llamarme
        deja/dejen/deje de llamar/enviarme/molestar/molestarme/textearme | stop/quit/cease/end/halt sending
        stop/quit/cease/halt/discontinue <texting> | stop <text>
        stop/end/discontinue/cancel these/the/this/your/all/my/any/those <text> | stop it
        stop this/that please? now? | stop all <text> | stop with the/these/all | please/pls/just/now stop
        stop please/now/already/immediately | stop stop | unsubscribe me? | optout | opt me? out
        opting out | opted out of | want/like to opt out | remove me
        remove my number/name/phone/cell/info/contact/information | remove this/the number/phone
        take me off | take my name/number/phone/cell off | take this number off | get me off
        take me out of <list> | drop me from | pull me off/from | scratch me off | cross me off
        strike me from | delete my number/info/contact/information/phone/name | delete me
        lose my number/digits | forget my number | delete this number | erase my | lose this number
        block me | scrub my | leave me alone | leave me be | let me be | no more <text>
        no more of these/this | enough with the/these/all | enough <text> | do not <textme> me
        do not send me? these/any/anymore/more/no/texts/messages/me/this/another/your
        do not want/need/wish these/any/your/more/to <text>
        do not want any/more/no/to more/of/get/receive/be <text>/these/texted
        do not want any/more/no/to more/of/get/receive/be contacted/called/messaged/notified
        do not want/wish/like to be texted/contacted/called/messaged/notified/bothered/on
        do not want to receive/get/see/hear
        no longer want/wish/like/need to? get/receive/be/these/your/any/hear/texts/messages/want
        not want these | do not ever <textme> | never <textme> me | never <textme> this number
        do not <textme> this/my number/phone/cell | do not use this/my number/phone
        do not <textme> anymore/again/ever | do not ever call/text again | no texts/messages/calls please
        no texting me? | cease and desist | discontinue | revoke | i revoke | withdraw my consent
        i withdraw consent | do not consent | no consent | you do not have my? consent/permission
        not consent to | i did not consent/agree/sign to/up | i never signed/agreed up/to
        end my? subscription/subscribed | cancel my? subscription | cancel my? <text>
        cancel these/all/the <text> | turn off these/the/my/your/all <text>
        turn these/the/them <text>? off | shut off these/the | shut these off | switch off these/the <text>
        unenroll me? | disenroll me | deactivate me/my | mute me | unsub me? | take me off of
        put me on the? do not call/contact/text list? | do not call list | off your/the/this <list>
        get off my phone | quit it | quit with the | knock it off | want/wanna off this/the/your <list>
        want/wanna out of this/these/the <list>/<text> | get rid of my number | stop blowing
        makes/make it stop | make them stop | make the <text> stop | these <text> need/have to stop
        this needs/has to stop | stop reaching | stop hitting | stop contact
        not interested in receiving/getting/these | i am done with these/the <text> | spam
        reported as spam | reporting this/you as? | <textme> me no more | text me anymore please? do not
        remove from | unsubscribed | go away | no me <mandar> | ya no me <mandar>
        no quiero recibir/mas/estos/mensajes/que | ya no quiero recibir/mas/estos/mensajes/que
        no me manden/mande/envien mas | dejen/deja/deje/dejar de <spanishsend> | deje/dejen de
        paren/pare/para de | para/paren/pare ya/esto/los | ya paren | basta | quitenme | quiteme | quitame
        saquenme | saqueme | sacame | borrenme | borreme | borrame | eliminenme | elimineme | eliminame
        borren/borre/borra/eliminen/elimine/elimina/quiten/quite/quita/saquen mi numero/nombre/telefono
        de/dar/darme/denme/deme/dame/dar de baja | dar me de baja | darse de baja
        cancelar/cancele/cancelen/cancela mi/la/los/estos suscripcion/mensajes/avisos/textos
        no mas mensajes/textos/llamadas/avisos | ya no mas mensajes | no molesten | no moleste mas
        dejenme en? paz | dejame en paz | dejeme en paz | detengan/detener/pare los/estos/sus mensajes
        desuscribir/desuscribirme/desuscribanme | olviden/pierdan mi numero | retirenme | no deseo recibir
        no autorizo | ya no deseo
        huwag/wag na kayo/kang/po/kayong/niyo/nyo/ninyo/mo/ako/mag/magtext/magpadala/akong/itext/i
        huwag nyo/niyo/ninyo/mo na | wag nyo/niyo/ninyo/mo na | tigil na | itigil | tigilan
        tanggalin nyo/niyo/ninyo/mo/ako/po/na/ang | alisin nyo/niyo/ninyo/mo/ako/po/na/ang | tama na po?
        ayaw ko na po? ng/makatanggap | ayoko na po? ng/makatanggap | hinto na
        sispann voye/ekri/rele/texte/mesaj | sispann | pa voye mesaj/ban/anko/mwen/m/text/lot/sa
        pa ekri mwen/m | pa rele mwen/m | retire mwen/m/non/nimewo | wete mwen/m/non/nimewo
        mwen/m pa vle resevwa | mwen/m pa vle mesaj | efase nimewo
    """,
    # What only sounds like a request to stop.
    "not_stop": """
        take me off @otherday/@day | take me off the/my? schedule/shift | take me off it | stop by | stop at
        stop in | stop over | stop to | cannot stop | will not stop | do not stop | bus stop | stop sign
        not stop | never stop | stop and | full stop | non stop | nonstop | pit stop | next stop | last stop
        first stop | end of | at the end | weekend
        cancel my shift/visit/appointment/@day/@otherday/one/patient/it/case | need to cancel
        have to cancel | did they/you/she/he cancel | is it cancelled/canceled | does/did not stop
        would/will not stop | wound not stop | when does it end
        stop the bleeding/bus/iv/pump/feeding/meds/medication/oxygen/infusion/tube/car
        spam call/calls/folder | called/texted/said me? to? stop by | quit my/smoking/the/his/her
        stop signs | smoke stop | i will stop when | take me off hold | take me off of? the? schedule
        pain/bleeding/fever stop
    """,
    "start": """
        get texts again | want to get texts again | i want to get texts again
        want/wanna/like to? get/receive/getting/receiving texts/these/them again
        start texts/messages/alerts again | sign me back up | send me the/texts/shift? again
        put me back on the? list? | resubscribe me? | subscribe me? again? | re subscribe
        start texting/sending/messaging/calling me | start sending texts/them/these/it
        start me back? up? again? | start the/my/these/getting/receiving <text>/shift | opt me? back? in
        opt in | optin | sign me up again | add me back | put me back on/in
        turn the/my/your/these? shift? <text> back on | turn texts back on | turn on the/my/your? <text>
        turn them/it/my back? <text>? on
        want/wanna/like to? get/receive/getting/receiving the/these/your/my shift? <text>? again
        want/wanna/like to? get/receive/getting/receiving shift/texts/messages/them shift? <text>? again
        want/like the? shift? <text> again/back | resume the?/my?/these? shift? <text>/texting | resume
        get the/my/these shift? <text> again | text me again | start again | restart | reactivate me/my
        re enroll me | unstop me? | re add me | readd me | can/could you start texting/sending
        want back in | want back on the list | i want to? start getting/receiving
        send me shifts/texts/messages again | i did not mean to stop/unsubscribe/optout/opt
        stopped by mistake/accident | quiero volver a recibir | quiero recibir otra vez
        quiero recibir los/mensajes/sus | vuelvan a mandarme/enviarme/escribirme | reanudar
        mandenme/mandeme otra/mensajes/de vez/otra/nuevo | suscribirme | suscribir | reactivar
        volver a recibir | itext nyo/niyo na ulit ako | padalhan/itext nyo/niyo ulit
        gusto ko ulit makatanggap | rekomanse | mwen vle resevwa | m vle resevwa
    """,
    "help": """
        help with <text>/this/these | i need help with these/this/the/your <text>/thing/system/app/service
        i need help with these/this | help me please
        help me? please? use/with these/this/the <text>/thing/app/system | help how/what does/do/is
        help me please? | help please | please help | i need help | need help please?
        need/want some? help with/using/understanding these/this? <text>/thing/system/service/number
        need/want some? help with/using/understanding the/your/my? <text>/thing/system/service/number
        how does this/it thing?/system?/service?/texting?/text? work | how do/does these/the <text> work
        how do i use/work/reply/respond/answer | how to use/reply/respond
        what is this service/number/system/thing | what do i reply/text/type/send/press
        how am i supposed to reply/respond/answer | what are my options | what are these/this <text>
        what are the commands | what commands | send me? help/info/instructions | more info please?
        info please | need info | need more info/information please? | more information please?
        instructions please? | ayuda | necesito ayuda | ayudame | ayudeme | como funciona esto/este
        como funcionan | como se usa | tulong | kailangan ko ng tulong | paano ito/to | ede mwen/m
        mwen bezwen ed | m bezwen ed | kijan sa mache | bezwen ed | help? what is this
        i do not understand these/this/the <text> | i do not know how to use/reply/respond | how it works
    """,
    # Help that is not ours to give.
    "not_help": """
        i? need help with | help me understand/lift/move/with/find/get/figure/turn
        need help lifting/moving/turning
    """,
    # Voicemail greetings, automatic replies, call screening.
    "machine": """
        your call has/is/cannot/was
        leave a/your/me message/name/number/voicemail | leave a? brief/detailed/short message
        leave your name | after the beep/tone | at the tone/beep | you have/have reached | have reached
        you reached
        person/party/number/customer/subscriber you are calling/trying/dialing/dialed/have/called/dialled
        you dialed/called/are calling/dialled is/has/the | record your message/name | mailbox | mail box
        voicemail | voice mail | voice messaging | answering machine/service | call screening | screening
        google voice | google subscriber | google assistant | not in service | been disconnected
        please hold | stay on the line | press one/pound/star/1/2/two/zero/the/any | say/state your name
        reason for calling | who is calling and | cannot/unable come/to/get to/come the? phone
        not available to take/answer | cannot/could take/answer/get the?/your?/to? call/phone | hang up
        return your call | get back to you as soon | will call you back/right
        is not available/able please/right/at/to | is unavailable | currently unavailable
        not available right now/at please/the/leave | is unable to take/answer | the tone | forwarded to
        automated | automatic | auto reply | auto - reply | autoreply | auto response | auto - response
        autoresponse | out of office | out of the office | ooo | i am driving | while driving
        behind the wheel | am/i driving right now | do not disturb
        will reply/respond/text/read/get/see/answer/return/call soon/later/when/once/park/back/arrive
        will respond | will reply | get back to you | get back with you | in a meeting
        cannot talk right? now? | can not talk | cannot text | cannot answer | cannot respond
        call you later | call me later | text you later | focus mode | notifications silenced
        has notifications | limited access | checking email | this is an automated
        thank you/thanks for calling/contacting us/the | thank you/thanks for your message/email/call | office hours
        our hours | business hours | deje/deja su/un/tu mensaje/nombre/recado | despues del tono/bip | buzon
        contestadora | no se encuentra | numero que marco/usted | persona que llama/llamo | usted ha llamado
        ha llamado a | respuesta automatica | estoy manejando | estoy conduciendo | fuera de la? oficina
        en este momento no puedo/se/esta | repondeur | kite yon mesaj | apre bip | mag iwan ng mensahe
        nagmamaneho | number has been | is being transcribed | caller id | verizon | the cellular
        wireless customer |  | call cannot be completed | at capacity
    """,
}
