"""Calls in Spanish, through the simulated telephone company: all that is said in a call is in its language."""

from twilio_api import SID, TOKEN
from twilio_office import NewTwilioOffice, Phone, TwilioOffice

from app.settings import TwilioSettings
from app.simulation.twilio.phones import Line


async def asked_in_spanish(office: TwilioOffice) -> Phone:
    """The telephone of a nurse who has been asked about the shift s1."""
    ana = await office.caregiver("ana", "+16175550111", language="es")
    await office.fanout(await office.shift("s1"))
    await ana.expects_sms("Hay un turno de RN", "Responda SI")
    return ana


async def test_the_whole_call_is_in_spanish(new_office: NewTwilioOffice) -> None:
    """The offer, the question after unclear words, the offer again after key 3, and the result."""
    async with new_office() as office:
        ana = await asked_in_spanish(office)
        call = await ana.expects_call()
        call.picks_up()
        await call.hears(
            "Hola. Le llama su agencia. Hay un turno de R N el jueves 2 de julio, de las 8 de la mañana a las 4 "
            "de la tarde, U T C. Para aceptar, marque 1 o diga si.",
            "Para oír esto otra vez, marque 3.",
        )
        call.says("¿cuánto pagan?")
        await call.hears("Perdone, no entendimos. Hay un turno de R N", "marque un número")
        call.presses("3")
        await call.hears("Hay un turno de R N el jueves 2 de julio")
        call.presses("1")
        await call.hears("Es suyo este turno. ¡Gracias! Adiós.")
        await call.ends("completed")
        assert (await office.report("s1"))["claimed_via"] == "voice"
        # The question to the words that were not understood went by text as well.
        await ana.expects_sms("Perdone, no entendimos.")
        await ana.expects_sms("El turno de RN el jue 2 jul", "es suyo")


async def test_words_count_on_a_call_in_spanish(new_office: NewTwilioOffice) -> None:
    """As the speech recognition writes them."""
    async with new_office() as office:
        ana = await asked_in_spanish(office)
        call = await ana.expects_call()
        call.says("Sí.")
        await call.hears("Hola.")
        await call.hears("Es suyo este turno.")
        await call.ends("completed")
        await ana.expects_sms("es suyo")


async def test_somebody_calls_who_speaks_spanish(new_office: NewTwilioOffice) -> None:
    """With an offer they hear it; without one they hear so, in Spanish both times."""
    async with new_office() as office:
        ana = await asked_in_spanish(office)
        call = await ana.calls()
        await call.hears("Hola. Le llama su agencia. Hay un turno de R N")
        call.presses("2")
        await call.hears("Gracias. No volveremos a preguntarle por este turno. Adiós.")
        await call.ends("completed")
        again = await ana.calls()
        await again.hears("Hola. Habla con su agencia. Ahora no tenemos ningún turno para usted.")
        await again.ends("completed")


async def test_a_change_of_language_before_the_call_is_heard_again(new_office: NewTwilioOffice) -> None:
    """Key 3 reads the offer in the new language, and the rest of the call stays in that."""
    async with new_office() as office:
        ana = await asked_in_spanish(office)
        call = await ana.expects_call()
        call.picks_up()
        await call.hears("Hola.")
        await office.put_caregiver("ana", "+16175550111", language="en")
        call.presses("3")
        await call.hears("Open R N shift on Thursday, July 2nd")
        call.presses("1")
        await call.hears("You have this shift. Thank you! Goodbye.")
        await call.ends("completed")
        await ana.expects_sms("You have it: RN shift")


async def test_a_machine_hears_spanish(new_office: NewTwilioOffice) -> None:
    """It records who called and where to answer."""
    account = TwilioSettings(account_sid=SID, auth_token=(TOKEN,), from_number="+16175550100", detect_machines=True)
    async with new_office(twilio=account) as office:
        ana = await asked_in_spanish(office)
        ana.line.line = Line.MACHINE
        call = await ana.expects_call()
        await office.minutes(3)
        assert "Para responder, llame o escriba al 6 1 7, 5 5 5, 0 1 0 0." in call.call.heard[-1]
        ana.line.texts.clear()
