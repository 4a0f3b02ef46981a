"""The screens that pages are opened on, and the rules of axe that they keep."""

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
