import pytest

from harvest import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InputError("x"), 2),
        (errors.StorageError("x"), 74),
        (errors.Postponed("x"), 75),
        (errors.StateInUse("x", pid=1), 75),
        (errors.CredentialsRefused("x"), 77),
        (errors.Interrupted(2), 130),
        (errors.Interrupted(15), 143),
    ],
)
def test_each_error_ends_in_the_exit_code_that_the_contract_names(error, code):
    assert error.exit_code == code


def test_only_transient_errors_are_worth_a_second_try():
    transient = {errors.ServiceUnavailable, errors.RateLimited, errors.UnusableReply}
    assert all(issubclass(kind, errors.TransientError) for kind in transient)
    assert not issubclass(errors.RequestRejected, errors.TransientError)
    assert not issubclass(errors.CredentialsRefused, errors.TransientError)
