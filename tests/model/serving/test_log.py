import pytest
from aiohttp import web
from aiohttp.http import HttpProcessingError

from model.serving.log import server_log


def told(error, capsys):
    server_log().error("Error handling request", exc_info=error)
    return capsys.readouterr()


def test_a_fault_is_one_line_on_stderr_with_what_it_is(capsys):
    said = told(ZeroDivisionError("division\nby zero"), capsys)
    assert not said.out
    assert said.err.splitlines() == [
        "model: fault in the program: ZeroDivisionError: division by zero; please report it"
    ]


@pytest.mark.parametrize(
    "error",
    [
        HttpProcessingError(message="no request"),
        web.RequestPayloadError("cut off"),
        ConnectionResetError(),
    ],
)
def test_of_what_clients_do_nothing_is_said(error, capsys):
    assert told(error, capsys) == ("", "")


def test_what_is_no_warning_is_not_said(capsys):
    server_log().info("a client came")
    assert capsys.readouterr() == ("", "")


def test_no_other_log_hears_of_it(caplog, capsys):
    told(ZeroDivisionError(), capsys)
    assert not caplog.records
