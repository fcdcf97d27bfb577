"""Each recommender has its paragraph, and no other has one."""

import re
from pathlib import Path

from model.recommenders.registry import NAMES

PAGE = Path(__file__).parents[2] / "docs" / "explanation.md"


def test_each_recommender_has_a_paragraph_in_the_order_of_the_registry_or_another():
    text = PAGE.read_text(encoding="utf-8").split("## Why each recommender", 1)[1]
    paragraphs = re.findall(r"^\*\*`(\w+)`\*\* (.{100,})", text, re.MULTILINE)
    assert sorted(name for name, _ in paragraphs) == sorted(NAMES)


def test_a_paragraph_names_its_source_unless_it_is_elementary_or_the_studys_or_our_own():
    text = PAGE.read_text(encoding="utf-8").split("## Why each recommender", 1)[1]
    paragraphs = dict(
        re.findall(r"^\*\*`(\w+)`\*\* (.*?)(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    )
    without = {name for name, said in paragraphs.items() if not re.search(r"\b(19|20)\d\d\b", said)}
    assert without <= {"popularity", "nucleus", "names", "similars", "audio"}
