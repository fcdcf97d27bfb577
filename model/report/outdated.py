"""What the page says where figures are of other data than the state holds now."""

from collections.abc import Mapping

from model.report.blocks import Missing
from model.report.reading import Found
from model.storage.artifacts import Artifact
from model.storage.freshness import is_outdated

WORDS = "What follows is of other data than this state holds now; make it again:"


def outdated(found: Found, inputs: Mapping[str, str], command: str) -> list[Missing]:
    """Give the note on a result, or nothing.

    Parameters
    ----------
    found : Found
    inputs : mapping of str to str
        Hashes of what it was made from.
    command : str
        What makes it again.
    """
    return [Missing(WORDS, command)] if is_outdated(inputs, found.tables) else []


def outdated_stage(found: Found, artifact: Artifact, command: str) -> list[Missing]:
    """Give the note on what a stage left, or nothing."""
    return [] if _is_current(found, artifact) else [Missing(WORDS, command)]


def _is_current(found: Found, artifact: Artifact) -> bool:
    """Whether what it was made from is there still, down to the tables; what is lost, is not asked.

    Stages form no circle, so that this ends.
    """
    inputs = artifact.manifest.recipe.inputs
    if is_outdated(inputs, found.tables):
        return False
    return all(
        any(one.content == content and _is_current(found, one) for one in found.stages[stage])
        for stage, content in inputs.items()
        if stage in found.stages
    )
