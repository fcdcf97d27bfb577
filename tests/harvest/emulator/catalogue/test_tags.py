import numpy as np
import pytest

from harvest.emulator.catalogue.tags import make_tags, read_tags
from harvest.errors import InputError


def test_users_are_scaled_to_the_artists_top_tag(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text("artist,tag,users\n!!!,electronic,3\n!!!,indie,2\nOther,pop,1\n")
    # 2 of 3 users: 66.7 of 100
    assert read_tags(path) == {
        "!!!": (("electronic", 100), ("indie", 67)),
        "other": (("pop", 100),),
    }


def test_a_tag_file_of_another_shape_is_refused(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"tags\.csv"):
        read_tags(path)


def test_made_up_tags_start_with_the_genre_and_descend():
    [tags] = make_tags(["someone"], np.array([2]))
    assert tags[0] == ("rock", 100)
    counts = [count for _, count in tags]
    assert counts == sorted(counts, reverse=True)
    assert 1 < len(tags) <= 8
