"""Runs `harvest` in a process of its own until it comes to a named point, and kills it there.

A point is a list of steps, each an event and how often it is to be met; at the last one the process
sends itself a SIGKILL. Events are "before MODULE:NAME" and "after MODULE:NAME", of a function, and
"sql STATEMENT", met when a statement that begins so is about to be executed.
"""

import functools
import importlib
import inspect
import multiprocessing
import os
import re
import signal
import sqlite3


def run(point, arguments, programs):
    """Run until the point; returns the exit code, negative for a signal, and what was said."""
    context = multiprocessing.get_context("forkserver")
    # Each start would otherwise spend half a second on imports.
    context.set_forkserver_preload(["harvest.cli", "harvest.jobs.gathering"])
    said = programs.folder / "said.txt"
    process = context.Process(
        target=_harvest, args=(point, list(arguments), programs.folder, programs.settings, said)
    )
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None, "it hung"
    return process.exitcode, said.read_text()


def _harvest(point, arguments, folder, settings, said):
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    output = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    _Watch(point).begin()
    cli = importlib.import_module("harvest.cli")
    cli.main(arguments)


class _Watch:
    """Counts what is met, step by step."""

    def __init__(self, point):
        self.steps = list(point)
        self.met = 0

    def begin(self):
        for event, _ in self.steps:
            when, what = event.split(" ", 1)
            if when != "sql":
                self._wrap(what)
        self._trace()

    def meet(self, event):
        awaited, times = self.steps[0]
        self.met += event.startswith(awaited)
        if self.met == times:
            self.steps, self.met = self.steps[1:], 0
            if not self.steps:
                os.kill(os.getpid(), signal.SIGKILL)

    def _wrap(self, what):
        """Meet a function's beginnings and ends; an AttributeError says that there is none."""
        module, _, path = what.partition(":")
        *owners, name = path.split(".")
        owner = functools.reduce(getattr, owners, importlib.import_module(module))
        function = getattr(owner, name)

        @functools.wraps(function)
        def call(*args, **options):
            self.meet(f"before {what}")
            result = function(*args, **options)
            self.meet(f"after {what}")
            return result

        @functools.wraps(function)
        async def call_async(*args, **options):
            self.meet(f"before {what}")
            result = await function(*args, **options)
            self.meet(f"after {what}")
            return result

        setattr(owner, name, call_async if inspect.iscoroutinefunction(function) else call)

    def _trace(self):
        """Meet each statement of every connection."""
        connect = sqlite3.connect

        def traced(*args, **options):
            db = connect(*args, **options)
            db.set_trace_callback(lambda sql: self.meet(f"sql {_plain(sql)}"))
            return db

        sqlite3.connect = traced


def _plain(sql):
    return " ".join(re.sub("--.*", "", sql).split())
