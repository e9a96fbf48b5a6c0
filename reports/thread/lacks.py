"""Where the chain is broken: what each break is, why it matters, and how it is mended.

A break is judged on straight links: an orientation that answers a challenge does not say which of
its actions does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from agreements.access import Access
from agreements.roles import Capability as C
from reports.thread import spine
from reports.thread.spine import Node, Thread

Broken = Callable[[Thread, Node], bool]
ASKED = {
    spine.CHALLENGE: "enjeu",
    spine.FINDING: "constat",
    spine.ORIENTATION: "orientation",
    spine.OBJECTIVE: "objective",
}
"""How the forms of the rooms are asked for an object."""


@dataclass(frozen=True)
class Lack:
    """A kind of break. ``target``: the step that a list proposes to join; ``form``: the page where
    it is mended otherwise, by the words of its link."""

    key: str
    title: str
    why: str
    steps: tuple[str, ...]
    is_broken: Broken
    mended_by: C
    target: str = ""
    join_words: str = ""
    form: tuple[str, str] | None = None
    in_query: bool = False
    """The form takes the object after « ? » (``ASKED``); otherwise its key is in the path."""
    for_authors: bool = False
    """Asked of those who write it only: who may not read every figure would be told a falsehood."""

    def title_in(self, thread: Thread) -> str:
        """With the names that the agreement gives to its levels."""
        return self.title.format(orientations=thread.labels[3], objectifs=thread.labels[4].lower())

    def form_url(self, thread: Thread, node: Node) -> str:
        if self.form is None:
            return ""
        name = self.form[0]
        if not self.in_query:
            return reverse(name, args=[node.slug, node.pk])
        asked = {ASKED[node.step]: node.pk}
        if node.step == spine.OBJECTIVE:
            over = (row for row in thread.rests_on(node.key) if row.step == spine.ORIENTATION)
            asked |= {ASKED[row.step]: row.pk for row in over}
        return f"{reverse(name, args=[node.slug])}?{urlencode(asked)}"


@dataclass(frozen=True)
class Found:
    lack: Lack
    nodes: tuple[Node, ...]
    can_mend: bool

    @property
    def count(self) -> int:
        return len(self.nodes)


def _without(*steps: str) -> Broken:
    return lambda thread, node: not thread.next_to(node.key, *steps)


def _alive_without(*steps: str) -> Broken:
    return lambda thread, node: (
        spine.DROPPED not in node.marks and not thread.next_to(node.key, *steps)
    )


def _begun_without_measure(thread: Thread, node: Node) -> bool:
    return spine.BEGUN in node.marks and not thread.next_to(node.key, spine.MEASURE)


def _without_value(thread: Thread, node: Node) -> bool:
    return spine.BEGUN in node.marks and spine.VALUED not in node.marks


def _without_follow_up(thread: Thread, node: Node) -> bool:
    return spine.OPEN in node.marks and spine.FOLLOWED not in node.marks


def _without_action(thread: Thread, node: Node) -> bool:
    return not any(other.step == spine.ACTION for other in thread.carries(node.key))


def _uncited(thread: Thread, node: Node) -> bool:
    return spine.KNOWN in node.marks and not thread.next_to(node.key, spine.FINDING)


LACKS: tuple[Lack, ...] = (
    Lack(
        "enjeu-sans-action", "Enjeux auxquels aucune action ne répond",
        "Le diagnostic en a fait une priorité, et le plan n'en dit rien : au COPIL, c'est la première question posée.",
        (spine.CHALLENGE,), _without(spine.ACTION), C.PLAN_CHANGE, spine.ACTION,
        "Action qui y répond", ("actionplan:create", "Écrire une action"), True,
    ),
    Lack(
        "constat-sans-enjeu", "Constats qui ne nourrissent aucun enjeu",
        "Ce qui a été constaté se perd s'il ne fonde rien. Un constat peut aussi ne rien appeler : archivez-le alors.",
        (spine.FINDING,), _without(spine.CHALLENGE), C.DIAGNOSIS_CHANGE, spine.CHALLENGE,
        "Enjeu qu'il nourrit", ("territory:convergence", "Regrouper des constats"), True,
    ),
    Lack(
        "action-sans-enjeu", "Actions qui ne répondent à aucun enjeu",
        "On ne peut pas dire pourquoi elles sont au plan, ni si elles ont changé quelque chose.",
        (spine.ACTION,), _alive_without(spine.CHALLENGE), C.PLAN_CHANGE, spine.CHALLENGE,
        "Enjeu auquel elle répond",
    ),
    Lack(
        "orientation-sans-enjeu", "{orientations} qui ne répondent à aucun enjeu",
        "Une orientation est la réponse politique à des enjeux : sans eux, elle ne dit pas ce qu'elle veut changer.",
        (spine.ORIENTATION,), _without(spine.CHALLENGE), C.PLAN_CHANGE, spine.CHALLENGE,
        "Enjeu auquel elle répond", ("actionplan:orientation_update", "Choisir plusieurs enjeux"),
    ),
    Lack(
        "niveau-sans-action", "{orientations} et {objectifs} sans action",
        "Une intention que rien ne porte encore. Écrivez une action, ou retirez ce niveau du plan.",
        (spine.ORIENTATION, spine.OBJECTIVE), _without_action, C.PLAN_CHANGE,
        form=("actionplan:create", "Écrire une action"), in_query=True,
    ),
    Lack(
        "action-sans-mesure", "Actions commencées sans mesure",
        "Sans indicateur de suivi, le bilan annuel n'aura que des mots pour elles.",
        (spine.ACTION,), _begun_without_measure, C.PLAN_CHANGE,
        form=("actionplan:measure_create", "Ajouter une mesure"),
    ),
    Lack(
        "mesure-sans-valeur", "Mesures sans aucune valeur, pour des actions commencées",
        "Une mesure jamais relevée ne prouve rien : demandez la valeur au pilote, ou changez de mesure.",
        (spine.MEASURE,), _without_value, C.PLAN_CHANGE,
        form=("actionplan:measure_update", "Saisir une valeur"),
    ),
    Lack(
        "mesure-sans-question", "Mesures qui ne servent à aucune question évaluative",
        "On les relève chaque année sans savoir quelle question elles éclairent.",
        (spine.MEASURE,), _alive_without(spine.QUESTION), C.EVALUATION_CHANGE, spine.QUESTION,
        "Question qu'elle éclaire",
    ),
    Lack(
        "question-sans-mesure", "Questions évaluatives sans mesure",
        "La réponse reposera sur des impressions. Certaines questions s'en passent : la vie des instances se lit aux présences.",
        (spine.QUESTION,), _without(spine.MEASURE), C.EVALUATION_CHANGE, spine.MEASURE,
        "Mesure qui y répond", ("evaluation:question_update", "Choisir plusieurs mesures"),
    ),
    Lack(
        "decision-sans-suite", "Décisions ouvertes dont la suite n'est pas notée",
        "Un comité à qui l'on ne dit pas ce que deviennent ses décisions cesse de décider.",
        (spine.DECISION,), _without_follow_up, C.COMMITTEES_CHANGE,
        form=("committees:decision_follow_up", "Noter la suite"),
    ),
    Lack(
        "decision-sans-action", "Décisions qui ne concernent aucune action",
        "Ce qui est décidé sans être relié au plan se retrouve mal un an après. Une décision de pure forme peut rester seule.",
        (spine.DECISION,), _alive_without(spine.ACTION), C.COMMITTEES_CHANGE, spine.ACTION,
        "Action concernée",
    ),
    Lack(
        "chiffre-sans-constat", "Chiffres locaux qu'aucun constat ne cite",
        "Un chiffre demandé, reçu et saisi, dont personne n'a encore dit ce qu'il montre.",
        (spine.LOCAL,), _uncited, C.DIAGNOSIS_CHANGE, spine.FINDING, "Constat qu'il appuie",
        for_authors=True,
    ),
    Lack(
        "constat-sans-chiffre", "Constats qu'aucun chiffre n'appuie",
        "La parole d'un atelier suffit parfois ; un chiffre la rend plus difficile à écarter.",
        (spine.FINDING,), _without(spine.FIGURE, spine.LOCAL), C.DIAGNOSIS_CHANGE,
        form=("territory:evidence_create", "Appuyer sur un chiffre"), for_authors=True,
    ),
)  # fmt: skip
BY_KEY = {lack.key: lack for lack in LACKS}


def lacks(thread: Thread, access: Access) -> list[Found]:
    """Every kind of break that this reader may be told, found or not."""
    return [
        Found(lack, tuple(broken(thread, lack)), access.can(lack.mended_by))
        for lack in LACKS
        if may_read(lack, access)
    ]


def broken(thread: Thread, lack: Lack) -> list[Node]:
    return [node for node in thread.of(*lack.steps) if lack.is_broken(thread, node)]


def may_read(lack: Lack, access: Access) -> bool:
    if lack.for_authors:
        return access.can(lack.mended_by)
    if spine.QUESTION in (*lack.steps, lack.target):
        return access.can(C.EVALUATION_VIEW)
    return True
