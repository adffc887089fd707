"""What the invented pupils of the demo wrote and agreed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Closed:
    """One closed conversation."""

    pupil_goal: str
    goal: str
    experience: str
    quality: str
    conclusion: str
    learned: str
    pupil_does: str
    mentor_does: str
    done_when: str
    next_topic: str
    doubt: str = ""
    parked: str = ""
    parked_because: str = ""


CLOSED = (
    Closed(
        pupil_goal="Ik wil weten of zorg iets voor mij is.",
        goal="Uitzoeken of werken in de zorg past, voordat ik een profiel kies.",
        experience="Op de maatschappelijke stage bleef ik bij een verdrietige mevrouw zitten.",
        quality="Ik merk het als iemand zich niet fijn voelt, en dan blijf ik rustig.",
        conclusion="Met mensen werken gaat me makkelijk af. Ik hoef er niet over na te denken.",
        learned="Dat rustig blijven ook iets is waar je goed in kunt zijn.",
        pupil_does="Een middag meelopen op de afdeling waar mijn tante werkt",
        mentor_does="De open dagen van de zorgopleidingen op een rij zetten",
        done_when="Ik heb opgeschreven wat ik leuk vond en wat niet",
        next_topic="Wat ik van het meelopen vond",
        doubt="Of ik het volhoud als het heel druk is",
    ),
    Closed(
        pupil_goal="Mijn mentor vindt dat ik moet nadenken over later.",
        goal="Ontdekken waar ik energie van krijg.",
        experience="Ik heb met mijn oom een brommer helemaal uit elkaar gehaald.",
        quality="Ik ga door tot iets werkt.",
        conclusion="Ik leer het snelst als ik iets in mijn handen heb.",
        learned="Dat sleutelen ook een opleiding kan zijn.",
        pupil_does="Bij de fietsenmaker vragen of ik een zaterdag mag meekijken",
        mentor_does="Een kennismaking met de techniekdocent regelen",
        done_when="Ik weet of ik er op zaterdag mag komen",
        next_topic="Of ik techniek wil kiezen",
        parked="Praten over te laat komen",
        parked_because="De stage was nu belangrijker.",
    ),
    Closed(
        pupil_goal="Ik twijfel tussen twee profielen.",
        goal="Weten wat ik nodig heb om te kiezen.",
        experience="Bij het schooltoneel deed ik het geluid en niemand merkte iets van de storing.",
        quality="Ik bedenk snel een oplossing als iets misgaat.",
        conclusion="Ik wil iets maken wat andere mensen gebruiken.",
        learned="Dat ik liever achter het podium sta, en dat dat goed is.",
        pupil_does="Twee oudere leerlingen vragen hoe zij gekozen hebben",
        mentor_does="Uitzoeken of van profiel wisselen kan",
        done_when="Ik heb van allebei één tip",
        next_topic="Mijn keuze voor een profiel",
    ),
)

PREPARED = (
    (
        "Ik wil beslissen of ik me aanmeld voor de zorgopleiding.",
        "Het meelopen bij mijn tante, en of ik het druk worden aankan.",
        True,
    ),
    (
        "Hulp krijgen bij het vinden van een stageplek.",
        "De fietsenmaker en wat ik daar wil leren.",
        True,
    ),
    ("Ik weet het nog niet zo goed, misschien over mijn profiel?", "", False),
    ("Vertellen dat ik wil stoppen met een vak.", "Of dat kan.", False),
)
