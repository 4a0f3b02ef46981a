"""The twins of the chapters, one module each: a function that gives the widget, ready to show."""

from valuechains.twins.smile_explorer import smile_explorer
from valuechains.twins.who_is_paid import who_is_paid

__all__ = ["smile_explorer", "who_is_paid"]
