"""The phrases that take or turn down a shift in Spanish, Tagalog and Haitian Creole. Only wording."""

WORDS = """
    clitic: lo la los me le;
    puedo: puedo voy quiero acepto tomo agarro hago cubro cojo confirmo ire estare trabajare tomare cubrire hare
      asistire llego llegare aceptare encargo apunto anoto quedo llevo;
    nopuedo: puedo podre podria podemos voy quiero acepto tomo estare ire alcanzo hago trabajo cubro resulta sirve
      apetece interesa conviene da acomoda queda;
    tomar: trabajar tomar tomarlo tomarla hacer hacerlo hacerla cubrir cubrirlo cubrirla ir asistir agarrar agarrarlo
      venir estar trabajarlo ayudar ayudarle aceptar aceptarlo llegar cogerlo coger;
    pongan: apuntenme apunteme apuntame anotenme anoteme anotame inscribame inscribanme agendenme agendeme agendame
      asignenme asigneme asigname asignamelo asignemelo asignenmelo ponganme pongame ponme apunten registrenme metanme
      damelo demelo denmelo cuenten cuente cuenta cuentan;
    falta: tiempo carro quien;
    tl: ng po na yan yun yung iyan ito yon ang it shift sa dyan diyan @day ho naman opo oo;
    ako: ako ko;
    kunin: kukunin kunin pupunta papasok kaya pwede;
    hindi: pwede available kaya;
    mwen: mwen m map;
    fe: pran fe vini la disponib pral;
    li: li l la sa jou a @day @time travay;
"""
PHRASES: dict[str, str] = {
    "yo": "yo si/yes/mero/misma/mismo? | yes/ok yo",
    "turno": """
    el/ese/este/esa/un/mi? it/@day/turno/dia/@code/@time/trabajo | ahi/alli/alla | para it/@day/@time | por favor
    sin problema/falta
    """,
    "cita": """
    cita/clase/clases/examen/trabajo/turno/viaje/boda/fiesta/compromiso/compromisos/planes/reunion/operacion/escuela/cliente/paciente/dialisis/terapia/mucho/otro/otra/medico/evento/paseo/quehacer
    que trabajar/ir/cuidar/llevar/hacer/estar
    """,
}

ACCEPTANCES: dict[str, str] = {
    "commit": """
    wi <mwen> ap/pral? travay <li>* | <yo>? <clitic>* <puedo> a? <tomar>? <turno>* | payag/game/go/g/pasok <ako> <tl>*
    yo trabajo <turno>* | si/yes? me interesa | <mwen> ap/pral/ka/kapab? <fe> <li>* | yes? claro que puedo/voy/quiero
    <pongan> conmigo/para/en/a/ahi? <turno>* | confirmado/confirmada/confirmadisimo/aceptado | ahi nos vemos <turno>*
    ahi/alli/alla estare/estoy/voy <turno>* | ahi/alli voy a estar <turno>* | <mwen> aksepte/dako/vle/ka/kapab <li>*
    <kunin> na? po? <ako>? <tl>* | <ako> na bahala? <tl>* | akin na yan/ito/to | pwedeng pwede <tl>*
    mete non? mwen/m | available ako <tl>*
    """,
    "yes": """
    claro/pues/eh/hola/ay/bueno/ok/gracias/perfecto/que? si/yes | claro que si/yes? | por? supuesto que? si/yes?
    con mucho? gusto | absolutamente si/yes? | correcto/dako | como no | si/yes claro/gracias/senora/senor
    oo naman/po? | ok lang sakin/sa | sige oo/po?
    """,
}

REFUSALS: dict[str, str] = {
    "no": "no gracias/senora/senor | non mesi",
    "refuse": """
    no/nunca <clitic>* <nopuedo> ... | no llego ... | definitivamente/absolutamente/mejor/it/thatday/prefiero no ...
    hoy/manana/esta/ese/esa no vez/dia/semana/puedo/voy? ... | no me es posible ... | de ninguna forma/manera
    no cuenten/cuente/cuentes conmigo ... | me es imposible ... | may pasok/trabaho/duty/lakad/pupuntahan/work po? ...
    no tengo <falta> ... | hindi/di po? ako/ko/na/<hindi> ... | ni chance/modo/pensarlo/loca/loco/hablar/muerta ...
    hindi <ako>? po? ako? <hindi> ... | me queda muy? lejos ... | no hay forma/manera ... | pass muna/po/ako ...
    en absoluto | hoy? imposible ... | paso esta vez | para la proxima ... | mwen/m pap/paka ... | no el? @day/it ...
    otro dia sera | <mwen> pa ... | no lo creo
    """,
    "busy": """
    ando en/de/enferma/enfermo/ocupada/ocupado/fuera ... | ya? tengo una/un/otro/otra/mi/el/la/que? <cita> ...
    mwen/m okipe/malad/gen/travay/nan ... | <mwen> ap travay ... | tengo a mi <kin> enferma/enfermo/mala/malo/en ...
    trabajo it/thatday/en/con/el/los/todo ... | me encuentro mal/fatal ... | estoy/ando full ... | mi carro ...
    estoy/estare ocupada/ocupado/enferma/enfermo/mala/malo/cansada/cansado/trabajando/fuera/de/en ...
    wala/walang magbabantay/sasakyan/oras/kasama ... | mi <kin> esta enferma/enfermo/mala/malo/en ...
    """,
    "free": "necesito ... | estoy disponible/libre",
}
