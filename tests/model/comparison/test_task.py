import pytest

from model.comparison.task import SHARES, Task, tasks_of
from model.errors import InputError


def test_the_plain_ones_come_first_then_the_curve_then_the_ablation() -> None:
    tasks = tasks_of(["als"], has_curve=True, ablated="titles", sources=["tags"])
    assert tasks[:2] == [Task("als"), Task("titles")]
    assert [task.share for task in tasks[2:-1:2]] == [0.5, 0.25, 0.125]
    assert tasks[-1] == Task("titles", without="tags")
    assert {task.share for task in tasks} == set(SHARES)


@pytest.mark.parametrize("names", [[], ["als", "als"]])
def test_no_names_or_one_twice_are_refused(names: list[str]) -> None:
    with pytest.raises(InputError, match="each once"):
        tasks_of(names, has_curve=False, ablated=None, sources=[])
