"""The texts in Spanish, as it is written to caregivers in the United States: with "usted", AM and PM.

GSM-7 has é, ñ, ¿ and ¡, but not á, í, ó and ú. The texts use words that need none of these four, so that nothing is
misspelled, with two exceptions that everybody writes without the accent in a text: "SI", and "sab" for Saturday.

STOP and START stay in English, because carriers and providers act on these two words themselves. AYUDA is not HELP,
which a provider may answer in English before we do.
"""

from app.domain.languages.wording import Wording

SPANISH = Wording(
    days=("lun", "mar", "mié", "jue", "vie", "sab", "dom"),
    months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    date="{weekday} {day} {month}",
    shift="turno de {role} el {hours}{place}",
    short_shift="{role} {hours}{place}",
    place=" en {location}",
    one_hour="1 hora",
    hours="{count} horas",
    yes="SI",
    no="NO",
    numbered="{answer} {code}",
    your_agency="su agencia",
    office_number=" al {number}",
    offer_by_text=(
        "Hay un {shift}. Responda {yes} para aceptar o {no} para rechazar.",
        "Hay un {shift}. Responda {yes} o {no}.",
        "Hay {shift}. ¿{yes} o {no}?",
    ),
    offer_by_call=(
        "Hay un {shift}. Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no.",
        "Hay un {shift}. Marque 1 para aceptar, 2 para rechazar.",
        "Hay {shift}. 1 es si, 2 es no.",
    ),
    confirmation=(
        "El {shift} es suyo. ¡Gracias! Si no puede ir, responda {no}.",
        "Es suyo: {shift}. ¿No puede ir? Responda {no}.",
        "Suyo: {shift}. ¿No puede? {no}.",
    ),
    closed=(
        "¡Gracias por responder! El {shift} ya no sigue disponible. Le escribiremos cuando haya otro.",
        "¡Gracias! El {shift} ya no sigue disponible.",
        "Ya no disponible: {shift}.",
    ),
    closed_after_change=(
        "¡Gracias por responder! El turno que le ofrecimos ya no sigue disponible. Le escribiremos cuando haya otro."
    ),
    conflict=(
        "Usted ya tiene otro turno a esa hora, por eso no podemos darle el {shift}.",
        "Usted ya trabaja a esa hora: {shift}.",
        "Ya trabaja a esa hora: {shift}.",
    ),
    too_little_rest=(
        "Necesita {rest} de descanso entre turnos, por eso no podemos darle el {shift}.",
        "Sin {rest} de descanso: {shift}.",
    ),
    release_requested=(
        "Avisamos a la oficina que no puede: {shift}. Es suyo hasta que le llamen. ¿Puede ir? Responda {yes}.",
        "Oficina avisada: {shift}. Es suyo hasta que le llamen. ¿Puede ir? {yes}.",
        "Avisado: {shift}. ¿Puede? {yes}.",
    ),
    released=(
        "Ya no tiene el {shift}. No vaya, por favor. ¿Preguntas? Llame a la oficina{office_number}.",
        "Ya no tiene el {shift}. No vaya, por favor.",
        "Ya no es suyo: {shift}.",
    ),
    clarification=(
        "Perdone, no entendimos. Para el {shift}, responda {yes} para aceptar o {no} para rechazar.",
        "Para el {shift}, responda solo {yes} o {no}.",
        "El {shift}: ¿{yes} o {no}?",
    ),
    changed=(
        "Este turno ha cambiado. Ahora: {shift}. Responda {yes} para aceptar o {no} para rechazar.",
        "Cambio: {shift}. Responda {yes} o {no}.",
        "Cambio: {shift}. {yes} o {no}",
    ),
    which_shift="Responda {yes} o {no} al turno que sea, como {example}. ",
    opt_out=(
        "Ya no le enviaremos mensajes ni llamadas de turnos. Los turnos que ya tiene siguen siendo suyos. "
        "Responda START para recibir ofertas otra vez.",
        "Fin de mensajes y llamadas de turnos. Sus turnos siguen siendo suyos. START para recibir ofertas otra vez.",
    ),
    opt_in=(
        "Usted vuelve a recibir ofertas de turnos. Responda AYUDA si necesita ayuda o STOP para dejar de recibirlas."
    ),
    start_first=(
        "Usted ha pedido no recibir ofertas, por eso no podemos darle un turno. Responda START primero y luego "
        "conteste la oferta otra vez."
    ),
    wrong_number="Disculpe la molestia. No volveremos a escribir ni a llamar a este teléfono.",
    help=(
        "Turnos disponibles de {agency}. Conteste cada oferta como dice su texto. Responda STOP para no recibir "
        "ofertas. Para otra cosa, llame a la oficina{office_number}.",
        "Turnos de {agency}. Responda STOP para no recibir ofertas. ¿Preguntas? Llame a la oficina{office_number}.",
    ),
)
