"""How `harvest.db` is opened, by whom, and what is written to it: rows, changes of tasks, runs."""
