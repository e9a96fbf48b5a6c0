from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.html import escape

from core.components.forms import active_filters
from core.states import STATE_KINDS, TONES


class Text(HTMLParser):
    """The words of a fragment, as a reader meets them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def text_of(source: str, **context: object) -> str:
    parser = Text()
    parser.feed(render(source, **context))
    return " ".join(parser.words)


class PlaceForm(forms.Form):
    name = forms.CharField(label="Nom", help_text="Le nom usuel.")
    note = forms.CharField(label="Remarque", required=False)
    kind = forms.ChoiceField(
        label="Type", required=False, choices=[("", "Tous"), ("rpe", "RPE"), ("laep", "LAEP")]
    )
    secret = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    "source",
    [
        '{% badge state="late" colour="red" %}',
        '{% badge state="unknown" %}',
        '{% badge label="x" tone="pink" %}',
        '{% button label="x" variant="huge" %}',
        '{% link_button label="x" url="/" size="large" %}',
        '{% alert variant="loud" %}{% endalert %}',
        '{% page_header title="x" subtitle="y" %}{% endpage_header %}',
        '{% icon "no-such-icon" %}',
        '{% icon "../../../core/README" %}',
        '{% file_link label="x" url="/" format="exe" %}',
        '{% post_button label="x" url="" %}',
    ],
)
def test_unknown_argument_is_a_template_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(source)


@pytest.mark.parametrize(
    ("kind", "state"),
    [(kind, state) for kind, table in STATE_KINDS.items() for state in table.values()],
    ids=lambda value: getattr(value, "key", value),
)
def test_badge_shows_a_word_and_a_drawing(kind, state) -> None:
    html = render("{% badge state=key kind=kind %}", key=state.key, kind=kind)

    assert escape(state.word) in html
    assert "<svg" in html
    assert 'aria-hidden="true"' in html
    assert state.tone in TONES


@pytest.mark.parametrize("table", STATE_KINDS.values(), ids=STATE_KINDS)
def test_states_of_one_kind_each_have_their_own_drawing(table) -> None:
    icons = [state.icon for state in table.values()]

    assert len(icons) == len(set(icons))


def test_badge_without_kind_reads_the_common_states() -> None:
    assert "en retard" in render('{% badge state="late" %}')
    assert "échue" in render('{% badge state="late" kind="decision" %}')


def test_badge_escapes_its_label() -> None:
    assert "<b>" not in render("{% badge label=label %}", label="<b>gras</b>")


def test_page_header_keeps_actions_and_escapes_title() -> None:
    html = render(
        '{% page_header title=title %}<a href="/x">Agir</a>{% endpage_header %}', title="L'an <2>"
    )

    assert html.count("<h1>") == 1
    assert "&lt;2&gt;" in html
    assert '<a href="/x">Agir</a>' in html


def test_progress_without_value_is_said_missing_and_not_zero() -> None:
    text = text_of('{% progress value=None label="Avancement" %}')

    assert "non renseigné" in text
    assert "0" not in text


def test_progress_writes_numbers_that_a_browser_reads() -> None:
    html = render('{% progress value=value label="A" %}', value=Decimal("12.50"))

    assert 'value="12.50"' in html
    assert "12\u00a0%" in html


def test_key_figure_under_secrecy_shows_the_reason() -> None:
    assert "secret statistique" in text_of('{% key_figure label="Allocataires" reason="secret" %}')


def test_key_figure_without_value_is_said_missing() -> None:
    assert "non disponible" in text_of('{% key_figure label="Allocataires" %}')


def test_data_table_has_caption_and_scopes() -> None:
    html = render(
        '{% data_table caption="Financements" headers=headers rows=rows footer=footer %}',
        headers=["Financeur", ("Montant", "num")],
        rows=[["Caf", "12"]],
        footer=["Total", "12"],
    )

    assert "<caption" in html
    assert "Financements</caption>" in html
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 2
    assert 'tabindex="0"' in html


def test_data_table_without_rows_says_so() -> None:
    assert "Rien à afficher." in text_of(
        '{% data_table caption="x" headers=headers rows=rows %}', headers=["a"], rows=[]
    )


def test_definition_list_keeps_zero_and_says_missing() -> None:
    text = text_of("{% definition_list items=items %}", items=[("Places", 0), ("Note", "")])

    assert text == "Places 0 Note non renseigné"


def test_pagination_keeps_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/?status=late&page=2")
    page = Paginator(range(30), 10).page(2)

    html = render("{% pagination page=page %}", page=page, request=request)

    assert "?status=late&amp;page=3" in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_one_page_is_silent() -> None:
    page = Paginator(range(3), 10).page(1)

    assert render("{% pagination page=page %}", page=page).strip() == ""


def test_field_says_required_in_words_and_ties_help_and_error() -> None:
    form = PlaceForm({"name": ""})

    html = render("{% field form.name %}", form=form)

    assert "(obligatoire)" in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_field_is_unmarked() -> None:
    assert "obligatoire" not in render("{% field form.note %}", form=PlaceForm())


def test_form_errors_lead_to_fields_and_tell_hidden_ones() -> None:
    form = PlaceForm({"name": ""})

    html = render("{% form_errors form %}", form=form)

    assert 'href="#id_name"' in html
    assert "2 erreurs à corriger" in html


def test_form_without_error_has_no_summary() -> None:
    assert render("{% form_errors form %}", form=PlaceForm()).strip() == ""


def test_form_fields_holds_hidden_fields_and_keeps_what_was_typed() -> None:
    html = render("{% form_fields form %}", form=PlaceForm({"name": "Relais", "secret": "s"}))

    assert 'value="Relais"' in html
    assert 'type="hidden"' in html


def test_active_filters_read_as_words_with_a_way_out() -> None:
    request = RequestFactory().get("/?kind=rpe&name=&page=3&tri=date")

    filters = active_filters(PlaceForm(request.GET), request)

    assert [(f.label, f.value, f.url_without) for f in filters] == [
        ("Type", "RPE", "?name=&tri=date")
    ]


def test_filter_bar_counts_in_words() -> None:
    request = RequestFactory().get("/?kind=rpe")
    source = "{% filter_bar form=form %}"

    assert "un filtre actif" in text_of(source, form=PlaceForm(request.GET), request=request)
    assert "aucun filtre" in text_of(source, form=PlaceForm(), request=RequestFactory().get("/"))


def test_conflict_table_shows_both_versions() -> None:
    text = text_of(
        "{% conflict_table rows=rows %}", rows=[{"label": "Titre", "mine": "A", "theirs": ""}]
    )

    assert "Votre version" in text
    assert "Version enregistrée" in text
    assert "(vide)" in text


def test_term_links_to_the_glossary_with_its_meaning() -> None:
    html = render('{% term "COPIL" %}')

    assert 'href="/glossaire/#copil"' in html
    assert 'title="comité de pilotage"' in html


def test_term_absent_from_the_glossary_is_an_error() -> None:
    with pytest.raises(KeyError):
        render('{% term "SIGLE" %}')


def test_copy_button_is_hidden_until_javascript_shows_it() -> None:
    assert "hidden" in render('{% copy_button target="x" %}')


def test_message_of_django_has_its_word() -> None:
    assert "Erreur" in text_of('{% alert variant="error" title="Refusé." %}{% endalert %}')
