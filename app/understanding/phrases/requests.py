"""The phrases that ask to stop texts, to resume them, or for help; and what machines say.

Owns wording only, in the notation of `app.understanding.notation`. Imports nothing of the app.
"""

# What the reply asks for, independent of its answer to the offer.
REQUESTS: dict[str, str] = {
    "stop": """
        do not want <text> | to be removed | be removed | me removed | get removed | be taken off | cut it out
        turn off <text> | harassment | blocking you/this | will report you | end this/all | please no more
        please remove | cancelar suscripcion | me removed from | pa voye teks | voye teks ban mwen anko
        quiero salir de | i am gonna block | will block | do not call/text/message/contact me?/this?/us?
        take my number/name/phone out/off | take me off the <list>
        deja/dejen/deje de escribirme/escribir/mandarme/mandar/llamarme
        deja/dejen/deje de llamar/enviarme/molestar/molestarme/textearme | stop/quit/cease/end/halt sending
        stop/quit/cease/halt/discontinue <texting> | stop <text>
        stop/end/discontinue/cancel these/the/this/your/all/my/any/those <text> | stop it
        stop this/that please? now? | stop all <text> | stop with the/these/all | please/pls/just/now stop
        stop please/now/already/immediately | stop stop | unsubscribe me? | optout | opt me? out | opting out
        opted out of | want/like to opt out | remove me
        remove my number/name/phone/cell/info/contact/information | remove this/the number/phone | take me off
        take my name/number/phone/cell off | take this number off | get me off | take me out of <list>
        drop me from | pull me off/from | scratch me off | cross me off | strike me from
        delete my number/info/contact/information/phone/name | delete me | lose my number/digits
        forget my number | delete this number | erase my | lose this number | block me | scrub my
        leave me alone | leave me be | let me be | no more <text> | no more of these/this
        enough with the/these/all | enough <text> | do not <textme> me
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
        cancel these/all/the <text> | turn off these/the/my/your/all <text> | turn these/the/them <text>? off
        shut off these/the | shut these off | switch off these/the <text> | unenroll me? | disenroll me
        deactivate me/my | mute me | unsub me? | take me off of | put me on the? do not call/contact/text list?
        do not call list | off your/the/this <list> | get off my phone | quit it | quit with the | knock it off
        want/wanna off this/the/your <list> | want/wanna out of this/these/the <list>/<text>
        get rid of my number | stop blowing | makes/make it stop | make them stop | make the <text> stop
        these <text> need/have to stop | this needs/has to stop | stop reaching | stop hitting | stop contact
        not interested in receiving/getting/these | i am done with these/the <text> | spam | reported as spam
        reporting this/you as? | <textme> me no more | text me anymore please? do not | remove from
        unsubscribed | go away | no me <mandar> | ya no me <mandar> | no quiero recibir/mas/estos/mensajes/que
        ya no quiero recibir/mas/estos/mensajes/que | no me manden/mande/envien mas
        dejen/deja/deje/dejar de <spanishsend> | deje/dejen de | paren/pare/para de
        para/paren/pare ya/esto/los | ya paren | basta | quitenme | quiteme | quitame | saquenme | saqueme
        sacame | borrenme | borreme | borrame | eliminenme | elimineme | eliminame
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
    # Phrases that only sound like a request to stop.
    "not_stop": """
        i? unsubscribe/stopped/optout/cancelled/canceled by/on/in mistake/accident/error
        accidentally unsubscribe/optout/stopped | unsubscribe me? by/on mistake/accident
        did not mean to unsubscribe/stop/optout | take me off @otherday/@day
        take me off the/my? schedule/shift | take me off it | stop by | stop at | stop in | stop over | stop to
        stop payment/payments on/for/was/is/order/fee/fees
        cannot stop | will not stop | do not stop | bus stop | stop sign | not stop | never stop | stop and
        full stop | non stop | nonstop | pit stop | next stop | last stop | first stop | end of | at the end
        weekend | cancel my shift/visit/appointment/@day/@otherday/one/patient/it/case | need to cancel
        have to cancel | did they/you/she/he cancel | is it cancelled/canceled | does/did not stop
        would/will not stop | wound not stop | when does it end
        stop the bleeding/bus/iv/pump/feeding/meds/medication/oxygen/infusion/tube/car | spam call/calls/folder
        called/texted/said me? to? stop by | quit my/smoking/the/his/her | stop signs | smoke stop
        i will stop when | take me off hold | take me off of? the? schedule | pain/bleeding/fever stop
    """,
    "start": """
        by/on mistake/accident sign me | sign/put/add me back | get back on the/your <list>
        add/put me to/on/onto the/your <list> again | get them/these/those back/again
        turn/switch them/it/everything back on
        can/could/may i get/have/receive them/the/these/my/shift <text>?/shifts?/shift? again/back
        i? want/like/wanna to? receive/get/see/have the/your/my? shifts/offers/alerts/openings again
        stopped/unsubscribed/cancelled/canceled/optout by/on/in mistake/accident/error ...
        accidentally/mistakenly stopped/unsubscribed/cancelled/canceled/optout/texted/hit/blocked ...
        i? unsubscribed by/on/in mistake/accident/error ... | let me back in/on | i am back put/add/send ...
        resume sending/my/the/these | start my/the/these <text> again | start up again
        send them/texts/shifts/messages again | re start | unblock me | un stop | reenroll me | reinstate me
        re activate me | bring back the/my <text> | include me again | keep texting me again
        begin texting/sending me | text me shifts again | sign me up for texts/messages/alerts | get texts again
        want to get texts again | i want to get texts again
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
        re enroll me | unstop me? | re add me | readd me | can/could you start texting/sending | want back in
        want back on the list | i want to? start getting/receiving | send me shifts/texts/messages again
        i did not mean to stop/unsubscribe/optout/opt | stopped by mistake/accident | quiero volver a recibir
        quiero recibir otra vez | quiero recibir los/mensajes/sus | vuelvan a mandarme/enviarme/escribirme
        reanudar | mandenme/mandeme otra/mensajes/de vez/otra/nuevo | suscribirme | suscribir | reactivar
        volver a recibir | itext nyo/niyo na ulit ako | padalhan/itext nyo/niyo ulit | gusto ko ulit makatanggap
        rekomanse | mwen vle resevwa | m vle resevwa
    """,
    "help": """
        help how/what/who/where/why/when | help this/these | i? need some? help
        can/could i get/have some? help | need some help | some help please
        can/could/would you/someone please? help me with this/these/the <text>?/thing?/system?/app?
        can/could/would somebody/anyone please? help me with this/these/the <text>?/thing?/system?/app?
        can/could/would you/someone please? explain/show me? how/what this/it/these works?/work?/reply??
        can/could/would you/someone please? explain/show me? how/what the/to/do works?/work?/reply??
        can/could/would somebody/anyone please? explain/show me? how/what this/it/these works?/work?/reply??
        can/could/would somebody/anyone please? explain/show me? how/what the/to/do works?/work?/reply??
        can/could/would you/someone please? explain/show me? how/what this/it/these/the/to/do use?/respond??
        can/could/would you/someone please? explain/show me? how/what this/it/these/the/to/do text?/texts?
        can/could/would somebody/anyone please? explain/show me? how/what this/it/these/the/to/do use?/respond??
        can/could/would somebody/anyone please? explain/show me? how/what this/it/these/the/to/do text?/texts?
        help me with this/these | i? need help with service
        i? need help with this/these/the/your service/texting/text/shift system/thing/messages/texts/service
        i? need help with this/these/the/your message/sms/phone/app system/thing/messages/texts/service
        how does/do this/these/the/your texting/text/shift/message thing/system/service/app/messages/texts work
        what am i supposed to reply/text/say/do/type/send/press
        i? do not know/understand what/how to reply/respond/text/say/type/send/answer/use
        do not know/understand this/these/the text/message/texts/messages | confused by/about these/this/the ...
        how do i answer/respond/reply/use/work/text these/this/to? | what is this text/message/thing about/for
        what are the options | help with <text>/this/these
        i need help with these/this/the/your <text>/thing/system/app/service | i need help with these/this
        help me please | help me? please? use/with these/this/the <text>/thing/app/system
        help how/what does/do/is | help me please? | help please | please help | i need help | need help please?
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
    # Requests for help with something else.
    "not_help": """
        help lifting/moving/turning/finding/getting/understanding
        i? need some? help lifting/moving/turning/finding/getting/in/at/here/now/asap/tomorrow
        please help the/her/him/mr/mrs/ms/my/this | help the/her/him/mr/mrs/ms/my | what is this about
        i? need help with | help me understand/lift/move/with/find/get/figure/turn
        need help lifting/moving/turning
    """,
    "not_start": """
        start me on | start me at/with/in
    """,
    # Voicemail greetings, automatic replies, call screening.
    "machine": """
        sleep/work/driving/vacation/quiet mode | will see your/this message/text
        text/call/message/email you back | sent automatically | this message was sent
        your call has/is/cannot/was | leave a/your/me message/name/number/voicemail
        leave a? brief/detailed/short message | leave your name | after the beep/tone | at the tone/beep
        you have/have reached | have reached | you reached
        person/party/number/customer/subscriber you are calling/trying/dialing/dialed/have/called/dialled
        you dialed/called/are calling/dialled is/has/the | record your message/name | mailbox | mail box
        voicemail | voice mail | voice messaging | answering machine/service | call screening | screening
        google voice | google subscriber | google assistant | not in service | been disconnected | please hold
        stay on the line | press one/pound/star/1/2/two/zero/the/any | say/state your name | reason for calling
        who is calling and | cannot/unable come/to/get to/come the? phone | not available to take/answer
        cannot/could take/answer/get the?/your?/to? call/phone | hang up | return your call
        get back to you as soon | will call you back/right | is not available/able please/right/at/to
        is unavailable | currently unavailable | not available right now/at please/the/leave
        is unable to take/answer | the tone | forwarded to | automated | automatic | auto reply | auto - reply
        autoreply | auto response | auto - response | autoresponse | out of office | out of the office | ooo
        i am driving | while driving | behind the wheel | am/i driving right now | do not disturb
        will reply/respond/text/read/get/see/answer/return/call soon/later/when/once/park/back/arrive
        will respond | will reply | get back to you | get back with you | in a meeting | cannot talk right? now?
        can not talk | cannot text | cannot answer | cannot respond | call you later | call me later
        text you later | focus mode | notifications silenced | has notifications | limited access
        checking email | this is an automated | thank you/thanks for calling/contacting us/the
        thank you/thanks for your message/email/call | office hours | our hours | business hours
        deje/deja su/un/tu mensaje/nombre/recado | despues del tono/bip | buzon | contestadora | no se encuentra
        numero que marco/usted | persona que llama/llamo | usted ha llamado | ha llamado a
        respuesta automatica | estoy manejando | estoy conduciendo | fuera de la? oficina
        en este momento no puedo/se/esta | repondeur | kite yon mesaj | apre bip | mag iwan ng mensahe
        nagmamaneho | number has been | is being transcribed | caller id | verizon | the cellular
        wireless customer | call cannot be completed | at capacity
    """,
}
