"""The phrases that take or turn down a shift in Spanish, Tagalog and Haitian Creole. Only wording."""

WORDS = """
    clitic: lo la los las me se te le les;
    puedo: puedo voy quiero acepto tomo agarro hago cubro cojo confirmo ire estare trabajare tomare cubrire hare
      asistire llego llegare aceptare encargo apunto anoto quedo llevo;
    nopuedo: puedo podre podria podemos voy quiero acepto tomo estare ire alcanzo hago trabajo cubro resulta sirve
      apetece interesa conviene da acomoda queda;
    tomar: trabajar tomar tomarlo tomarla hacer hacerlo hacerla cubrir cubrirlo cubrirla ir asistir agarrar agarrarlo
      venir estar trabajarlo ayudar ayudarle aceptar aceptarlo llegar cogerlo coger;
    pongan: apuntenme apunteme apuntame anotenme anoteme anotame inscribame inscribanme agendenme agendeme agendame
      asignenme asigneme asigname asignamelo asignemelo asignenmelo ponganme pongame ponme apunten registrenme metanme
      damelo demelo denmelo cuenten cuente cuenta cuentan;
    may: sakit lagnat ubo bisita klase appointment schedule iba family lakad pasok trabaho duty shift;
    falta: tiempo carro nadie quien ninera transporte disponibilidad como;
    tl: ng po na yan yun yung iyan ito yon ang it shift sa dyan diyan @day ho naman opo oo;
    ako: ako ko akong kong;
    kunin: kukunin kunin tatanggapin tanggapin gagawin gawin pupunta papasok darating sasama kaya kayang pwede;
    hindi: pwede available makaka makakapunta makakapasok kaya libre muna makukuha matatanggap tatanggap;
    mwen: mwen m map;
    fe: pran fe vini la ale kouvri disponib ede pral;
    li: li l la sa jou shift a @day @time travay;
"""
PHRASES: dict[str, str] = {
    "yo": "yo si/yes/mero/misma/mismo? | yes/ok yo",
    "turno": """
    el/ese/este/esa/un/mi? it/@day/turno/dia/@code/@time/trabajo | en it | ahi/alli/alla | para it/@day/@time | eso
    a las @time | thatday | el @day | por la manana | sin problema/falta | con gusto | por favor
    """,
    "cita": """
    cita/clase/clases/examen/trabajo/turno/viaje/boda/fiesta/compromiso/compromisos/planes/reunion/operacion
    escuela/cliente/paciente/dialisis/terapia/mucho/otro/otra/medico/evento/paseo/quehacer
    que trabajar/ir/cuidar/llevar/hacer/estar
    """,
}

ACCEPTANCES: dict[str, str] = {
    "commit": """
    <turno> es mio/mia | wi <mwen> ap/pral? travay <li>* | <yo>? <clitic>* <puedo> a? <tomar>? <turno>*
    payag/game/go/g/pasok <ako> <tl>* | yo trabajo <turno>* | si/yes? me interesa <turno>* | me encantaria <tomar>?
    <mwen> ap/pral/ka/kapab? <fe> <li>* | <pongan> conmigo/para/en/a/ahi? <turno>*
    ahi/alli/alla estare/estoy/voy <turno>* | ahi/alli voy a estar <turno>* | ahi nos vemos <turno>*
    confirmado/confirmada/confirmadisimo/aceptado | yes? claro que puedo/voy/quiero <turno>*
    con mucho? gusto <clitic>? <puedo> <turno>* | al final si? puedo ir | <mwen> aksepte/dako/vle <li>* | yo le? entro
    <kunin> na? po? <ako>? <tl>* | <ako> na bahala? <tl>* | akin na yan/ito/to | mete non? mwen/m <li>*
    pwedeng pwede <tl>* | available ako <tl>* | <mwen> ka/kapab <li>* | konte sou mwen/m | oui je suis disponible
    je peux/viens/accepte | ban mwen/m <li>*
    """,
    "yes": """
    claro/pues/eh/hola/ay/bueno/ok/gracias/perfecto/que? si/yes | claro que si/yes? | por? supuesto que? si/yes?
    con mucho? gusto | absolutamente si/yes? | correcto | como no | si/yes claro/gracias/senora/senor
    ok lang sakin/sa | oo naman/po? | sige oo/po? | adelante | de una | hazlo | dako
    """,
}

REFUSALS: dict[str, str] = {
    "no": "no gracias | non mesi | no senora/senor",
    "refuse": """
    no/nunca <clitic>* <nopuedo> ... | no llego ... | definitivamente/absolutamente/mejor no ...
    no me es posible ... | me es imposible ... | no cuenten/cuente/cuentes conmigo ... | de ninguna forma/manera
    no tengo con? <falta> ... | may pasok/trabaho/duty/lakad/pupuntahan/work ako? po? ...
    hoy/manana/esta/ese/esa no vez/dia/semana/puedo/voy? ... | it/thatday no ... | hindi/di po? ako/ko/na/<hindi> ...
    ni chance/modo/pensarlo/loca/loco/hablar/muerta ... | ni/no lo suenes | ni a palos | me queda muy? lejos ...
    en absoluto | prefiero no ... | hoy? imposible ... | paso esta vez | hindi <ako>? po? ako? <hindi> ... | olvidalo
    para la proxima ... | otro dia sera | <mwen> pa ... | no hay forma/manera ... | next time na lang ... | no lo creo
    voy a faltar | tengo que cancelar | no el? @day/it ... | pass muna/po/ako ... | mwen/m pap/paka ...
    """,
    "busy": """
    ando en/de/enferma/enfermo/ocupada/ocupado/fuera ... | mwen/m okipe/malad/gen/travay/nan ... | may <may> ...
    <mwen> ap travay ... | trabajo it/thatday/en/con/el/los/todo ...
    ya? tengo una/un/otro/otra/mi/el/la/que? <cita> ... | ya? quede con ... | me encuentro mal/fatal ...
    estoy/ando full ... | tengo a mi <kin> enferma/enfermo/mala/malo/en ... | mi carro ... | me duele ...
    estoy/estare ocupada/ocupado/enferma/enfermo/mala/malo/cansada/cansado/trabajando/fuera/de/en ...
    wala/walang magbabantay/sasakyan/oras/kasama ... | mi <kin> esta enferma/enfermo/mala/malo/en ...
    """,
    "free": "necesito ... | estoy disponible/libre <turno>* | tengo libre ...",
    "wish": "quisiera | me gustaria",
}
