"""A decimal fraction as JSON writes it -> the nearest double: compiled, exact.

D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and Experience 51 (2021),
doi:10.1002/spe.2984: the decimal's digits times a power of five of 128 bits. Small numbers go by W.
Clinger, "How to read floating point numbers accurately", PLDI 1990, doi:10.1145/93542.93557.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from harvest.machine.compiling import compiled
from harvest.sources.text_kernels import Bytes

SMALLEST_EXPONENT = -60  # of ten; what is published ends at -25 or so
MOST_DIGITS = 19  # that 64 bits hold

_U = np.uint64
_ONE, _SIGN = _U(1), _U(63)
_HALF, _LOW = _U(32), _U(2**32 - 1)
_SPARE = _U(0x1FF)  # bits of a product beyond those of a double
_EXACT = _U(2**53)
_TENS = np.array([float(10**n) for n in range(23)])  # these are doubles
_HALVES = np.array([0.5**n for n in range(320)])


def powers_of_five() -> npt.NDArray[np.uint64]:
    """Give 5^q, q = 0 to `SMALLEST_EXPONENT`, scaled to 128 bits: high and low half, (n, 2).

    Reciprocals are rounded up, so that no product is below the true one.
    """
    rows = []
    for q in range(0, SMALLEST_EXPONENT - 1, -1):
        value = Fraction(5) ** q
        while value < 2**127:
            value *= 2
        while value >= 2**128:
            value /= 2
        whole = -(-value.numerator // value.denominator)
        rows.append((whole >> 64, whole & (2**64 - 1)))
    return np.array(rows, np.uint64)


FIVES = powers_of_five()


@compiled
def read_unit(text: Bytes, at: int) -> tuple[int, float]:
    """Read a JSON number of 0 to 1.

    Parameters
    ----------
    text : ndarray of uint8
        Ends with something that belongs to no number.
    at : int
        Where the number begins; -1 if there is none.

    Returns
    -------
    at : int
        Behind it; -1 where there is no such number, or not of up to `MOST_DIGITS` digits and
        an exponent from `SMALLEST_EXPONENT` to 0.
    value : float
        The nearest double, ties to even.
    """
    at, digits, n_digits, exponent = _decimal(text, at)
    if at >= 0 and text[at] | 32 == 101:
        at, power = _exponent(text, at + 1)
        exponent += power
    if at < 0 or n_digits > MOST_DIGITS:
        return -1, 0.0
    if digits == 0:
        return at, 0.0
    if not SMALLEST_EXPONENT <= exponent <= 0:
        return -1, 0.0
    value = _nearest(digits, exponent)
    return (at if value <= 1 else -1), value


@compiled
def _decimal(text: Bytes, at: int) -> tuple[int, np.uint64, int, int]:
    """Read whole part and fraction: where they end, or -1; digits, how many, and their exponent."""
    digits, n_digits = _U(0), 0
    start = at
    while at >= 0 and 48 <= text[at] <= 57:
        digits, n_digits = _with_digit(digits, n_digits, text[at])
        at += 1
    if at <= start or (at - start > 1 and text[start] == 48):
        return -1, digits, n_digits, 0
    if text[at] != 46:
        return at, digits, n_digits, 0
    start = at = at + 1
    while 48 <= text[at] <= 57:
        digits, n_digits = _with_digit(digits, n_digits, text[at])
        at += 1
    return (at if at > start else -1), digits, n_digits, start - at


@compiled
def _with_digit(digits: np.uint64, n_digits: int, character: np.uint8) -> tuple[np.uint64, int]:
    digit = _U(character) - _U(48)
    if n_digits or digit:
        return digits * _U(10) + digit, n_digits + 1
    return digits, n_digits


@compiled
def _exponent(text: Bytes, at: int) -> tuple[int, int]:
    sign = -1 if text[at] == 45 else 1
    if text[at] == 45 or text[at] == 43:
        at += 1
    start, power = at, 0
    while 48 <= text[at] <= 57:
        power = power * 10 + text[at] - 48
        at += 1
    return (at if 0 < at - start < 10 else -1), sign * power


@compiled
def _nearest(digits: np.uint64, exponent: int) -> float:
    """Return digits x 10^exponent, rounded once."""
    if digits <= _EXACT and exponent > -len(_TENS):
        return float(digits / _TENS[-exponent])
    n_shift = _leading_zeros(digits)
    digits <<= _U(n_shift)
    high, low = _product(digits, FIVES[-exponent, 0])
    if high & _SPARE == _SPARE:
        more, _ = _product(digits, FIVES[-exponent, 1])
        low += more
        if low < more:
            high += _ONE
    upper = high >> _SIGN
    mantissa = high >> (upper + _U(9))  # of 54 bits, the last to be rounded away
    mantissa = (mantissa + (mantissa & _ONE)) >> _ONE
    # A tie takes an exponent of -4 or above, with which so many digits are more than 1.
    n_halvings = 52 - 63 + n_shift - np.int64(upper) - ((217_706 * exponent) >> 16)
    return float(mantissa * _HALVES[n_halvings])


@compiled
def _leading_zeros(number: np.uint64) -> int:
    n = 0
    for width in (32, 16, 8, 4, 2, 1):
        if not number >> _U(64 - width):
            number <<= _U(width)
            n += width
    return n


@compiled
def _product(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Multiply to 128 bits: high half, low half."""
    a_high, a_low, b_high, b_low = a >> _HALF, a & _LOW, b >> _HALF, b & _LOW
    low = a_low * b_low
    middle = a_high * b_low + (low >> _HALF)
    other = a_low * b_high + (middle & _LOW)
    high = a_high * b_high + (middle >> _HALF) + (other >> _HALF)
    return high, (other << _HALF) | (low & _LOW)
