"""Calls in Spanish, for a caregiver who lives in the United States.

`mié 1 jul, 8:00 AM-4:00 PM EDT` is said as `miércoles primero de julio, de las 8 de la mañana a las 4 de la tarde,
hora del Este`.
"""

import re

from app.domain.records import Outcome
from app.notifiers.twilio.languages.spoken import TIME, ZONE, Spoken, say_zone, zone_names

_DAYS = {
    "lun": "lunes",
    "mar": "martes",
    "mié": "miércoles",
    "jue": "jueves",
    "vie": "viernes",
    "sab": "sábado",
    "dom": "domingo",
}
_MONTHS = {
    "ene": "enero",
    "feb": "febrero",
    "mar": "marzo",
    "abr": "abril",
    "may": "mayo",
    "jun": "junio",
    "jul": "julio",
    "ago": "agosto",
    "sep": "septiembre",
    "oct": "octubre",
    "nov": "noviembre",
    "dic": "diciembre",
}
_ZONES = zone_names(
    {
        "E": "hora del Este",
        "C": "hora del Centro",
        "M": "hora de la Montaña",
        "P": "hora del Pacífico",
        "AK": "hora de Alaska",
        "H": "hora de Hawái",
    }
)

_DAY = rf"({'|'.join(_DAYS)}) (\d{{1,2}}) ({'|'.join(_MONTHS)})"
#: The day and the hours of a shift; `_say_hours` unpacks the groups.
_HOURS = re.compile(rf"{_DAY}, {TIME}(?: {ZONE})?-(?:{_DAY}, )?{TIME} {ZONE}\b")


def _say_hours(found: re.Match[str], before: str) -> str:
    weekday, day, month, hour, minutes, half, zone, *end = found.groups()
    end_weekday, end_day, end_month, end_hour, end_minutes, end_half, end_zone = end
    start, finish = _time(hour, minutes, half), _time(end_hour, end_minutes, end_half)
    start_zone = f", {_zone(zone)}," if zone else ""
    until = f"al {_day(end_weekday, end_day, end_month)}, " if end_weekday else ""
    # The long form of a shift has the article already.
    joined = "" if not before else " " if before.endswith("el ") else " el "
    return (
        f"{joined}{_day(weekday, day, month)}, {_from(start)}{start_zone} {until}{_until(finish)}, {_zone(end_zone)}"
    )


def _day(weekday: str, day: str, month: str) -> str:
    return f"{_DAYS[weekday]} {'primero' if day == '1' else day} de {_MONTHS[month]}"


def _time(hour: str, minutes: str | None, half: str) -> str:
    """`las 8 de la mañana`, `la 1:30 de la tarde`, `el mediodía`, `la medianoche`."""
    minutes = "" if minutes in (None, ":00") else minutes
    if hour == "12" and not minutes:
        return "la medianoche" if half == "AM" else "el mediodía"
    at_night = half == "PM" and 8 <= int(hour) <= 11
    part = "de la mañana" if half == "AM" else "de la noche" if at_night else "de la tarde"
    return f"{'la' if hour == '1' else 'las'} {hour}{minutes} {part}"


def _from(time: str) -> str:
    return f"de {time}".replace("de el ", "del ")


def _until(time: str) -> str:
    return f"a {time}".replace("a el ", "al ")


def _zone(label: str) -> str:
    return say_zone(label, _ZONES, plus="más", minus="menos")


_TO_ANSWER_LATER = "Para responder después, llame o escriba a este número. Adiós."
_NO_ANSWER = f"No oímos ninguna respuesta. {_TO_ANSWER_LATER}"

SPANISH = Spoken(
    locale="es-US",
    hints="sí, no, sí puedo, no puedo, alto",
    your_agency="su agencia",
    greeting="Hola. Le llama {caller}. ",
    other_keys="Para oír esto otra vez, marque 3. Para no recibir más llamadas, marque 9.",
    no_answer=_NO_ANSWER,
    asked_again="Perdone, no entendimos. {offer} Por favor, marque un número.",
    results={
        Outcome.CLAIMED: "Es suyo {shift}. ¡Gracias! Adiós.",
        Outcome.ALREADY_YOURS: "Ya es suyo {shift}. ¡Gracias! Adiós.",
        Outcome.ALREADY_CLAIMED: "¡Gracias por responder! Lo sentimos, ya no está disponible {shift}. Adiós.",
        Outcome.CONFLICT: (
            "Usted ya tiene otro turno a esa hora o muy cerca, por eso no podemos darle {shift}. Adiós."
        ),
        Outcome.AMBIGUOUS: "Usted tiene más de una oferta. Responda por mensaje, con el número del turno. Adiós.",
        Outcome.DECLINED: "Gracias. No volveremos a preguntarle por {shift}. Adiós.",
        Outcome.RELEASE_REQUESTED: "Avisamos a la oficina que no puede ir. Es suyo hasta que le llamen. Adiós.",
        Outcome.UNRECOGNIZED: f"Perdone, no entendimos. {_TO_ANSWER_LATER}",
        Outcome.NO_OFFER: "Ahora no tenemos ningún turno para usted. Adiós.",
        Outcome.NO_ANSWER: _NO_ANSWER,
        Outcome.WRONG_NUMBER: "Disculpe la molestia. No volveremos a escribir ni a llamar a este número. Adiós.",
        Outcome.OPTED_OUT: (
            "Ya no le enviaremos mensajes ni llamadas de turnos. Los turnos que ya tiene siguen siendo suyos. "
            "Para recibir ofertas otra vez, envíe la palabra START a este número. Adiós."
        ),
        Outcome.OPTED_IN: "Usted vuelve a recibir ofertas de turnos. Adiós.",
        Outcome.HELP: "Llamamos y escribimos sobre turnos disponibles. Para otra cosa, llame a la oficina. Adiós.",
        Outcome.UNKNOWN_SENDER: "No conocemos su número. Por favor, llame a la oficina. Adiós.",
    },
    this_shift="este turno",
    the_shift="el {shift}",
    machine_message=(
        "Hola. Le llama {caller} por un turno disponible: {shift}. Para responder, llame o escriba al {number}. "
        "Adiós."
    ),
    no_offer=(
        "Hola. Habla con {caller}. Ahora no tenemos ningún turno para usted. Para otra cosa, llame a la oficina. "
        "Adiós."
    ),
    not_now="Lo sentimos, ahora no podemos recibir su respuesta. Por favor, escríbanos un mensaje. Adiós.",
    hours=_HOURS,
    say_hours=_say_hours,
)
