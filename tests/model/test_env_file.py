import os
from pathlib import Path

import pytest

from model.env_file import load_env_file
from model.errors import InputError


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVEST_STATE", "of the environment")
    for name in ("ONE", "TWO"):  # so that they are taken away afterwards
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('LASTFM_API_KEY="s3cret\n', 1),
        ("# mine\n\nLASTFM_API_KEY='s3cret\n", 3),
        ("A=b\nLASTFM_API_KEY: s3cret\n", 2),
        ("LASTFM_API_KEY s3cret\n", 1),
    ],
)
def test_a_line_that_is_no_setting_is_named_and_not_repeated(
    content: str, line: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / ".env"
    path.write_text(content)
    with pytest.raises(InputError) as why:
        load_env_file(path)
    assert str(why.value) == (
        f"cannot read the settings in {path}: line {line} is none, or has a quote that nothing "
        "closes; expected lines of NAME=value"
    )
    assert not caplog.records


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"A\0=x\n", b"'A=B'=x\n"])
def test_an_unreadable_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read the settings in .*\.env"):
        load_env_file(tmp_path / ".env")


def test_what_is_no_file_is_refused_and_what_is_absent_is_none(tmp_path: Path) -> None:
    load_env_file(tmp_path / ".env")
    (tmp_path / ".env").mkdir()
    with pytest.raises(InputError, match=r"\.env: it is no file"):
        load_env_file(tmp_path / ".env")


def test_the_environment_wins_and_comments_names_alone_and_export_are_no_mistakes(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".env"
    path.write_text("\ufeff# mine: yes\n\nexport ONE = 'k' # so\nTWO\nHARVEST_STATE=x\n")
    load_env_file(path)
    assert (os.environ["ONE"], os.environ["HARVEST_STATE"]) == ("k", "of the environment")
