"""Canned replies: what they may leave open, and that ours are whole and speak plainly."""

import pytest

from matching.helpline.bridges import sheets
from matching.helpline.practice import script
from matching.helpline.replies import ours
from matching.helpline.replies.errors import UnknownVariable
from matching.helpline.replies.variables import VARIABLES, variables_of

OURS = ours.read()
SHEETS = sheets.read()
SCRIPTS = script.read()
LANGUAGES = set(ours.LANGUAGES)
NUMBERS = {"15", "17", "112", "114", "119", "3018", "3114", "3919", "006"}


@pytest.mark.parametrize(
    "text", ["{", "}", "{}", "{prenom}", "{prenom_ecoutante}", "{{numero}}", "{Numero}", "{heure"]
)
def test_a_text_leaves_nothing_open_that_nobody_can_fill_in(text: str) -> None:
    with pytest.raises(UnknownVariable):
        variables_of(f"avant {text} après")


def test_variables_are_told_once_each_in_their_order() -> None:
    assert variables_of("{heure} {numero} {heure}") == ["heure", "numero"]
    assert variables_of("rien") == []


@pytest.mark.parametrize("each", OURS, ids=lambda each: each.name)
def test_each_of_ours_is_in_every_language_with_the_same_variables(each: ours.Ours) -> None:
    french = variables_of(each.text["fr"])

    assert set(each.text) == LANGUAGES
    assert set(each.title) == {"fr", "en"}
    for text in each.text.values():
        assert sorted(variables_of(text)) == sorted(french)
        assert 20 <= len(text) <= 400
        # Neither shouted nor piled up.
        assert "!" not in text


def test_there_are_about_twenty_and_each_has_a_name_of_its_own() -> None:
    names = [it.name for it in OURS]

    assert 18 <= len(names) <= 30
    assert len(set(names)) == len(names)
    used = {name for it in OURS for name in variables_of(it.text["fr"])}
    assert used == set(VARIABLES)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_is_in_every_language_and_fits_a_message(name: str) -> None:
    assert set(SHEETS[name]) == LANGUAGES
    for it in SHEETS[name].values():
        assert len(it.text) <= 2000
        assert it.title


def test_numbers_are_the_same_in_every_language() -> None:
    """A figure that differs between translations is a number that does not answer."""
    ours_ = [it.text for it in OURS]
    theirs = [{language: it.text for language, it in each.items()} for each in SHEETS.values()]
    for each in [*ours_, *theirs]:
        numbers = {language: sorted(NUMBERS & _numbers(text)) for language, text in each.items()}
        assert all(it == numbers["fr"] for it in numbers.values()), numbers


def _numbers(text: str) -> set[str]:
    return set("".join(it if it.isascii() and it.isdigit() else " " for it in text).split())


@pytest.mark.parametrize("each", SCRIPTS, ids=lambda each: each.script)
def test_an_exercise_has_lines_points_and_an_end(each: script.Script) -> None:
    assert set(each.title) == set(each.about) == set(each.points) == {"fr", "en"}
    assert len(each.points["fr"]) == len(each.points["en"]) >= 3
    assert all(turn.say for turn in each.turns)
    assert all(turn.then == "stay" for turn in each.turns[:-1])
    assert script.turn_at(each, 0) is each.turns[0]
    assert script.turn_at(each, len(each.turns)) is None


def test_there_are_five_exercises() -> None:
    assert len({it.script for it in SCRIPTS}) == len(SCRIPTS) == 5
