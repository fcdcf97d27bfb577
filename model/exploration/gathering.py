"""A workspace -> all exhibits: the tables are read once, and the stages made that are missing."""

import numpy as np

from model.amounts import amount
from model.errors import InputError, NotHarvested
from model.exploration.exhibits import Exhibit, Lacking
from model.exploration.groups import Grouped, show_clusters, show_components
from model.exploration.playlists import describe_playlists, explore_playlists
from model.exploration.reading import read_spreads
from model.exploration.songs import describe_songs, explore_tags
from model.exploration.variability import show_variability
from model.inputs.track_tags import TrackTags, read_tag_weights
from model.stages.clusters import make_clusters, open_clusters
from model.stages.corpus import make_corpus, open_corpus
from model.stages.features import make_features, open_scaler, playlist_table
from model.stages.split import make_split, open_split
from model.stages.workspace import Workspace
from model.tables import Tables, read_tables

SONGS = "Audio features of the songs"
LEARNT = "Features and clusters of playlists"
VARIABILITY = "Variability of the figures"


def explore(workspace: Workspace) -> tuple[list[Exhibit], list[Lacking]]:
    """Compute every table that the state has enough for; figures are drawn when they are written.

    Raises
    ------
    InputError
        If the state holds no playlists, or something else.
    """
    lacking: list[Lacking] = []
    tables, has_features = _tables(workspace, lacking)
    workspace.say(
        f"tables: {amount(len(tables.playlists), 'playlist')}, "
        f"{amount(len(tables.tracks), 'track')}"
    )
    exhibits = [*explore_playlists(tables), *([describe_songs(tables)] if has_features else [])]
    workspace.say("tags: reading")
    tags = _tags(workspace, tables, lacking)
    if tags:
        exhibits += explore_tags(tags, least=workspace.settings.min_tag_weight)
    del tables
    if has_features:
        exhibits += _learnt_if_any(workspace, tags, lacking)
    return exhibits + _variability(workspace, lacking), lacking


def _tables(workspace: Workspace, lacking: list[Lacking]) -> tuple[Tables, bool]:
    """Read the tables, and say whether there are audio features."""
    try:
        return read_tables(workspace.state), True
    except NotHarvested as error:
        lacking.append(Lacking(f"{SONGS}, {LEARNT[0].lower()}{LEARNT[1:]}", str(error)))
        return read_tables(workspace.state, need_features=False), False


def _tags(workspace: Workspace, tables: Tables, lacking: list[Lacking]) -> TrackTags | None:
    try:
        least = workspace.settings.min_tag_weight
        return read_tag_weights(workspace.state, tables.tracks, min_weight=least)
    except NotHarvested as error:
        lacking.append(Lacking("Tags of songs", str(error)))
        return None


def _learnt_if_any(
    workspace: Workspace, tags: TrackTags | None, lacking: list[Lacking]
) -> list[Exhibit]:
    """Show what is learnt of playlists; people's own ones, without followers, teach nothing."""
    try:
        return _learnt(workspace, tags)
    except InputError as error:
        lacking.append(Lacking(LEARNT, str(error)))
        return []


def _learnt(workspace: Workspace, tags: TrackTags | None) -> list[Exhibit]:
    """Show features and clusters of the playlists that are used."""
    corpus = make_corpus(workspace)
    split = make_split(workspace, corpus)
    features = make_features(workspace, corpus, split)
    found = open_clusters(make_clusters(workspace, corpus, split, features))
    source, train, scaler = open_corpus(corpus), open_split(split).train, open_scaler(features)
    values = np.asarray(features.array("features"))
    groups = Grouped(
        features=values[train],
        scaled=scaler.transform(values[train]),
        labels=np.asarray(found.labels_),
        centres=np.asarray(found.centers_ * scaler.span_ + scaler.low_),
        names=[source.names[row] for row in train.tolist()],
        playlists=source.playlists.take(train),
    )
    own = (
        None
        if tags is None
        else TrackTags(tags.weights[source.track_ids], tags.names, tags.coverage)
    )
    summary = features.manifest.summary
    return [
        describe_playlists(playlist_table(source, values)),
        show_components(summary["explained_unscaled"], summary["explained_scaled"]),
        *show_clusters(groups, own, random_state=workspace.settings.random_state),
    ]


def _variability(workspace: Workspace, lacking: list[Lacking]) -> list[Exhibit]:
    exhibits: list[Exhibit] = []
    for protocol in ("published", "holdout"):
        spreads = read_spreads(workspace.state, protocol)
        if spreads is not None:
            exhibits += show_variability(spreads)
    if not exhibits:
        lacking.append(
            Lacking(
                VARIABILITY,
                "no evaluation has left figures: run `model evaluate --protocol published` with "
                "--clusters 2, 10, 50 and 100",
            )
        )
    return exhibits
