"""Tests are not timed nor drawn by luck, Ctrl-C means something in each, and browsers are alike."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

# Examples are the same at every run, so that none fails for a change that is not to blame; where
# luck is wanted, tests say so (`make soak`).
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.load_profile("untimed")

# A shell lets what it runs in the background ignore Ctrl-C, and so all programs that that starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

_CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--window-size=1280,900"),
)


def pytest_configure(config: pytest.Config) -> None:
    """Let pass what Python itself says wrongly: its sqlite3 took ?1 for a name before 3.12.4."""
    if (3, 12) <= sys.version_info < (3, 12, 4):  # python/cpython#117995
        wrong = r"ignore:Binding \d+ \('\?\d+'\) is a named parameter:DeprecationWarning"
        config.addinivalue_line("filterwarnings", wrong)


@pytest.fixture(scope="session")
def start_chromium() -> "Callable[[Path], AbstractContextManager[Chrome]]":
    """Start Chromium without a window, on a profile of its own; files go to the folder given."""
    from selenium import webdriver

    @contextmanager
    def start(folder: Path) -> "Iterator[Chrome]":
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (*_CHROMIUM, f"--user-data-dir={folder / 'profile'}"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        with webdriver.Chrome(options, service) as driver:
            driver.implicitly_wait(20)
            driver.set_script_timeout(60)
            yield driver

    return start


@pytest.fixture(scope="session")
def find_violations() -> "Callable[[Chrome], list[tuple[str, Any]]]":
    """Let axe-core look at what the browser shows: rules that are broken, and where."""
    import axe_core_python

    axe = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")

    def find(browser: "Chrome") -> list[tuple[str, Any]]:
        browser.execute_script(axe)
        found = browser.execute_async_script("axe.run().then(arguments[0])")
        broken = found["violations"]
        return [(one["id"], [node["target"] for node in one["nodes"]]) for one in broken]

    return find


@pytest.fixture(scope="session")
def emulate() -> "Callable[..., None]":
    """Make the browser one of this light, this width in pixels, and this medium."""

    def make(browser: "Chrome", scheme: str, width: int, *, media: str = "") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        medium = {"media": media, "features": features}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", medium)
        size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    return make
