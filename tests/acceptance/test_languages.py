"""Caregivers who read Spanish: every text and call is in their language, and what it asks for works."""

from office import NewOffice

from app.domain.records import Kind


async def test_a_shift_is_filled_by_text_in_spanish(new_office: NewOffice) -> None:
    """The offer, the confirmation and the late answer are in the language of whoever gets them."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        ben = await office.caregiver("ben", "+15550002", language="en")
        eva = await office.caregiver("eva", "+15550003", language="es")
        await office.fanout(await office.shift("s1", location="Quincy 02169"))
        offer = "Hay un turno de RN el jue 2 jul, 8:00 AM-4:00 PM UTC en Quincy 02169. Responda SI para aceptar"
        ana.expect_sms(offer)
        eva.expect_sms(offer)
        ben.expect_sms("Open RN shift Thu Jul 2", "Reply YES to accept")
        answer = await ana.replies("SI")
        confirmation = ana.expect_sms("El turno de RN el jue 2 jul", "es suyo", "responda NO.")
        assert (answer["outcome"], answer["reply"]) == ("claimed", confirmation.body)
        assert (await ben.replies("YES"))["outcome"] == "already_claimed"
        ben.expect_sms("no longer open")
        assert (await eva.replies("sí"))["outcome"] == "already_claimed"
        eva.expect_sms("ya no sigue disponible")
        assert (await ana.replies("NO"))["outcome"] == "release_requested"
        ana.expect_sms("Avisamos a la oficina", "Responda SI.")
        assert (await ana.replies("Si"))["outcome"] == "already_yours"
        assert (await office.release("s1")).status_code == 200
        await office.settled()
        ana.expect_sms("Ya no tiene el turno de RN")


async def test_the_number_of_one_of_two_shifts_in_spanish(new_office: NewOffice) -> None:
    """A bare yes is asked back with both shifts; the reply that the question names takes the shift."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        await office.fanout(await office.shift("s1"))
        await office.fanout(await office.shift("s2", day=3))
        await office.all_read()
        answer = await ana.replies("SI")
        assert answer["outcome"] == "ambiguous"
        ana.expect_sms("Responda SI o NO al turno que sea, como SI 1. 1: RN jue 2 jul, 8AM-4PM UTC; 2: RN vie 3 jul")
        # What the office reads stays English.
        assert answer["choices"][0]["summary"].startswith("RN shift Thu Jul 2")
        assert (await ana.replies("SI 2"))["shift_id"] == "s2"
        ana.expect_sms("El turno de RN el vie 3 jul")
        assert (await ana.replies("NO 1"))["outcome"] == "declined"


async def test_words_that_were_not_understood_are_asked_back_in_spanish(new_office: NewOffice) -> None:
    """Once; and a shift that overlaps one of theirs is refused in Spanish too."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        await ana.replies("¿cuánto pagan?")
        ana.expect_sms("Perdone, no entendimos. Para el turno de RN", "responda SI para aceptar o NO para rechazar")
        await ana.replies("SI")
        ana.expect_sms("es suyo")
        await office.fanout(await office.shift("s2", hours="10-18"))
        assert (await ana.replies("SI", shift_id="s2"))["outcome"] == "conflict"
        ana.expect_sms("Usted ya tiene otro turno a esa hora")


async def test_opting_out_and_back_in_in_spanish(new_office: NewOffice) -> None:
    """The words that each answer names lead on to the next."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        assert (await ana.replies("ALTO"))["outcome"] == "opted_out"
        assert ana.expect_sms("Ya no le enviaremos mensajes", "Responda START").kind is Kind.OPT_OUT
        assert (await ana.replies("SI"))["outcome"] == "opted_out"
        ana.expect_sms("Responda START primero")
        assert (await ana.replies("START"))["outcome"] == "opted_in"
        ana.expect_sms("Usted vuelve a recibir ofertas de turnos. Responda AYUDA")
        assert (await ana.replies("AYUDA"))["outcome"] == "help"
        ana.expect_sms("Conteste cada oferta como dice su texto")


async def test_a_wrong_number_in_spanish(new_office: NewOffice) -> None:
    """The apology is in the language that was written to."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        assert (await ana.replies("número equivocado"))["outcome"] == "wrong_number"
        ana.expect_sms("Disculpe la molestia.")


async def test_a_call_in_spanish(new_office: NewOffice) -> None:
    """The keys are explained in Spanish and mean the same as in English."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        await office.minutes(10)
        ana.expect_call("Hay un turno de RN", "Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no.")
        assert (await ana.replies("1", channel="voice"))["outcome"] == "claimed"
        ana.expect_sms("es suyo")


async def test_a_change_of_language_between_offer_and_answer(new_office: NewOffice) -> None:
    """The reply that was asked for still counts, and the answer comes in the new language."""
    async with new_office() as office:
        ana = await office.caregiver("ana", "+15550001", language="es")
        ben = await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        ana.expect_sms("Responda SI")
        ben.expect_sms("Reply YES")
        await office.put_caregiver("ana", "+15550001", language="en")
        await office.put_caregiver("ben", "+15550002", language="es")
        assert (await ana.replies("SI"))["outcome"] == "claimed"
        ana.expect_sms("You have it: RN shift")
        assert (await ben.replies("YES"))["outcome"] == "already_claimed"
        ben.expect_sms("ya no sigue disponible")
        assert (await office.release("s1")).status_code == 200
        await office.settled()
        ana.expect_sms("You no longer have the RN shift")
        # Who came too late is asked first, in the language of today.
        await office.fanout("s1")
        ben.expect_sms("Hay un turno de RN")
