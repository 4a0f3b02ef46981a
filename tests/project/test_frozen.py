"""A page that hangs costs its own test, not the whole run."""

import pytest
from frozen import limited

pytestmark = pytest.mark.browser


def test_a_page_that_answers_nothing_is_ended(browser):
    from playwright.sync_api import Error

    page = browser.new_page()
    with limited(2), pytest.raises(Error, match="crashed|closed"):
        page.evaluate("() => { for (;;); }")
    page.close()
    after = browser.new_page()
    assert after.evaluate("1 + 1") == 2
    after.close()
