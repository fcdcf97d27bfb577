from pathlib import Path

import pytest

from harvest import config
from harvest.errors import InputError

NAMES = (
    "SPOTIFY_CLIENT_ID",
    "SPOTIFY_CLIENT_SECRET",
    "SPOTIFY_API_URL",
    "SPOTIFY_TOKEN_URL",
    "SPOTIFY_API_KEY",
    "RECCOBEATS_API_URL",
    "LASTFM_API_KEY",
    "LASTFM_API_SECRET",
    "LASTFM_API_URL",
)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_missing_credentials_are_named_with_where_to_get_them(empty_environment):
    with pytest.raises(InputError, match=r"SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not"):
        config.spotify_settings()
    empty_environment.setenv("SPOTIFY_CLIENT_ID", "id")
    with pytest.raises(InputError, match=r"^SPOTIFY_CLIENT_SECRET is not set; make an app at"):
        config.spotify_settings()
    with pytest.raises(InputError, match="LASTFM_API_KEY is not set"):
        config.lastfm_settings()


def test_blank_settings_count_as_absent(empty_environment):
    empty_environment.setenv("LASTFM_API_KEY", "  ")
    with pytest.raises(InputError, match="LASTFM_API_KEY is not set"):
        config.lastfm_settings()


def test_addresses_default_to_the_public_services(empty_environment):
    for name in ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LASTFM_API_KEY"):
        empty_environment.setenv(name, "x")
    assert config.spotify_settings().api_url == "https://api.spotify.com/v1"
    assert config.spotify_settings().token_url == "https://accounts.spotify.com/api/token"
    assert config.lastfm_settings().api_url == "https://ws.audioscrobbler.com/2.0/"


def test_no_secret_shows_in_a_repr(empty_environment):
    for name in NAMES:
        if "URL" not in name:
            empty_environment.setenv(name, "hunter2")
    shown = f"{config.spotify_settings()!r} {config.lastfm_settings()!r}"
    assert "hunter2" not in shown.replace("client_id='hunter2'", "")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/v1",
        "api.spotify.com",
        "http://",
        "https://[::1",
        "https://host..example/v1",
        f"https://{'a' * 64}.example/v1",
        "https://host:port/v1",
        "https://host:0/v1",
        "https://host:65536/v1",
    ],
)
def test_an_address_that_is_none_is_refused_with_an_example(empty_environment, url):
    empty_environment.setenv("LASTFM_API_KEY", "x")
    empty_environment.setenv("LASTFM_API_URL", url)
    with pytest.raises(InputError, match=r"expected an address such as https://ws\.audio"):
        config.lastfm_settings()


def test_credentials_never_go_to_another_machine_in_the_clear(empty_environment):
    empty_environment.setenv("LASTFM_API_KEY", "x")
    empty_environment.setenv("LASTFM_API_URL", "http://example.org/2.0/")
    with pytest.raises(InputError, match="in the clear"):
        config.lastfm_settings()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:80"])
def test_loopback_needs_no_tls(empty_environment, host):
    empty_environment.setenv("LASTFM_API_KEY", "x")
    empty_environment.setenv("LASTFM_API_URL", f"http://{host}/2.0/")
    assert config.lastfm_settings().api_url == f"http://{host}/2.0/"


