import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.text import clean_name, clean_names, clean_tag, fold_name, number_names


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Chill Vibes!", "chill vibes"),
        ("  R & B  ", "r b"),
        ("under_score", "under_score"),
        ("Beyoncé", "beyonc"),
        ("夜に駆ける", ""),
        ("🎧🎧", ""),
        ("", ""),
        ("don't stop", "dont stop"),
        ("9/11", "911"),
        ("two\tparts", "two\tparts"),
    ],
)
def test_a_name_is_reduced_to_lower_case_ascii_words(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


def test_spaces_are_collapsed_before_foreign_letters_go_as_in_the_study() -> None:
    # "a é b": nothing to collapse, then é goes and leaves both of its spaces.
    assert clean_name("a é b") == "a  b"


@given(st.text())
def test_a_clean_name_holds_only_lower_case_ascii_and_no_outer_space(raw: str) -> None:
    clean = clean_name(raw)
    assert clean.isascii()
    assert clean == clean.lower().strip()


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_cleaning_an_ascii_name_twice_is_cleaning_it_once(raw: str) -> None:
    assert clean_name(clean_name(raw)) == clean_name(raw)


@given(st.lists(st.text(max_size=6)))
def test_many_names_are_cleaned_like_each(names: list[str]) -> None:
    assert clean_names(names) == [clean_name(name) for name in names]


def test_missing_names_clean_to_nothing() -> None:
    assert clean_names([None, float("nan"), "A"]) == ["", "", "a"]


def test_numbers_follow_first_appearance() -> None:
    codes, unique = number_names(["b", "a", "b", "c"])
    assert codes.tolist() == [0, 1, 0, 2]
    assert unique == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("Hip-Hop", "hip hop"),
        ("hip_hop / rap", "hip hop rap"),
        ("  Drum   & Bass! ", "drum bass"),
        ("MÚSICA", "musica"),
        ("ＤＡＮＣＥ", "dance"),  # Full-width letters.
        ("00s", "00s"),
        ("русский рок", "русский рок"),
        ("Русский-РОК", "русский рок"),
        ("عربي", "عربي"),
        ("♥♥", ""),
        ("", ""),
    ],
)
def test_tags_keep_the_letters_of_their_script(tag: str, wanted: str) -> None:
    assert clean_tag(tag) == wanted
    assert clean_tag(wanted) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "BEYONCE"),
        ("Beyonce\u0301", "Beyoncé"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Don’t Stop", "Don't stop"),
        ("AC/DC", "ACDC"),
        ("Straße", "STRASSE"),
        ("がらくた", "がらくた"),
    ],
)
def test_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("かき", "がき"), ("夜", "朝"), ("Halo", "Hello"), ("й", "и")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)
