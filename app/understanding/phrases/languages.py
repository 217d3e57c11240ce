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
    tl: po na yan yun yung iyan ito yon ang it shift sa dyan diyan @day ho naman opo oo;
    ako: ako ko akong kong;
    kunin: kukunin kunin tatanggapin tanggapin gagawin gawin pupunta papasok darating sasama kaya kayang pwede;
    hindi: pwede available makaka makakapunta makakapasok kaya libre muna makukuha matatanggap tatanggap;
    mwen: mwen m map;
    fe: pran fe vini la ale kouvri disponib ede pral;
    li: li l la sa jou shift a @day travay;
"""
PHRASES: dict[str, str] = {
    "yo": "yo si/yes/mero/misma/mismo? | yes/ok yo",
    "turno": """
    el/ese/este/esa/un/mi? it/@day/turno/dia/@code/@time/trabajo | en it | ahi/alli/alla | a las @time | thatday
    para it/@day/@time | el @day | eso | por la manana | sin problema/falta | con gusto | por favor
    """,
    "cita": """
    cita/clase/clases/examen/trabajo/turno/viaje/boda/fiesta/compromiso/compromisos/planes/reunion/operacion
    escuela/cliente/paciente/dialisis/terapia/mucho/otro/otra/medico/evento/paseo/quehacer
    que trabajar/ir/cuidar/llevar/hacer/estar
    """,
}

ACCEPTANCES: dict[str, str] = {
    "commit": """
    pueden/puede/puedes contar conmigo <turno>* | mio | akin na <tl>* | wi <mwen> ap/pral? travay <li>*
    <yo>? <clitic>* <puedo> a? <tomar>? <turno>* | yo trabajo <turno>* | si/yes? me interesa <turno>*
    me encantaria <tomar>? | <pongan> conmigo/para/en/a/ahi? <turno>* | ahi/alli/alla estare/estoy/voy <turno>*
    estare/estoy ahi/alli/alla <turno>* | ahi/alli voy a estar <turno>* | ahi nos vemos <turno>*
    nos vemos ahi/alli/alla/@day/entonces <turno>* | yo mero | es mio | confirmado/confirmada/confirmadisimo/aceptado
    yes? claro que puedo/voy/quiero <turno>* | con mucho? gusto <clitic>? <puedo> <turno>* | al final si? puedo ir
    estoy de acuerdo | <kunin> na? po? <ako>? <tl>* | <ako> na bahala? <tl>* | payag/game/go/g/pasok <ako> <tl>*
    pwedeng pwede <tl>* | yo le? entro | isama/ilista/ilagay/asahan nyo/niyo/mo po? ako <tl>* | available ako <tl>*
    <mwen> ap/pral/ka/kapab? <fe> <li>* | <mwen> ka/kapab <li>* | konte sou mwen/m | mete non? mwen/m <li>*
    <mwen> aksepte/dako/vle <li>* | ban mwen/m <li>* | je peux/viens/accepte
    """,
    "yes": """
    encantada/encantado | claro/pues/eh/hola/ay/bueno/ok/gracias/perfecto/que? si/yes | claro que si/yes?
    por? supuesto que? si/yes? | con mucho? gusto | desde luego | de acuerdo | absolutamente si/yes? | correcto
    afirmativo | si/yes claro/gracias/senora/senor | oo naman/po? | sige oo/po? | absoliman | adelante | de una
    hazlo | dako | vale si/yes
    """,
}

REFUSALS: dict[str, str] = {
    "no": "no gracias | non mesi | no senora/senor",
    "refuse": """
    no se va a poder ... | no esta vez | en otra ocasion ... | para otra | la proxima | sera en otra ...
    no creo poder ... | pa jodi a | mwen/m refize | sa susunod na lang | wala ako/akong ...
    no/nunca <clitic>* <nopuedo> ... | no llego ... | no me es posible ... | me es imposible ...
    no estoy disponible/libre ... | no es posible ... | no cuenten/cuente/cuentes conmigo ... | no tengo <falta> ...
    no disponible ... | no se puede ... | hoy/manana/esta/ese/esa no vez/dia/semana/puedo/voy? ... | esta vez no
    it/thatday no ... | por ahora no | ni chance/modo/pensarlo/loca/loco/hablar/muerta ... | ni/no lo suenes
    ni a palos | de ninguna forma/manera | en absoluto | definitivamente/absolutamente/mejor no ... | prefiero no ...
    hoy? imposible ... | paso esta vez | para la proxima ... | otra vez sera | otro dia sera | que pena no ...
    lo siento no ... | me queda muy? lejos ... | rechazo | olvidalo | no hay forma/manera ... | voy a faltar
    tengo que cancelar | no lo creo | @day no | no el? @day/it ... | hindi <ako>? po? ako? <hindi> ...
    hindi/di po? ako/ko/na/<hindi> ... | wag/huwag na lang ... | ayaw/ayoko ko? ... | pass muna/po/ako ...
    next time na lang ... | naka - leave ... | may pasok/trabaho/duty/lakad/pupuntahan/work ako? po? ...
    <mwen> pa ... | mwen/m pap/paka ... | pa kapab/ka/disponib/paka ... | yon lot fwa ... | pwochen fwa ...
    """,
    "busy": """
    ya? tengo que ... | ya tengo/estoy/acepte ... | me toca trabajar ...
    ando en/de/enferma/enfermo/ocupada/ocupado/fuera ... | descanso ... | de vacaciones ...
    me? voy/salgo de/a viaje ... | viajo ... | may <may> ... | nasa <may>/ibang ... | naka leave ...
    <mwen> ap travay ... | <mwen> deja/vwayaje ... | ya? tengo una/un/otro/otra/mi/el/la/que? <cita> ...
    ya trabajo ... | trabajo it/thatday/en/con/el/los/todo ...
    estoy/estare ocupada/ocupado/enferma/enfermo/mala/malo/cansada/cansado/trabajando/fuera/de/en ... | mi carro ...
    tengo a mi <kin> enferma/enfermo/mala/malo/en ... | wala/walang magbabantay/sasakyan/oras/kasama ...
    mi <kin> esta enferma/enfermo/mala/malo/en ... | me duele ... | me encuentro mal/fatal ...
    mwen/m okipe/malad/gen/travay/nan ...
    """,
    "free": "necesito ... | estoy disponible/libre <turno>* | tengo libre ...",
    "wish": "quisiera | me gustaria",
}
