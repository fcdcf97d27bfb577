"""Numbers that look random and are the same each time they are asked for by the same name.

The emulator draws what it makes up about a track from the track's own id, so that the answer does
not depend on what else is served, nor on the order of requests.
"""

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def key(name: str) -> int:
    """Turn one name into a 32-bit number that is the same on every machine.

    Parameters
    ----------
    name : str
        Any text; the empty text is 0.

    Returns
    -------
    int
        0 … 2³²−1.

    Examples
    --------
    >>> key("6rqhFgbbKwnb9MLmUQDhG6") == key("6rqhFgbbKwnb9MLmUQDhG6")
    True
    >>> key("")
    0
    """
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


def keys(names: Iterable[str]) -> Keys:
    """Turn names into numbers, as `key` does.

    Parameters
    ----------
    names : iterable of str
        Ids or titles.

    Returns
    -------
    ndarray of shape (n_names,)
        In the order given.
    """
    return np.fromiter((key(name) for name in names), dtype=np.uint64)


def uniform(seeds: Keys, stream: int) -> Floats:
    """Draw one number in [0, 1) for each seed.

    Parameters
    ----------
    seeds : ndarray of shape (n,)
        One seed for each draw, as from `keys`.
    stream : int
        Which of a seed's numbers: different streams are independent.

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1).

    Notes
    -----
    The mixing is that of SplitMix64 (Steele, Lea and Flood, 2014, doi:10.1145/2660193.2660195).

    Examples
    --------
    >>> first = uniform(keys(["a", "b"]), stream=1)
    >>> bool((first == uniform(keys(["a", "b"]), stream=1)).all())
    True
    >>> bool((first == uniform(keys(["a", "b"]), stream=2)).any())
    False
    """
    with np.errstate(over="ignore"):
        mixed = (seeds + np.uint64(1)) * _GOLDEN + np.uint64(stream) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def normal(seeds: Keys, stream: int) -> Floats:
    """Draw one standard normal number for each seed, by Box and Muller's method.

    Parameters
    ----------
    seeds : ndarray of shape (n,)
        One seed for each draw.
    stream : int
        Which of a seed's numbers.

    Returns
    -------
    ndarray of shape (n,)
        Mean 0, standard deviation 1.

    Examples
    --------
    >>> draws = normal(np.arange(10_000, dtype=np.uint64), stream=3)
    >>> bool(abs(draws.mean()) < 0.05 and abs(draws.std() - 1) < 0.05)
    True
    """
    radius = np.sqrt(-2.0 * np.log(1.0 - uniform(seeds, 2 * stream + 1_000)))
    return radius * np.cos(2.0 * np.pi * uniform(seeds, 2 * stream + 1_001))


def random_ids(rng: np.random.Generator, n: int) -> list[str]:
    """Make ids of the form that Spotify uses: 22 base-62 digits, below 2¹²⁸.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the digits come from.
    n : int
        How many.

    Returns
    -------
    list of str
        Distinct for all practical purposes.

    Examples
    --------
    >>> [made] = random_ids(np.random.default_rng(0), 1)
    >>> len(made), made.isalnum()
    (22, True)
    """
    alphabet = np.frombuffer(
        b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8
    )
    digits = rng.integers(0, 62, size=(n, 22))
    digits[:, 0] %= 7
    letters = alphabet[digits].tobytes().decode("ascii")
    return [letters[start : start + 22] for start in range(0, 22 * n, 22)]
