import pytest
import typer

from harvest.commands import options

RATES = [("1", 1.0), ("0.25", 0.25), ("1e3", 1000.0), ("0.00001", 1e-5), ("1e9", 1e9)]


@pytest.mark.parametrize(("text", "value"), RATES)
def test_a_rate_is_a_number_from_about_one_a_day(text, value):
    assert options.rate(text) == value


@pytest.mark.parametrize(
    "text", ["0", "-1", "nan", "inf", "fast", "", "1e-320", "0.000009", "1.1e9", "1e308"]
)
def test_any_other_rate_is_refused_by_its_words(text):
    expected = r"is not a number from 0\.00001, about one a day, to 1,000,000,000$"
    with pytest.raises(typer.BadParameter, match=rf"^'{text}' {expected}"):
        options.rate(text)


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("0.4", 0.4), ("1", 1.0)])
def test_a_share_is_any_number_from_0_to_1(text, value):
    assert options.share(text) == value


@pytest.mark.parametrize("text", ["-0.1", "1.1", "nan", "40%", ""])
def test_any_other_share_is_refused_by_its_words(text):
    with pytest.raises(typer.BadParameter, match="is not a share from 0 to 1"):
        options.share(text)


@pytest.mark.parametrize(("text", "value"), [("0.01", 0.01), ("1", 1.0), (0.94, 0.94)])
def test_a_positive_share_is_any_number_above_0_to_1(text, value):
    assert options.positive_share(text) == value


@pytest.mark.parametrize("text", ["0", "-0.1", "1.1", "nan", "inf", "40%", ""])
def test_any_other_positive_share_is_refused_by_its_words(text):
    with pytest.raises(typer.BadParameter, match=f"'{text}' is not a number above 0 and up to 1"):
        options.positive_share(text)


def test_a_command_s_help_names_its_settings_the_state_and_the_exit_codes():
    text = options.settings_help(options.LASTFM_VARIABLES)
    for word in ("LASTFM_API_KEY", "HARVEST_STATE", "75 stopped for later"):
        assert word in text
    assert "SPOTIFY_CLIENT_ID" not in text
