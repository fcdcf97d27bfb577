import pytest

from model.serving.guards import is_loopback


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8642", True),
        ("http://LOCALHOST", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.1:8701.evil.example", False),
        ("http://localhost:8701@evil.example", False),
        ("http://127.0.0.1:99999", False),
        ("http://127.0.0.1?evil.example", False),
        ("http://127.0.0.1#evil.example", False),
        ("http://user@127.0.0.1", False),
        ("http://", False),
        ("http://[", False),
        ("http://0.0.0.0", False),
    ],
)
def test_only_names_of_this_machine_are_loopback(address: str, *, expected: bool) -> None:
    assert is_loopback(address) is expected
