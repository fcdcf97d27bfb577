import pytest
from typer.exceptions import TyperException

from model.cli import app
from model.errors import InputError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--recommenders", "magic"], "no recommender 'magic'"),
        (["--recommenders", "als,als"], "each once"),
        (["--recommenders", ","], "expected names with commas between"),
        (["--part", "train"], "--part"),
        (["--parts", "test"], "No such option: --parts"),
        (["--playlists", "many"], "'--playlists': 'many' is neither"),
        (["--definition", "mine"], "--definition"),
    ],
)
def test_wrong_usage_is_explained(
    arguments: list[str], words: str, catalogue_state: object
) -> None:
    with pytest.raises((InputError, TyperException)) as caught:
        app(["compare", "--state", str(catalogue_state), *arguments], standalone_mode=False)
    error = caught.value
    assert words in (error.format_message() if isinstance(error, TyperException) else str(error))
