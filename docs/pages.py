"""Chromium without a window, as a camera for pages."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Self

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE_S = 20
COLOURS = 256
"""Of a picture, which keep it small; with 64, lines told apart by colour became one."""


class Camera:
    """Opens pages and takes pictures of them.

    Parameters
    ----------
    chromium, driver : Path
        The browser and what steers it.
    folder : Path
        Where its profile may lie.
    """

    def __init__(self, chromium: Path, driver: Path, folder: Path) -> None:
        options = ChromeOptions()
        options.binary_location = str(chromium)
        for argument in (*_ARGUMENTS, f"--user-data-dir={folder / 'profile'}"):
            options.add_argument(argument)
        self._browser = Chrome(options=options, service=ChromeService(str(driver)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.quit()

    def open(self, address: str) -> None:
        """Go to a page."""
        self._browser.get(address)

    def make_playlist(self, address: str, typed: str) -> None:
        """Type into the page of `model serve`, take the first song found, await the list."""
        self.open(address)
        field = self._browser.find_element(By.ID, "song")
        field.send_keys(typed)
        self._await("document.querySelector('#found-0 .name') !== null")
        field.send_keys(Keys.ENTER)
        self._await("document.querySelectorAll('#songs li').length > 5")
        self._browser.execute_script("document.activeElement.blur()")

    def take(
        self, path: Path, *, width: int, height: int, at: str = "", is_dark: bool = False
    ) -> None:
        """Save what a window of this size shows, in pixels, from the element with the id `at`."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self._browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self._await("document.readyState === 'complete'")
        self._browser.execute_script("document.getElementById(arguments[0])?.scrollIntoView()", at)
        shot = self._browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        image = Image.open(BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)

    def _await(self, condition: str) -> None:
        wait = WebDriverWait(self._browser, PATIENCE_S)
        wait.until(lambda browser: browser.execute_script(f"return {condition}"))
