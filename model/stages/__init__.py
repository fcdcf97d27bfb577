"""Stages, one a file: ``make_…`` leaves an artifact, ``open_…`` gives what it holds."""
