"""The page of the library: every public name of the floors that others build on, each with what it gives."""

import inspect
import re
from html.parser import HTMLParser
from importlib import import_module
from pkgutil import iter_modules

import pytest

from valuechains import models

MODULES = ["datasets", "tables", "indicators", "identities", "evidence", "figures", "widgets", "twins"]
MODELS = [f"models.{one.name}" for one in iter_modules(models.__path__) if one.name != "inputs"]


def public(module: str) -> list[str]:
    """Its public functions and classes: those that it names, else those that it defines."""
    found = import_module(f"valuechains.{module}")
    named = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
    things = {name: getattr(found, name) for name in named}
    return [
        name
        for name, thing in things.items()
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and thing.__module__.startswith(found.__name__)
    ]


class Explained(HTMLParser):
    """The names that a page of Sphinx explains, and the words of each explanation."""

    def __init__(self, page: str):
        super().__init__()
        self.words: dict[str, str] = {}
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        name = dict(attributes).get("id") or ""
        if tag == "dt" and name.startswith("valuechains."):
            self.names.append(name)
            self.words[name] = ""

    def handle_data(self, data):
        if self.names:
            self.words[self.names[-1]] += data


@pytest.fixture(scope="module")
def page(built):
    return (built / "chapters" / "library.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", [*MODULES, *MODELS])
def test_every_public_name_stands_on_the_page_with_its_own_words(page, module):
    words = Explained(page).words
    for name in public(module):
        said = words.get(f"valuechains.{module}.{name}")
        assert said is not None, f"{module}.{name} is missing from chapters/library.md"
        doc = (getattr(import_module(f"valuechains.{module}"), name).__doc__ or "").strip()
        assert re.sub(r"\W", "", doc.split()[0]) in re.sub(r"\W", "", said) and len(doc) > 10, name


def test_examples_in_docstrings_are_code_and_nothing_of_python_shines_through(page):
    assert page.count('class="highlight-default') >= 4 and "<blockquote>" not in page
    assert "Alias for field number" not in page and "typing." not in page and "numpy._typing" not in page
