"""Decimals: the nearest double, as Python reads it, or none."""

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harvest.sources.decimal_kernels import MOST_DIGITS, SMALLEST_EXPONENT, read_unit

digits = st.text("0123456789", min_size=1, max_size=MOST_DIGITS)
exponents = st.integers(SMALLEST_EXPONENT + MOST_DIGITS, 0)


def read(text):
    return read_unit(np.frombuffer(text.encode() + b"\0", np.uint8), 0)


@given(st.floats(0, 1))
def test_doubles_are_read_as_python_2_and_3_write_them(value):
    for text in (repr(value), f"{value:.17g}"):
        at, got = read(text)
        is_small = 0 < value < 1e-30
        assert (at, got) == (len(text), value) or is_small


@given(digits, exponents)
@example("9007199254740993", -16)  # 2^53 + 1: the last bit is to be rounded
@example("9999999999999999999", -19)
def test_any_digits_give_the_nearest_double(fraction, exponent):
    for text in (f"0.{fraction}", f"0.{fraction}e{exponent}", f"0.{fraction}E{exponent:+}"):
        assert read(text) == (len(text), float(text))


@pytest.mark.parametrize("text", ["0", "1", "0.0", "1.0", "1e0", "0e9", "10e-1", "1.000"])
def test_ends_of_the_range_are_in_it(text):
    assert read(text) == (len(text), float(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "-0", "-0.5", "+1", ".5", "0.", "01", "00", "1.", "0.e1", "1e", "1e+", "1.1", "2"),
        *("1e1", "1e-999", "1e-99999999999", "0." + "1" * (MOST_DIGITS + 1), '"1"', "NaN"),
    ],
)
def test_what_is_no_such_number_is_left(text):
    assert read(text)[0] == -1


@given(st.text("0123456789.eE+-", max_size=12))
def test_what_is_read_is_what_json_reads(text):
    at, value = read(text)
    if at == len(text):
        assert json.loads(text) == value
