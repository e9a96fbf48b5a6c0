"""The author's words in the diagnosis report. Invented, and each says so."""

from __future__ import annotations

FICTION = "(Exemple fictif.)"

# chapter: text
SECTIONS: dict[str, str] = {
    "presentation": (
        "Commune de la première couronne de Troyes, Saint-André-les-Vergers vit avec l'agglomération : on y "
        "habite, on travaille à côté, on se déplace pour le lycée et l'hôpital. La commune exerce presque "
        "toutes les compétences utiles aux familles ; c'est une force pour décider vite, et une charge. " + FICTION
    ),
    "population": (
        "La population a crû pendant dix ans, puis s'est stabilisée. Ce que les chiffres disent moins bien, "
        "les équipes le voient : les familles avec de jeunes enfants arrivent surtout par le parc locatif, et "
        "beaucoup de mères y élèvent seules leurs enfants.\n\n"
        "Deux mouvements contraires sont à tenir ensemble : une commune qui vieillit, et un quartier Maugout "
        "où plus de quatre habitants sur dix ont moins de vingt-cinq ans. " + FICTION
    ),
    "conditions-de-vie": (
        "La moyenne communale rassure à tort. À Maugout, les ressources reposent sur les prestations et sur des "
        "emplois aux horaires morcelés : la question n'est pas seulement le revenu, c'est le temps. " + FICTION
    ),
    "offre": (
        "L'offre est large pour une commune de cette taille. Les écarts tiennent moins au nombre de places "
        "qu'aux horaires, à l'information des familles et à la solidité des équipes. " + FICTION
    ),
    "adequation": (
        "Le taux officiel de la Cnaf fait foi. Le calcul d'après le registre sert à voir ce que chaque "
        "ouverture ou fermeture changerait, équipement par équipement. " + FICTION
    ),
    "habitants": (
        "Nous sommes allés là où sont les familles : marché, sorties d'école, laverie du quartier. Une "
        "réponse a été promise à chaque groupe ; celles qui manquent encore sont dites ici. " + FICTION
    ),
    "afom": (
        "Les constats viennent de trois études menées en 2025. Ceux qui se répètent d'une étude à l'autre ont "
        "été gardés : ils disent que plusieurs regards se rejoignent. " + FICTION
    ),
    "enjeux": (
        "Quatorze personnes ont classé les enjeux, gommettes en main. Le classement n'est pas un vote du conseil "
        "municipal : il éclaire les choix du comité de pilotage. " + FICTION
    ),
    "methodes": (
        "Ce rapport se lit avec ses limites : plusieurs chiffres de la Caf restent à demander au titre de la "
        "convention, et les plus anciens ne sont cités que lorsqu'ils restent les derniers publiés. " + FICTION
    ),
}  # fmt: skip

# theme: (text, audience)
THEMES: dict[str, tuple[str, str]] = {
    "Petite enfance": (
        "Les places ne manquent pas partout à la fois : elles manquent tôt le matin, le soir et le mercredi. Le "
        "départ en retraite des assistants maternels est l'échéance la plus proche. " + FICTION,
        "public",
    ),
    "Jeunesse": (
        "Après quatorze ans, le lien se perd. Les jeunes ne demandent pas davantage d'activités, mais un lieu "
        "ouvert quand ils sont libres. " + FICTION,
        "public",
    ),
    "Parentalité": (
        "Le lieu d'accueil enfants-parents est plein le samedi et calme en semaine : c'est une information sur "
        "le travail des parents autant que sur l'offre. " + FICTION,
        "committee",
    ),
}  # fmt: skip

KEPT: tuple[str, ...] = ("taux_pauvrete_moins_30ans", "part_prestations_sociales")
"""Figures of more than four years that the report quotes, the last ones published."""
