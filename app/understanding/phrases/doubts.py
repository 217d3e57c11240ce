"""The phrases that make an answer doubtful: conditions, hedges, counter-offers, other people, machines.

Owns wording only, in the notation of `app.understanding.notation`. Imports nothing of the app.
"""

# Each label is one kind of doubt.
DOUBTS: dict[str, str] = {
    # Words that try to steer a program, or come from one.
    "tamper": """
        ignore | system | instruction | instructions | prompt | assistant | classify | classifier | intent
        override | confidence | every shift | all shifts | all of the shifts | all open shifts | json | output
        respond with/accept/yes | reply with | answer with | return accept/yes/true | print | admin
        administrator | developer | debug | sudo | script | select | drop table | http | https | www | pretend
        you are now | disregard | forget previous/all/your/everything | treat this/it/as
        mark this/me/it/as/all | set status/intent/shift/label/to | status | label | user | ai | bot | chatgpt
        gpt | model | function | true | false | null | undefined | nan | api | img | alert | onerror | href
        html | caregiver | dispatcher | to accept | assign all/every/everyone | test | testing | jailbreak
        simulate | role | command
    """,
    # Somebody else speaks, or is spoken for.
    "third": """
        i do not work there/here/for ... | no longer work/employed ... | no longer with | this is his/her/their
        this is not | i am his/her/their | i am not her/him | wrong number | wrong person | numero equivocado
        equivocado | not here | is not here | is not home | no longer works/here/at/lives/work
        does not work/live here | you have the wrong | he/she/they said/says/say/cannot/wants/want/told
        he/she not | he/she does not | he/she did not | he/she is/are not
        my <kin> said/says/will/wants/would/told | my coworker/friend/roommate/partner | for a friend
        for my <kin>/friend/coworker | on behalf of | behalf | asked me to | told me to | wants me to | no one
        nobody | noone | none of | someone/somebody else | el/ella no/dice/dijo/puede/va/si | ella
        mi hija/hijo/esposo/esposa/mama/hermana/marido/amiga dice/dijo/puede/va/no | no soy
        no vive/trabaja aqui | no esta aqui/en | no esta | soy su
        soy el/la esposo/esposa/hijo/hija/hermana/mama | habla su | siya | sya | wala siya/sya
        asawa nya/niya/niyang | li pa la | li di | se madanm/mari li | asawa ko | anak nya/niya | new phone who
        number belongs | who dis | <kin> can/will/could/wants/said | ask my | let her/him/them have/take/know
    """,
    # Others are mentioned: doubtful beside an acceptance, a reason beside a refusal.
    "they": """
        she/he/they | her/him | his | their | tell her/him | we | our | says/said | for her/him/them
        husband/wife/mom/mother/dad/father/son/daughter
        aunt/uncle/cousin/boyfriend/girlfriend/grandmother/grandma/nephew/niece | <kin> here
    """,
    # Something other than a shift is accepted, confirmed or taken.
    "idiom": """
        i? cannot lift/move/turn/reach/find her/him/them/mr/mrs/ms | working on it/that/them/this/my | kidding
        just kidding | jk | psych | sike | yeah right | sure jan | as if | in your dreams | ha ha not
        never mind | nevermind | nvm | april fools | or not | joking | just playing | not really tho
        accept my/our/your/his/her apologies/apology/condolences/sympathy/thanks ...
        accept their/the/medicare/medicaid/insurance apologies/apology/condolences/sympathy/thanks ...
        accept medicare/medicaid/insurance ... | accept your/my/her/his ...
        confirm my/her/his/their/mr/mrs/the ... | accept new ...
        take it up/easy/slow/back/home/off/out/from/personally/away ... | take it as ... | take it there ...
    """,
    # Relatives who are only mentioned count as plain words.
    "word": "my <kin> | our <kin>",
    "condition": """
        if | si | unless | only | provided | providing | as long as | so long as | long as | depends | depending
        depend | dependent | assuming | contingent | on condition | condition | conditions | otherwise | in case
        except | excluding | without | instead | rather | swap | trade | switch | when | once | whenever
        pending | subject to | supposing | suppose | given that | granted | whichever | but not | just not
        just for | just the/a/@day/@time first/last/half/morning/afternoon/couple/few | if and only
        in exchange | promise | guarantee | first | requires | as soon as | only if | nomas | nada mas | solo
        solamente | siempre que | siempre y cuando | con tal | a menos | depende | cuando | excepto | en caso
        mientras | kung | basta | kapag | pag | lang | sana
        si se? pagan/me/no/puedo/es/hay/consigo/encuentro/alguien/tengo/nadie/mi/salgo | si mwen | si m | sof
        selman | men | except for | save for | leave early | leave by | out by | off by | come in late
        start late | be late | running late | be a? little? late | may be late | need to bring
        bring my <kin>/dog
    """,
    # Part of the shift only, or other hours.
    "partial": """
        the? whole/entire/full thing/shift/time/day | all of it | it all | half | part | partial | partially
        portion | some of | couple hours/hrs/of | few hours/hrs | split
        first/last half/part/two/three/four/couple/few/hour | till | until | til | @othertime
        @num hours/hrs/hour/minutes/mins/min | shorter | short shift | noon | midnight | starting
        start at/later/late/after | mitad | medio | media | parte | unas horas | hasta | despues de | antes de
        mwatye | demi | kalahati | hanggang | not the whole/full/entire/all | whole thing | not all/whole/full
        full shift | full time | mas tarde | a partir
    """,
    # Times that may be a counter-offer or just part of the story.
    "timing": """
        late | later | early | earlier | sooner | hours | hrs | hour | minutes | mins | min | mornings
        afternoon | evening | night | nights | overnight | days | after | before | @clock | tarde | temprano
        noche
    """,
    # Another day or another shift.
    "other": """
        @otherday | other day/days | another day/shift/one/case/date | different day/one/shift/time/case/date
        weekend | weekends | tomorrow | tmrw | tonight | next week/month | following week/day | day after
        day before | everyday | weekday | weekdays | other one/shift/case/ones | otro dia/turno | otra fecha/vez
        manana | hoy | bukas | ngayon | ibang araw | sa susunod | lot jou | demen | jodi a | fin de semana
        every day | next one | both | all three | one of | two of | any other | today | a later date | tuesdays
    """,
    "money": """
        @money | rate | pay | pays | paid | paying | bonus | overtime | ot | time and a half | timeandahalf
        double | holiday pay | mileage | gas | dollar | dollars | bucks | hourly | wage | salary | raise | money
        cash | pagan | pago | paga | dinero | peye | bayad | sahod | extra pay | incentive | differential
        compensation | reimburse | more per | an hour | per hour | la hora | $ | %
    """,
    "hedge": """
        i? do not have my schedule/calendar/planner ...
        either | or | haveto leave/be/start/get/go/pick/drop | need a ride | need/want/require more/at/to | must
        haveto see/ask/check/talk/find/look/think/know | haveto | maybe | might | may | probably | prob | prolly
        possibly | possible | perhaps | think | thinking | guess | hopefully | hoping | hope i/to/so/it
        tentative | tentatively | pencil | penciled | penciling | should | could | would | try | trying | likely
        unsure | not sure | not certain | not positive | not @num | not hundredpercent
        not entirely/totally/completely | check | checking | double check
        let me check/see/look/think/ask/confirm/find/know/get/call/talk | lemme | see if/what/about
        we will see | will see | i will see | let you know | get back | wait | hold | pending | leaning
        supposed | considering | consider | considered | backup | back up | standby | stand by | worst case
        last resort | nobody else | no one else | anyone else | anybody else | do not know | dont know | dunno
        idk | not know | undecided | debating | figure | have to ask/see/check/talk/find/look
        need to ask/see/check/talk/find/look/think/know | gotta ask/see/check/talk/find/look
        gonna see/check/ask | waiting | fingers crossed | pretty sure | kinda | sorta | kind of | sort of
        doubt | doubtful | iffy | emojidoubt | hmm | hm | umm | we shall see | almost | nearly | soon | yet
        50 50 | on the fence | up in the air | sounds like | seems | seem | plan to | planning | want to think
        would like to think | not decided | decide | decision | call me | call you | can i call | give me a
        give me @num | ask | asking | talk to | talking to | ponder | tempted | interested | interesting
        quizas | quiza | tal vez | talvez | a lo mejor | puede ser | puede que | creo | no se
        no estoy segura/seguro | posiblemente | probablemente
        dejame/dejeme ver/pensar/checar/revisar/preguntar/verificar/consultar | deja veo | voy a ver | dejame
        dejeme | te/le/les aviso | aviso | avisar | espero | espera | espere | trato | tratare | intentare
        podria | depende | baka | siguro | titingnan | tignan | hindi ko alam | di ko alam | di ko pa alam
        hindi sigurado | di pa sigurado | di pa sure | ewan | tingnan | petet | mwen pa konnen | m pa konnen
        mwen pa si | m pa si | map we | m ap we | mwen pral we | kite mwen/m | mwen kwe | m kwe | mwen panse
        m panse | lets see | let us see | vamos a ver | ya veremos | i believe | believe | as of now | for now
        at the moment | so far | right now | tbd | tba | not yet | no idea | who knows | more than likely
        aint sure | potentially | reckon | ish | count on it maybe | still deciding | on hold | penciled me in
    """,
    "question": """
        what | where | who | whose | why | how | which | do you | does | did | can you | could you | will you
        would you | can i | could i | may i | should i | am i | are you | are they | is it | is this | is that
        is there | is the | is she/he | was it/that/this/she/he | were you/they | has it/anyone/she/he/this/that
        have you/they | do i | do they | is @code | still open | still available | still need | any chance
        anything else | any other | wondering | curious | hello hello | cuanto | cuanta | cuantos | cuantas
        donde | quien | como | cual | que | a que | por que | todavia | aun | hay | magkano | saan | sino | ano
        bakit | paano | pwede ba | konbyen | ki | kote | eske | poukisa | tell me | send me | text me
        give me more | more details | details | need to know | want to know | question | questions
        can you hear | is anyone | anyone there | how about | what about | far | address
    """,
}
