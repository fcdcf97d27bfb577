import pytest

from harvest.emulator.catalogue import words


@pytest.mark.parametrize(
    "name",
    ["ADJECTIVES", "NOUNS", "FIRST_NAMES", "LAST_NAMES", "VERBS", "SINGULAR", "SPANISH", "PLACES"],
)
def test_no_word_stands_twice_or_is_empty(name):
    listed = getattr(words, name)
    assert len(set(listed)) == len(listed)
    assert all(word.strip() == word != "" for word in listed)


def test_the_odd_names_hold_what_breaks_programs():
    odd = "".join(words.ODD_NAMES)
    assert any(ord(letter) > 0xFFFF for letter in odd)
    assert any(not any(map(str.isalnum, name)) for name in words.ODD_NAMES)
