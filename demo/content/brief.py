"""What the coordinator kept for the coming COPIL, and the key sentence of each point. Invented."""

SENTENCES = (
    "La première année tient l'essentiel : sur {total} actions, {done} sont réalisées et {running} en cours.",
    "Douze places d'accueil ont ouvert en septembre à la micro-crèche, et le relais petite enfance a désormais une animatrice à temps plein.",
    "Le mercredi dépasse sa cible : les familles viennent à la journée, et les deux centres affichent complet certaines semaines.",
    "Deux actions sont bloquées et attendent votre choix : les cinq places du multi-accueil et le poste d'animation de L'Atelier.",
    "Deux cent quatorze familles ont répondu au questionnaire ; ce qu'elles ont dit leur sera restitué avant la fin de l'année.",
)

# codes of the actions whose first measure is shown, then indicators of the catalogue
ACTION_FIGURES = ("1.1.1", "1.1.3", "2.1.1", "2.2.1")
INDICATOR_FIGURES = ("demandes_admission",)

# title of the point of the coming COPIL: why it is there, in one sentence
KEY_SENTENCES = {
    "Ce que sont devenues les décisions de juin": "Un comité à qui l'on ne rend pas compte cesse de décider : deux décisions ont dépassé leur date.",
    "Première année : avancement du plan": "Dire d'abord ce qui a ouvert, puis ce qui attend : trois exemples, pas un tableau.",
    "Multi-accueil : financer le surcoût de la ventilation": "Sans choix aujourd'hui, les cinq places n'ouvrent pas à la rentrée 2027.",
    "L'Atelier : pourvoir le poste d'animation": "Deux annonces sans candidat : le comité choisit entre élargir le contrat et republier.",
    "Bilan 2026 provisoire": "Le comité valide la trame ; les montants définitifs viendront au printemps.",
    "Perspectives 2027 et calendrier": "Finir sur trois dates, que chacun note.",
}

READERS = ("Hélène Vauthier, maire", "Nadia Bellanger, adjointe à la famille")
WITHDRAWN = "Ancien adjoint à la famille"
