"""No test is timed, and Ctrl-C means something in each, however tests are started."""

import signal

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell lets what it runs in the background ignore Ctrl-C, and so all programs that that starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
