"""What people say in several words and mean as one; put as one before any phrase is looked for. Only wording."""

REWRITES: dict[str, str] = {
    # Sounds, courtesies and oaths that may stand between any two words.
    "": """
    um | uh | er | ah | po | damn | goddamn | fucking | fuckin | freaking | freakin | what? the hell/heck/fuck
    for crying out loud | mire que | frickin | bloody | effing | pong | fijese/fijate que | i tell you what | no cap
    for real | tf
    """,
    ",": "comma",
    "because": "only because",
    "before": "b 4",
    "gonna be": "gone be",
    "it": """
    <det> <kind>* <shift> | <det> <shift> on? @day | the? one on @day | it one | that one there | the offer
    dat shift
    """,
    "thatday": """
    that/this day | the day | that/this date | that week/weekend | this week/weekend | that same day | the same day
    those days | those dates | dat day
    """,
    "be there": "b/bee there | be/b thier/thre/their | be over there",
    "will": "might as well",
    "see you": "c you",
    "thanks": "thank you so? very? much | thank you so | thanks so? much | with thanks",
    "no problem": "no hay problema/bronca/pena/tema | not a problem",
    "yeah": "yeah no yeah",
    "money": "$ $ | $ $ $",
    "half of it": "not the? whole/full/entire/all shift/thing/day/time",
    "i would be": "id be",
    "i would love": "id love",
    "i would like": "id like",
    "take": "pick/pic up | pickup | take on | scoop up | snatch up",
    "taking": "picking/scooping up",
    "took": "picked up",
    "texts": "<det> <kind>* shift <texts>",
    "bedrest": "bed rest",
    "take it": "do her | pick it/that/this/er up? | pick that/this one up | scoop/take it up",
    "gonna": "going to | about to | fixing to | finna | fitting to",
    "can": "am able to | will be able to | be able to | would be able to | are able to",
    "i can": "i cna | me can | mi can",
    "i": "i am afraid i",
    "why not": "y not",
    "mother": "mother/father/sister/brother/son/daughter in law",
    "i cannot": "i no can",
    "i do not have": "i no have",
    "cannot": """
    can not | am? not gonna be able to? | am? not gonna can | am? not able to? | could not be able to?
    not be able to? | will not be able to? | am? unable to?
    """,
    "optout": "opt/opted/opting -? out",
    "i take it": "i got/gotcha this/that one/shift/case? | i have got this/that one/shift/case?",
    "haveto": "have to | have got to | got to | gotta | must | need to | hafta | has to | had to",
    "lmkif": "let me know if | lmk if",
    "yeah ": "mm hmm | mhm | uh huh",
    "uh uh": "uh uh | nuh uh",
}
