from harvest.sources.lists.folders import Walk


def walk(root, own=None):
    """The files' places below the root's parent, and the problems."""
    gone = Walk(root, own=own)
    found = [str(path.relative_to(root)) for path in gone.files()]
    return found, gone.problems


def test_links_are_followed_once(lists, tmp_path):
    lists.write("real/y.csv", "x")
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "x.csv").write_text("x")
    (outside / "back").symlink_to(outside)
    for name in ("first", "second"):
        (lists.root / name).symlink_to(outside)
    (lists.root / "loop").symlink_to(".")
    (lists.root / "z.csv").symlink_to(lists.root / "real" / "y.csv")
    assert walk(lists.root) == (["z.csv", "first/deep/x.csv", "real/y.csv"], [])


def test_links_that_lead_nowhere_or_above_the_folder_are_counted_and_named(lists, tmp_path):
    (tmp_path / "other.csv").write_text("x")
    lists.write("real/y.csv", "x")
    targets = {"broken.csv": "/nonexistent", "self.csv": "self.csv", "up": tmp_path, "disc": "/"}
    for name, target in targets.items():
        (lists.root / "real" / name).symlink_to(target)
    told = "4 links not followed, which lead nowhere or to a folder above: disc, up, broken.csv …"
    assert walk(lists.root) == (["real/y.csv"], [(str(lists.root), told)])


def test_one_link_is_told_of_in_the_singular(lists):
    lists.root.mkdir()
    (lists.root / "x.csv").symlink_to("gone.csv")
    told = "1 link not followed, which leads nowhere or to a folder above: x.csv"
    assert walk(lists.root) == ([], [(str(lists.root), told)])


def test_what_is_hidden_and_what_lies_in_the_state_are_passed_over(lists, tmp_path):
    state = tmp_path / "state"
    (state / "tables").mkdir(parents=True)
    (state / "tables" / "x.csv").write_text("x")
    lists.write("y.csv", "x")
    lists.write(".hidden/z.csv", "x")
    (lists.root / ".gone").symlink_to("/nonexistent")
    (lists.root / "tables").symlink_to(state / "tables")
    (lists.root / "state").symlink_to(state)
    assert walk(lists.root, state) == (["y.csv"], [])
