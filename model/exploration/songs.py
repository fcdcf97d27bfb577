"""Audio features and tags of all songs."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from model.amounts import amount
from model.columns import SONG_FEATURES
from model.exploration.counting import describe, value_counts
from model.exploration.exhibits import Exhibit
from model.exploration.plots import draw_bars, draw_histogram, draw_ranks
from model.inputs.track_tags import TrackTags
from model.ragged import IntArray
from model.tables import Tables

N_TOP_TAGS = 25

STUDY_TAGS: Final = {
    "rock": 91_222,
    "pop": 61_775,
    "alternative": 50_568,
    "indie": 43_037,
    "electronic": 40_525,
    "female vocalists": 37_804,
    "favorites": 37_029,
    "love": 31_497,
    "dance": 29_495,
    "00s": 28_699,
}
"""The study's ten most frequent tags, of 839,122 songs of the Million Song dump."""


def describe_songs(tables: Tables) -> Exhibit:
    """Describe the audio features of all tracks that have them, and how many playlists hold one."""
    values = tables.features.values
    table = pd.DataFrame(values, columns=list(SONG_FEATURES))
    table["playlists"] = tables.lists.count_holders(len(table))
    known = int((~np.isnan(values[:, 0])).sum())
    return Exhibit(
        "songs",
        "Audio features of the songs",
        f"{known:,} of {amount(len(table), 'track')} {'has' if known == 1 else 'have'} audio "
        "features. Duration in seconds, loudness "
        "in dB, tempo in BPM; playlists: how many hold a track, of all tracks.",
        describe(table, what="feature"),
        n_shown=20,
    )


def explore_tags(tags: TrackTags, *, least: float) -> list[Exhibit]:
    """Show how many tags songs have, and how often each tag is given.

    Parameters
    ----------
    tags : TrackTags
        last.fm's weights.
    least : float
        Lowest weight of the tags that were kept.
    """
    songs = np.bincount(tags.weights.indices, minlength=len(tags.names)).astype(np.int64)
    return [_per_song(tags, least), *_by_frequency(tags.names, songs)]


def _per_song(tags: TrackTags, least: float) -> Exhibit:
    about = tags.coverage
    n_tags = np.diff(csr_array(tags.weights).indptr).astype(np.int64)
    n_tags = n_tags[n_tags > 0]
    counts = value_counts(n_tags, value="tags", count="songs")
    # A song that was answered without such a tag has none.
    none = pd.DataFrame({"tags": [0], "songs": [about.n_answered - about.n_tagged]})
    counts = pd.concat([none, counts], ignore_index=True)
    bins = _every_number(counts)
    return Exhibit(
        "tags_per_song",
        "Tags of a song",
        f"Of {amount(about.n_songs, 'song')} {about.n_answered:,} have tags, {about.n_tagged:,} of "
        f"them one of weight {least:g} or more (of 100); these have {n_tags.mean():.1f} such tags "
        "each on average.",
        counts,
        lambda: draw_histogram(bins, x=f"tags of weight {least:g} or more of a song", y="songs"),
    )


def _every_number(counts: pd.DataFrame) -> pd.DataFrame:
    """Make bins of one, also of numbers that do not occur."""
    numbers = np.arange(int(counts["tags"].max()) + 1)
    songs = counts.set_index("tags")["songs"].reindex(numbers, fill_value=0).to_numpy()
    return pd.DataFrame({"from": numbers, "to": numbers, "songs": songs})


def _by_frequency(names: list[str], songs: IntArray) -> list[Exhibit]:
    """Order tags by the number of their songs; ties by name."""
    order = np.lexsort((np.array(names, dtype=object), -songs))
    ranked = songs[order]
    table = pd.DataFrame({"tag": [names[place] for place in order.tolist()], "songs": ranked})
    table["study"] = table["tag"].map(STUDY_TAGS).astype("Int64")
    top = table.head(N_TOP_TAGS)
    once = int((songs == 1).sum())
    return [
        Exhibit(
            "top_tags",
            "Most frequent tags",
            f"{', '.join(top['tag'].head(5))} are the most frequent of "
            f"{amount(len(names), 'tag')}. "
            "Study: its counts of the Million Song dump.",
            table,
            lambda: draw_bars(top["tag"].tolist(), top["songs"].to_numpy(np.float64)),
            n_shown=N_TOP_TAGS,
        ),
        Exhibit(
            "tag_frequency",
            "Frequency of tags",
            f"{once:,} of {amount(len(names), 'tag')} {'is' if once == 1 else 'are'} given to one "
            "song alone. Both axes are logarithmic.",
            pd.DataFrame({"rank": np.arange(1, len(ranked) + 1), "songs": ranked}),
            lambda: draw_ranks(ranked, x="rank of the tag", y="songs with the tag", is_log=True),
        ),
    ]
