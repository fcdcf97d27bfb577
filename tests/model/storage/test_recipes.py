from pathlib import Path

from model.storage.recipes import Recipe, hash_bytes, hash_file, library_versions


def test_a_folders_name_depends_on_parameters_and_not_on_inputs() -> None:
    def name(**parts: object) -> str:
        recipe = {"stage": "split", "label": "x", "parameters": {"k": 1}, "inputs": {}} | parts
        return Recipe(**recipe).name

    assert name(inputs={"corpus": "abc"}) == name()
    assert name(parameters={"k": 2}) != name()
    # The order in which parameters are named does not matter.
    assert name(parameters={"a": 1, "b": 2}) == name(parameters={"b": 2, "a": 1})


def test_files_and_bytes_hash_alike(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    # SHA-256 of "abc", FIPS 180-2, appendix B.1.
    assert hash_file(tmp_path / "f") == hash_bytes(b"abc")
    assert hash_bytes(b"abc").startswith("ba7816bf8f01cfea")


def test_versions_name_what_computes() -> None:
    assert {"python", "numpy", "numba", "scikit-learn"} <= set(library_versions())