def test_the_environment_wins_over_the_env_file(empty_environment, tmp_path):
    (tmp_path / ".env").write_text("LASTFM_API_KEY=from-file\nLASTFM_API_SECRET='s'\n")
    empty_environment.setenv("LASTFM_API_KEY", "from-environment")
    config.load_env_file(tmp_path / ".env")
    settings = config.lastfm_settings()
    assert settings.api_key.reveal() == "from-environment"
    assert settings.api_secret.reveal() == "s"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        "LASTFM_API_KEY=x\n".encode("utf-16-le"),  # holds NULs
        b"'A=B'=x\n",
    ],
)
def test_an_unreadable_env_file_is_one_clear_error(tmp_path, content):
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read the settings in .*\.env"):
        config.load_env_file(tmp_path / ".env")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('LASTFM_API_KEY="s3cret\n', 1),
        ("# mine\n\nLASTFM_API_KEY='s3cret\n", 3),
        ('A="s3cret\nB="s3cret"\n', 1),
        ("A=b\nLASTFM_API_KEY: s3cret\n", 2),
        ("A=b\n\n\nLASTFM_API_KEY:s3cret\n", 4),
        ("LASTFM_API_KEY s3cret\n", 1),
    ],
)
def test_a_line_that_is_no_setting_is_named_and_not_repeated(content, line, tmp_path, caplog):
    path = tmp_path / ".env"
    path.write_text(content)
    with pytest.raises(InputError) as why:
        config.load_env_file(path)
    assert str(why.value) == (
        f"cannot read the settings in {path}: line {line} is none, or has a quote that nothing "
        "closes; expected lines of NAME=value"
    )
    assert not caplog.records


def test_comments_names_alone_and_export_are_no_mistakes(empty_environment, tmp_path):
    path = tmp_path / ".env"
    path.write_text("\ufeff# mine: yes\n\nexport LASTFM_API_KEY = 'k' # so\nSPOTIFY_API_KEY\n")
    config.load_env_file(path)
    assert config.lastfm_settings().api_key.reveal() == "k"


def test_a_key_takes_the_place_of_an_app_s_credentials(empty_environment):
    empty_environment.setenv("SPOTIFY_API_KEY", "k3y-made-up")
    empty_environment.setenv("SPOTIFY_API_URL", "https://features.vendor.example/v1")
    settings = config.spotify_settings()
    assert settings.api_key.reveal() == "k3y-made-up"
    assert settings.provider == "features.vendor.example"
    assert "k3y" not in repr(settings)


def test_features_got_by_a_token_are_spotify_s_wherever_it_is(empty_environment):
    empty_environment.setenv("SPOTIFY_CLIENT_ID", "a")
    empty_environment.setenv("SPOTIFY_CLIENT_SECRET", "b")
    empty_environment.setenv("SPOTIFY_API_URL", "http://127.0.0.1:1234/v1")
    assert config.spotify_settings().provider == "spotify"


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o660, 0o600), (0o400, 0o400)])
def test_the_env_file_is_made_its_owner_s_alone(before, after, empty_environment, tmp_path):
    path = tmp_path / ".env"
    path.write_text("SPOTIFY_CLIENT_ID=a\n")
    path.chmod(before)
    config.load_env_file(path)
    assert path.stat().st_mode & 0o777 == after


@pytest.mark.parametrize("host", ["api.example", "api.example:port", "api..example"])
def test_a_password_in_an_address_is_refused_and_not_repeated(empty_environment, host):
    empty_environment.setenv("RECCOBEATS_API_URL", f"https://user:s3cret@{host}/v1")
    with pytest.raises(InputError, match="RECCOBEATS_API_URL holds a user name or a pass") as why:
        config.reccobeats_url()
    assert "s3cret" not in str(why.value)


@pytest.mark.parametrize("rest", ["?key=s3cret", "#s3cret", "?"])
def test_an_address_with_a_query_or_a_fragment_is_refused_and_not_repeated(empty_environment, rest):
    empty_environment.setenv("RECCOBEATS_API_URL", f"https://api.example/v1{rest}")
    with pytest.raises(InputError, match="RECCOBEATS_API_URL holds a query or a fragm") as why:
        config.reccobeats_url()
    assert "s3cret" not in str(why.value)


def test_settings_are_read_where_the_file_system_does_not_let_them_be_made_private():
    path = Path("/proc/self/comm")  # ours, readable by all, and its mode cannot be changed
    if not path.exists():
        pytest.skip("no /proc here")
    config.load_env_file(path)
    assert path.stat().st_mode & 0o077
