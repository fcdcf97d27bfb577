"""Least squares row by row: compiled, without checks.

A row that holds few numbers is solved in as many unknowns, exactly; one that holds many by some
conjugate gradient steps from where it was.
"""

import numpy as np

from model.compiling import compiled
from model.ragged import IntArray, SongArray
from model.recommenders.spread_kernels import WeightArray

FEW = 24
"""Numbers up to which a row is solved exactly."""


@compiled
def solve_rows(
    indptr: IntArray,
    numbers: SongArray,
    factors: WeightArray,
    images: WeightArray,
    gram: WeightArray,
    alpha: float,
    n_steps: int,
    solved: WeightArray,
) -> None:
    """Solve for the factors of each row, given those of what it holds.

    The system is (G + alpha sum y y') x = (1 + alpha) sum y over the numbers of the row, where G is
    `gram`, Y'Y and what regularises; `images` are G^-1 y. A row that holds nothing becomes 0.
    """
    square_room = np.empty((FEW, FEW), dtype=np.float32)
    residual = np.empty(len(gram), dtype=np.float32)
    step = np.empty(len(gram), dtype=np.float32)
    image = np.empty(len(gram), dtype=np.float32)
    for row in range(len(indptr) - 1):
        own, x = numbers[indptr[row] : indptr[row + 1]], solved[row]
        if len(own) <= FEW:
            _solve_few(own, factors, images, alpha, square_room, x)
            continue
        _apply(own, factors, gram, alpha, x, image)
        _start(own, factors, alpha, image, residual)
        step[:] = residual
        square = _square(residual)
        for _ in range(n_steps):
            if square < 1e-20:
                break
            _apply(own, factors, gram, alpha, step, image)
            square = _step(square, image, x, residual, step)


@compiled
def _solve_few(
    own: SongArray,
    factors: WeightArray,
    images: WeightArray,
    alpha: float,
    room: WeightArray,
    x: WeightArray,
) -> None:
    """Solve in as many unknowns as the row holds numbers.

    (G + a Y'Y)^-1 Y' = G^-1 Y' (I + a Y G^-1 Y')^-1, with the inner matrix taken apart by Cholesky.
    """
    x[:] = 0
    weights = np.full(len(own), np.float32(1 + alpha))
    for line in range(len(own)):
        for column in range(line + 1):
            product = np.float32(alpha) * _dot(factors[own[line]], images[own[column]])
            room[line, column] = product + np.float32(line == column)
    _divide(room, weights)
    for line in range(len(own)):
        for place in range(len(x)):
            x[place] += weights[line] * images[own[line], place]


@compiled
def _divide(matrix: WeightArray, right: WeightArray) -> None:
    """Solve a symmetric positive system in place; of the matrix, the lower half is looked at."""
    n = len(right)
    for line in range(n):
        for column in range(line + 1):
            rest = matrix[line, column] - _dot(matrix[line, :column], matrix[column, :column])
            if line == column:
                matrix[line, line] = np.sqrt(max(rest, np.float32(1e-12)))
            else:
                matrix[line, column] = rest / matrix[column, column]
        right[line] = (right[line] - _dot(matrix[line, :line], right[:line])) / matrix[line, line]
    for line in range(n - 1, -1, -1):
        for below in range(line + 1, n):
            right[line] -= matrix[below, line] * right[below]
        right[line] /= matrix[line, line]


@compiled
def _start(
    own: SongArray, factors: WeightArray, alpha: float, image: WeightArray, residual: WeightArray
) -> None:
    """Set the residual: the right side less the image of where the row is."""
    for place in range(len(image)):
        residual[place] = -image[place]
    for number in own:
        for place in range(len(image)):
            residual[place] += np.float32(1 + alpha) * factors[number, place]


@compiled
def _step(
    square: np.float32, image: WeightArray, x: WeightArray, residual: WeightArray, step: WeightArray
) -> np.float32:
    """Go along the step to the lowest point, turn the step; give the residual's new square."""
    width = square / _dot(step, image)
    for place in range(len(x)):
        x[place] += width * step[place]
        residual[place] -= width * image[place]
    new = _square(residual)
    ratio = new / square
    for place in range(len(x)):
        step[place] = residual[place] + ratio * step[place]
    return new


@compiled
def _apply(
    own: SongArray,
    factors: WeightArray,
    gram: WeightArray,
    alpha: float,
    x: WeightArray,
    image: WeightArray,
) -> None:
    """Multiply by the row's matrix."""
    image[:] = 0
    # By rows of the symmetric matrix, so that the inner loop runs over neighbours in memory.
    for line in range(len(x)):
        for place in range(len(x)):
            image[place] += gram[line, place] * x[line]
    for number in own:
        weight = np.float32(alpha) * _dot(factors[number], x)
        for place in range(len(x)):
            image[place] += weight * factors[number, place]


@compiled
def _dot(one: WeightArray, other: WeightArray) -> np.float32:
    # Four sums side by side: the processor need not wait for one addition to end.
    first, second, third, fourth = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
    whole = len(one) - len(one) % 4
    for place in range(0, whole, 4):
        first += one[place] * other[place]
        second += one[place + 1] * other[place + 1]
        third += one[place + 2] * other[place + 2]
        fourth += one[place + 3] * other[place + 3]
    for place in range(whole, len(one)):
        first += one[place] * other[place]
    return (first + second) + (third + fourth)


@compiled
def _square(one: WeightArray) -> np.float32:
    return _dot(one, one)
