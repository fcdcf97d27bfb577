"""Every link within the repository's pages leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("state/README.md"))
)
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")
_OUTSIDE = re.compile(r"[a-z]+:")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`|^(?: {4}|\t).*?$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_of_a_page_lead_to_files_and_headings(page):
    broken = [link for link in _links(page) if not _leads_somewhere(page, link)]
    assert not broken


def test_every_page_is_listed_in_the_index():
    listed = {(Path("docs") / link.partition("#")[0]) for link in _links(Path("docs/README.md"))}
    lacking = [
        str(page)
        for page in PAGES
        if page.parts[0] == "docs"
        and page.parts[1] != "decisions"
        and page not in listed | {Path("docs/README.md")}
    ]
    assert not lacking


def test_the_readme_leads_to_the_index():
    assert "docs/README.md" in _links(Path("README.md"))


def test_a_link_to_what_is_not_there_would_be_found():
    assert not _leads_somewhere(Path("README.md"), "docs/nowhere.md")
    assert not _leads_somewhere(Path("README.md"), "docs/data.md#nowhere")
    assert _leads_somewhere(Path("docs/data.md"), "../README.md#how-it-behaves")


def _links(page: Path) -> list[str]:
    """Return where a page's links lead within the repository; what stands in code is none."""
    text = _CODE.sub("", _kept_links((ROOT / page).read_text(encoding="utf-8")))
    targets = [one or other for one, other in _LINK.findall(text)]
    return [target for target in targets if not _OUTSIDE.match(target)]


def _kept_links(text: str) -> str:
    """Take the backquotes from links whose text is code, so that these are not taken for code."""
    return re.sub(r"\[`([^`\n]*)`\]\(", r"[\1](", text)


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (ROOT / page.parent / path).resolve() if path else ROOT / page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in _anchors(target)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in kept}
