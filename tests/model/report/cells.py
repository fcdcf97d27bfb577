"""What stands in a table of the report."""

from model.report.blocks import Table


def cells(block: object) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[cell.text for cell in row] for row in block.rows]
