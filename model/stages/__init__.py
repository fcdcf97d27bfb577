"""Stages, one a file: ``make_…`` leaves an artifact, ``open_…`` gives what it holds.

Each is given a `workspace`. `grounds` and `materials` open what several of them made; `sharding`
and `shelving` do the work of one each, and `console` shows what they made.
"""
