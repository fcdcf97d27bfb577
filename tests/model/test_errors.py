import pytest

from model import errors


@pytest.mark.parametrize(
    ("kind", "code"), [(errors.InputError, 2), (errors.StorageError, 74), (errors.ModelError, 1)]
)
def test_every_error_carries_its_exit_code(kind: type[errors.ModelError], code: int) -> None:
    assert kind("what").exit_code == code


def test_a_leak_names_its_playlists_as_an_attribute() -> None:
    assert errors.LeakError("leak", playlist_ids=(3, 4)).playlist_ids == (3, 4)
