"""The twins of the chapters, one module each: a function that gives the widget, ready to show."""

from valuechains.twins.smile_explorer import smile_explorer

__all__ = ["smile_explorer"]
