"""The report in a real browser: `make test-browser`."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from model.report.job import run_report
from tests.browsing import visit
from tests.model.report.names import TITLES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path("/usr/bin/chromedriver").is_file(), reason="needs Chromium and its driver"
    ),
]

FindViolations: TypeAlias = Callable[[Chrome], list[tuple[str, Any]]]
Emulate: TypeAlias = Callable[..., None]

A4_PX = 794
"""The width of a sheet at 96 pixels an inch."""

THIN_OUT = """
for (const row of document.querySelectorAll("tbody tr:nth-child(n+3)")) row.remove();
for (const one of [...document.querySelectorAll("h3")].slice(1)) {
  one.nextElementSibling.nextElementSibling.remove();
  one.nextElementSibling.remove();
  one.remove();
}
for (const one of document.querySelectorAll("#changes ~ .beside:nth-of-type(n+2)")) one.remove();
if (document.querySelector("#changes"))
  for (const one of document.querySelectorAll("section ~ section")) one.remove();
"""
"""Leave what differs, as axe is slow: two rows a table, one example, and of two states the part
that a page of one state lacks."""


@pytest.fixture(scope="module")
def browser(
    start_chromium: Callable[[Path], AbstractContextManager[Chrome]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Chrome]:
    with start_chromium(tmp_path_factory.mktemp("chromium")) as driver:
        # Whatever the page asked for would fail, and be told by the console.
        driver.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        yield driver


@pytest.fixture(scope="module")
def page(full_state: Path) -> str:
    return run_report(full_state, say=lambda _: None).as_uri()


@pytest.fixture(scope="module")
def two_states(full_state: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("two") / "both.html"
    return run_report(full_state, say=lambda _: None, against=full_state, output=path).as_uri()


@pytest.fixture(scope="module")
def empty_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run_report(tmp_path_factory.mktemp("empty"), say=lambda _: None).as_uri()


def width_of(browser: Chrome) -> int:
    width: int = browser.execute_script("return document.documentElement.scrollWidth")
    return width


def said(browser: Chrome) -> list[Any]:
    """What the console has been told since it was last asked."""
    told: list[Any] = browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no types here
    return told


@pytest.mark.parametrize(
    ("which", "scheme", "width"),
    [
        ("page", "light", 1280),
        ("page", "dark", 375),
        ("two_states", "dark", 1280),
        ("empty_page", "light", 375),
    ],
)
def test_nobody_is_shut_out_in_any_light_on_any_screen(
    *,
    browser: Chrome,
    request: pytest.FixtureRequest,
    find_violations: FindViolations,
    emulate: Emulate,
    which: str,
    scheme: str,
    width: int,
) -> None:
    visit(browser, request.getfixturevalue(which))
    emulate(browser, scheme, width)
    assert width_of(browser) <= width
    browser.execute_script(THIN_OUT)
    assert find_violations(browser) == []
    assert said(browser) == []


def test_nothing_is_wider_than_a_phone_but_what_scrolls_within_it(
    browser: Chrome, page: str, emulate: Emulate
) -> None:
    visit(browser, page)
    emulate(browser, "light", 375)
    assert width_of(browser) <= 375
    wide = browser.execute_script(
        "return [...document.querySelectorAll("
        "'p, h1, h2, h3, img:not(.wide), figcaption, li, .scroll')]"
        ".filter((one) => one.getBoundingClientRect().right > 375).map((one) => one.outerHTML)"
    )
    assert wide == []
    # All others can be moved to and fro, by keyboard too.
    assert browser.execute_script(
        "return [...document.querySelectorAll('table, img.wide')]"
        ".every((one) => one.closest('.scroll').tabIndex === 0)"
    )


def test_every_part_has_its_heading_in_order_and_a_way_to_it(browser: Chrome, page: str) -> None:
    visit(browser, page)
    levels = browser.execute_script(
        "return [...document.querySelectorAll('h1, h2, h3')].map((one) => +one.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ways = browser.execute_script(
        "return [...document.querySelectorAll('nav a')]"
        ".map((one) => document.querySelector(one.getAttribute('href'))?.textContent)"
    )
    assert len(ways) == levels.count(2)
    assert None not in ways


def test_every_image_is_drawn_has_a_size_and_words_for_it(browser: Chrome, page: str) -> None:
    visit(browser, page)
    images = browser.execute_script(
        "return [...document.images].map((one) => [one.complete, one.naturalWidth, "
        "one.getAttribute('width'), one.getAttribute('height'), one.alt, one.src.slice(0, 5)])"
    )
    assert len(images) >= 15
    for is_complete, drawn, width, height, alt, source in images:
        assert is_complete
        assert min(drawn, int(width), int(height)) > 100
        assert len(alt) > 20
        assert source == "data:"
    assert len({alt for *_, alt, _ in images}) == len(images)


def test_every_table_has_a_caption_and_heads_of_its_columns(browser: Chrome, page: str) -> None:
    visit(browser, page)
    without = browser.execute_script(
        "return [...document.querySelectorAll('table')].filter((one) => !one.caption?.textContent"
        " || [...one.tHead.rows[0].cells].some((head) => head.scope !== 'col')"
        " || [...one.tBodies[0].rows].some((row) => row.cells[0].scope !== 'row'))"
        ".map((one) => one.outerHTML)"
    )
    assert without == []


def test_tables_sort_by_mouse_and_by_keyboard(browser: Chrome, page: str) -> None:
    visit(browser, page)
    heading = browser.find_element(
        By.XPATH, "//table[contains(caption, 'Names of playlists')]/thead/tr/th[2]"
    )
    table = heading.find_element(By.XPATH, "ancestor::table")
    button = heading.find_element(By.TAG_NAME, "button")

    def column() -> list[int]:
        cells = table.find_elements(By.CSS_SELECTOR, "tbody td:nth-child(2)")
        return [int(cell.get_attribute("data-key") or "0") for cell in cells]

    button.click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert column() == sorted(column())
    assert len(set(column())) > 1
    button.send_keys(Keys.ENTER)
    assert heading.get_attribute("aria-sort") == "descending"
    assert column() == sorted(column(), reverse=True)
    button.send_keys(Keys.SPACE)
    assert heading.get_attribute("aria-sort") == "ascending"


def test_the_whole_page_is_reached_by_keyboard(browser: Chrome, page: str) -> None:
    visit(browser, page)
    way = browser.switch_to.active_element
    way.send_keys(Keys.TAB)
    way = browser.switch_to.active_element
    assert way.get_attribute("class") == "skip"
    way.send_keys(Keys.ENTER)
    assert browser.execute_script("return document.activeElement.id") == "main"
    browser.switch_to.active_element.send_keys(Keys.TAB)
    # What scrolls is a stop of its own, or could not be read without a mouse.
    assert browser.switch_to.active_element.get_attribute("class") == "scroll"


@pytest.mark.parametrize("name", TITLES)
def test_a_name_from_the_data_is_text(browser: Chrome, page: str, name: str) -> None:
    visit(browser, page)
    shown = browser.execute_script(
        "return [...document.querySelectorAll('td bdi')].filter((one) => one.textContent === "
        "arguments[0]).map((one) => [one.children.length, one.getBoundingClientRect().height])",
        name,
    )
    assert shown
    assert all(n_elements == 0 and height > 10 for n_elements, height in shown)


def test_no_name_has_become_code(browser: Chrome, page: str) -> None:
    visit(browser, page)
    assert browser.execute_script("return window.broken || null") is None
    assert browser.execute_script("return document.scripts.length") == 1
    browser.implicitly_wait(0)
    assert not browser.find_elements(By.CSS_SELECTOR, "main b, main img:not(figure img)")
    assert said(browser) == []


def test_what_a_page_asks_for_is_refused_by_its_policy(browser: Chrome, page: str) -> None:
    visit(browser, page)
    browser.execute_script(
        "const one = document.createElement('script');"
        "one.textContent = 'window.broken = 1'; document.body.append(one);"
    )
    assert browser.execute_script("return window.broken || null") is None
    assert "Content Security Policy" in str(said(browser))


def test_no_table_is_cut_in_print(browser: Chrome, page: str, emulate: Emulate) -> None:
    visit(browser, page)
    emulate(browser, "light", A4_PX, media="print")
    edges = browser.execute_script(
        "return [...document.querySelectorAll('table, img, td, th')].map((one) => "
        "[one.getBoundingClientRect().right, one.textContent || one.alt])"
    )
    assert [what for right, what in edges if right > A4_PX] == []
    cut = browser.execute_script(
        "return [...document.querySelectorAll('.scroll')]"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"
    )
    assert cut == []


def test_the_printed_page_has_every_part(browser: Chrome, page: str, emulate: Emulate) -> None:
    visit(browser, page)
    emulate(browser, "dark", 1280)
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(printed["data"])
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 3


def test_a_page_of_nothing_names_the_commands(browser: Chrome, empty_page: str) -> None:
    visit(browser, empty_page)
    commands = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".missing code")]
    assert {"harvest spotify", "model explore", "model split", "model evaluate"} <= set(commands)


def test_two_states_stand_side_by_side_where_there_is_room(
    browser: Chrome, two_states: str, emulate: Emulate
) -> None:
    visit(browser, two_states)
    tops = "return [...document.querySelector('.beside').children].map((one) => one.offsetTop)"
    emulate(browser, "light", 1280)
    assert len(browser.find_elements(By.CSS_SELECTOR, ".beside figure")) >= 10
    left, right = browser.execute_script(tops)
    assert left == right
    emulate(browser, "light", 375)
    above, below = browser.execute_script(tops)
    assert above < below
