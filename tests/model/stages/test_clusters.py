import numpy as np

from model.batches import published_batches
from model.clusters import Clusters
from model.stages.clusters import batch_name, open_clusters
from model.stages.features import open_scaler
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]


def test_the_holdout_protocol_groups_scaled_training_playlists(holdout: Made) -> None:
    _, materials = holdout
    train = open_split(materials.split).train
    X = open_scaler(materials.features).transform(materials.features.array("features")[train])
    wanted = Clusters(3, random_state=0, any_order=True).fit(X)
    opened = open_clusters(materials.clusters)
    np.testing.assert_array_equal(opened.centers_, wanted.centers_)
    np.testing.assert_array_equal(opened.labels_, wanted.labels_)
    assert opened.n_clusters_ == wanted.n_clusters_
    assert opened.predict(X).tolist() == wanted.predict(X).tolist()


def test_the_published_protocol_groups_each_batch_by_itself(published: Made) -> None:
    _, materials = published
    split, features = open_split(materials.split), materials.features.array("features")
    for part in ("train", "test"):
        for batch in published_batches(split.part(part), 0):
            wanted = Clusters(3, random_state=0).fit(features[batch.rows])
            opened = open_clusters(materials.clusters, batch_name(part, batch.number))
            np.testing.assert_array_equal(opened.labels_, wanted.labels_)
    sizes = materials.clusters.manifest.summary["sizes"]
    assert sum(map(sum, sizes.values())) == len(features)
