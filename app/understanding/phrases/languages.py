"""The phrases that take or turn down a shift in Spanish, Tagalog and Haitian Creole. Only wording."""

WORDS = """
    clitic: lo la los me le;
    puedo: puedo voy acepto tomo agarro hago cubro cojo confirmo ire estare trabajare tomare cubrire hare
      asistire llego llegare aceptare encargo apunto anoto quedo llevo;
    nopuedo: puedo podre voy quiero acepto ire hago trabajo resulta sirve apetece interesa da acomoda queda;
    tomar: trabajar hacer cubrirlo ir estar;
    pongan: apuntenme apunteme apuntame anotenme anoteme anotame inscribame inscribanme agendenme agendeme agendame
      asignenme asigneme asigname asignamelo asignemelo asignenmelo ponganme pongame ponme apunten registrenme metanme
      damelo demelo denmelo cuenten cuente cuenta cuentan;
    falta: tiempo carro quien; tl: ng na yan yung shift sa dyan @day; ako: ako ko;
    kunin: kukunin kunin pupunta papasok kaya pwede; hindi: pwede available kaya; mwen: mwen m map;
    fe: pran fe vini la disponib pral; li: li l la sa jou a @day @time travay;
"""
PHRASES: dict[str, str] = {
    "yo": "yo yes? | yes/ok yo",
    "turno": "el/un/mi? it/@day/@code/@time | ahi | para it/@day/@time | por favor | sin problema/falta",
    "cita": "cita/trabajo/compromiso/planes/reunion/otro | que cuidar/llevar/hacer",
}

ACCEPTANCES: dict[str, str] = {
    "commit": """
    wi <mwen> ap/pral? travay <li>* | <yo>? <clitic>* <puedo> a? <tomar>? <turno>* | <pongan> conmigo/para/a? <turno>*
    game/go/g/pasok <ako> <tl>* | yo trabajo <turno>* | yes? me interesa | <mwen> aksepte/dako/vle/ka/kapab <li>*
    <mwen> ap/ka? <fe> <li>* | estoy/toy puesta/puesto <turno>*
    <yo>? <clitic>* quiero a? <tomar> <turno>* | <yo>? quiero <turno> | yes yo? quiero <turno>*
    <clitic> quiero <turno>*
    cuenta/cuente/cuenten/pode/contar contar? conmigo/comigo | yes? claro que puedo
    confirmado/confirmada/confirmadisimo | ahi nos vemos <turno>*
    ahi/alli estare/estoy <turno>* | ahi/alli voy a estar <turno>* | <kunin> na? po? <ako>? <tl>* | akin na yan/ito/to
    <ako> na bahala? <tl>* | pwedeng pwede <tl>* | mete non? mwen/m | available ako <tl>*
    """,
    "yes": """
    claro/pues/eh/hola/ay/bueno/ok/gracias/perfecto/que? si/yes | claro que si/yes? | por? supuesto que? yes?
    con mucho? gusto | absolutamente yes? | correcto/dako | como no | si/yes claro/gracias/senora/senor | sige oo/po?
    oo naman? | ok lang sakin/sa
    """,
}

REFUSALS: dict[str, str] = {
    "no": "no gracias/senora | non mesi | mejor? ya no",
    "refuse": """
    ya? no <clitic>* <nopuedo> ... | no llego ... | definitivamente/absolutamente/mejor/it/thatday/prefiero/hoy no ...
    de ninguna forma/manera | no cuenten/cuente/cuentes conmigo ... | me queda muy? lejos ...
    en absoluto | me es imposible ... | may pasok/trabaho/duty/lakad po? ... | hindi <ako>? po? ako? <hindi> ...
    no me? es posible ... | no no? acepto ... | no pue/pudo/puede/podre ... | no tengo <falta> ...
    hindi/di po? ako/ko/<hindi> ... | ni chance/pensarlo ... | no hay forma/manera ...
    para la proxima ... | pass muna ... | hoy? imposible ... | paso esta vez | no el? @day/it ... | mwen/m pap ...
    otro dia sera | me? cojo/tomo/agarro it/thatday/@day off/libre ... | <mwen> pa ... | no lo creo
    """,
    "busy": """
    ando en/de/enferma/enfermo/ocupada/ocupado/fuera ... | tengo a mi <kin> enferma/enfermo/mala/malo/en ...
    ya? tengo una/un/mi/el/la? <cita> ... | mwen/m okipe/malad/gen ... | trabajo it/thatday/en/el/los ...
    <mwen> ap travay ... | me encuentro fatal ... | estoy full ... | mi carro ... | mi <kin> esta enferma/en ...
    estoy/estare ocupada/ocupado/enferma/enfermo/trabajando/fuera/de/en ...
    wala/walang magbabantay/sasakyan/oras/kasama ...
    """,
    "free": "necesito ... | estoy disponible/libre",
}
