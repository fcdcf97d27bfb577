"""What tests do with a real browser."""

from selenium.webdriver import Chrome
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 30

_IS_THERE = "return location.protocol !== 'about:' && document.readyState === 'complete'"


def visit(browser: Chrome, address: str) -> None:
    """Go to a page, and wait until all of it is there; `get` now and then comes back before."""
    # Or the page might be taken for there that was looked at before.
    browser.get("about:blank")
    browser.get(address)
    WebDriverWait(browser, PATIENCE_S).until(lambda one: one.execute_script(_IS_THERE))
