"""A rate limit over a rolling window, as services enforce it."""

from collections import deque


class RollingLimit:
    """Lets so many requests through in any window.

    Parameters
    ----------
    rate : float
        Requests a second on average over the window; greater than 0.
    window_s : float
        Seconds.

    Examples
    --------
    >>> limit = RollingLimit(1.0, window_s=2.0)
    >>> [limit.wait_s(now) for now in (0.0, 0.5, 1.0, 2.5)]
    [0.0, 0.0, 1.0, 0.0]
    """

    def __init__(self, rate: float, *, window_s: float = 30.0) -> None:
        self._room = max(1, int(rate * window_s))
        self._window_s = window_s
        self._taken: deque[float] = deque()

    def wait_s(self, now_s: float) -> float:
        """Take one place, or say how long until one is free.

        Parameters
        ----------
        now_s : float
            Seconds on any steady clock.

        Returns
        -------
        float
            0 where the request may pass.
        """
        while self._taken and self._taken[0] <= now_s - self._window_s:
            self._taken.popleft()
        if len(self._taken) >= self._room:
            return self._taken[0] + self._window_s - now_s
        self._taken.append(now_s)
        return 0.0
