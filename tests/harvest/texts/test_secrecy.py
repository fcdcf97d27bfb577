import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.errors import RequestRejected
from harvest.texts.secrecy import HIDDEN, LEAST_LETTERS, hide, hide_in_all, hide_in_error

KEY = "a+b/C=1 é"


@pytest.mark.parametrize("said", [KEY, "a%2Bb%2FC%3D1%20%C3%A9", "a%2Bb%2FC%3D1+%C3%A9"])
def test_a_secret_is_hidden_as_it_is_and_as_addresses_write_it(said):
    assert hide(f"<{said}> twice: {said}", [KEY]) == "<***> twice: ***"


@pytest.mark.parametrize("secret", ["", "t", "test", "abcde"])
def test_a_secret_that_nothing_tells_from_words_leaves_the_text_alone(secret):
    assert hide("the greatest abcde", [secret]) == "the greatest abcde"


@given(st.text(), st.text(), st.text(st.characters(codec="ascii"), min_size=LEAST_LETTERS))
def test_no_text_holds_a_secret_that_was_hidden_in_it(before, after, secret):
    left = hide(before + secret + after, [secret])
    assert secret not in left.replace(HIDDEN, "\0") or secret in HIDDEN


def test_reasons_and_errors_are_rid_of_every_secret_that_was_sent():
    assert hide_in_all({"a": "for first-1 and other-2"}, ["first-1", "other-2"]) == {
        "a": "for *** and ***"
    }
    error = RequestRejected("no first-1 here", status=400, advice="try")
    hide_in_error(error, ["first-1"])
    assert (str(error), error.status, error.advice) == ("no *** here", 400, "try")
