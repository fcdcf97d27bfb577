"""The page in a real browser: `make test-browser`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browsing import visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path("/usr/bin/chromedriver").is_file(), reason="needs Chromium and its driver"
    ),
]


def wait(browser: Chrome, script: str, expected: object = True) -> None:
    WebDriverWait(browser, 20).until(lambda one: one.execute_script(f"return {script}") == expected)


def pick(browser: Chrome, text: str, song: str) -> None:
    """Type, and take the first song found, by keyboard alone."""
    field = browser.find_element(By.ID, "song")
    field.send_keys(text)
    wait(browser, "document.querySelector('#found-0 .name')?.textContent", song)
    field.send_keys(Keys.ENTER)


def titles(browser: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('#songs .name')].map((one) => one.textContent)"
    found: list[str] = browser.execute_script(script)
    return found


def test_a_whole_visit_by_keyboard_from_typing_to_the_file(
    browser: Chrome, address: str, tmp_path: Path
) -> None:
    visit(browser, address)
    pick(browser, "radiohead cre", "Creep")
    wait(browser, "document.querySelectorAll('#songs li').length", 6)
    assert titles(browser)[0] == "Karma Police"
    why = browser.find_element(By.CSS_SELECTOR, "#songs .quiet").text
    assert why.startswith("plays together with Creep in 3 playlists; from “Chill Vibes”")
    pick(browser, "karma", "Karma Police")
    wait(browser, "document.querySelectorAll('#seeds li').length", 2)
    wait(browser, "document.querySelectorAll('#songs li').length", 5)
    browser.find_element(By.ID, "diversity").send_keys(Keys.ARROW_RIGHT * 16)
    assert browser.find_element(By.ID, "diversity-value").text == "0.80"
    length = browser.find_element(By.ID, "length")
    length.send_keys(Keys.CONTROL, "a")
    length.send_keys("2")
    wait(browser, "document.querySelectorAll('#songs li').length", 2)
    assert "similar playlists" in browser.find_element(By.ID, "compared").text
    browser.find_element(By.CSS_SELECTOR, "[data-format=csv]").send_keys(Keys.ENTER)
    WebDriverWait(browser, 20).until(lambda _: (tmp_path / "playlist.csv").is_file())
    rows = (tmp_path / "playlist.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[1] for row in rows] == ["title", *titles(browser)]
    assert not browser.get_log("browser")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_nobody_is_shut_out_in_any_light_on_any_screen(
    *,
    browser: Chrome,
    address: str,
    find_violations: Callable[[Chrome], list[tuple[str, Any]]],
    emulate: Callable[..., None],
    scheme: str,
    width: int,
) -> None:
    visit(browser, address)
    emulate(browser, scheme, width)
    assert find_violations(browser) == []
    pick(browser, "radiohead cre", "Creep")
    wait(browser, "document.querySelectorAll('#songs li').length", 6)
    browser.find_element(By.ID, "song").send_keys("c")
    wait(browser, "document.querySelector('#found-0') !== null")
    assert find_violations(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_names_from_the_data_are_text(browser: Chrome, address: str) -> None:
    visit(browser, address)
    pick(browser, "boldun", "[bold]Un[31mheard")
    wait(browser, "document.querySelector('#seeds bdi:last-child').textContent", "<b>Nobody</b>")
    assert not browser.execute_script("return document.querySelector('b')")


def test_an_artist_is_left_out_and_the_report_is_a_tab(browser: Chrome, address: str) -> None:
    visit(browser, address)
    pick(browser, "karma", "Karma Police")
    wait(browser, "document.querySelectorAll('#songs li').length", 6)
    script = "document.querySelector('#songs [aria-label^=\"Leave out Radiohead\"]').click()"
    browser.execute_script(script)
    wait(browser, "document.querySelector('#excluded').innerText.includes('without Radiohead')")
    wait(
        browser, "document.querySelector('#songs').innerText.includes('Radiohead')", expected=False
    )
    tab = browser.find_element(By.ID, "tab-make")
    tab.send_keys(Keys.ARROW_RIGHT)
    browser.switch_to.frame(browser.find_element(By.CSS_SELECTOR, "#report iframe"))
    assert "model report" in browser.find_element(By.TAG_NAME, "main").text


def test_controls_that_do_not_count_are_hidden_or_say_so(
    browser: Chrome, address_of_playlists: str
) -> None:
    visit(browser, address_of_playlists)
    wait(browser, "document.getElementById('share-field').hidden")
    about = "document.getElementById('about-title').textContent"
    wait(browser, about, "Add a song: playlists reads no names.")
    pick(browser, "karma", "Karma Police")
    wait(browser, about, "Only names the list: playlists reads no names.")


def slow_down(browser: Chrome, latency_ms: int) -> None:
    conditions = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions", conditions | {"latency": latency_ms}
    )


@pytest.mark.parametrize("leaving", [Keys.ESCAPE, Keys.TAB])
def test_songs_that_are_found_too_late_are_not_shown(
    browser: Chrome, address: str, leaving: str
) -> None:
    visit(browser, address)
    slow_down(browser, 600)
    field = browser.find_element(By.ID, "song")
    field.send_keys("creep")
    wait(browser, "document.querySelector('#found-0 .name')?.textContent", "Creep")
    field.send_keys(" x", leaving)
    time.sleep(1.5)
    assert browser.execute_script("return document.getElementById('found').hidden")


def test_a_list_that_is_no_longer_wanted_leaves_nothing_busy(browser: Chrome, address: str) -> None:
    visit(browser, address)
    pick(browser, "karma", "Karma Police")
    wait(browser, "document.querySelectorAll('#songs li').length", 6)
    slow_down(browser, 1500)
    browser.find_element(By.ID, "share").send_keys(Keys.ARROW_RIGHT)
    wait(browser, "document.getElementById('made').getAttribute('aria-busy')", "true")
    browser.find_element(By.CSS_SELECTOR, "#seeds button").click()
    wait(browser, "document.querySelectorAll('#songs li').length", 0)
    assert not browser.find_element(By.ID, "made").get_attribute("aria-busy")
