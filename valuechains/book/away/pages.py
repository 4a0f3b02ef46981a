"""The pages of the built book as they leave it: what is said stays, cards open; what needs a screen goes."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from valuechains.tongue import say

LEFT_OUT = (
    "script, noscript, .headerlink, .gvc-controls, .gvc-downloads, .gvc-fold, .gvc-words, .gvc-away, "
    "a.kit, input, button, output, form[hidden], .claims-filter"
)
NAMED_BY_ID = ("aria-labelledby", "aria-describedby", "for", "headers")


class Page:
    """One page: its name in the contents, its title, its article."""

    def __init__(self, site: Path, name: str):
        self.name, self.key = name, name.rpartition("/")[2]
        soup = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        self.article: Tag = soup.select_one("article")  # type: ignore[assignment]
        self._say_drawings()
        for part in self.article.select(LEFT_OUT):
            part.decompose()
        for fold in self.article.find_all("details"):
            fold["open"] = ""
        self._solutions_last()
        self._answers_last()
        self.title = self.article.h1.get_text(" ", strip=True)  # type: ignore[union-attr]

    def _say_drawings(self) -> None:
        """A drawing says itself what a figure of the page says beside it, and a twin's that it has controls there."""
        for setting in self.article.select(".gvc-setting"):
            first = setting.get_text(strip=True)
            setting.string = say("Shown as its controls first stand on the page: {setting}.", setting=first)
        for figure in self.article.select("figure.gvc-figure"):
            words, view = figure.select_one(".gvc-words"), figure.select_one(".gvc-view")
            if view and view.img:
                view.img["alt"] = words.get_text(" ", strip=True) if words else ""
                del view.img["loading"]
                view.attrs = {"class": view["class"]}

    def _solutions_last(self) -> None:
        """Worked solutions stand after all exercises, where they spoil none."""
        solutions = self.article.select("details.solution")
        if not solutions:
            return
        home = solutions[0].find_parent("section")
        heading = BeautifulSoup(f'<h3 id="worked-solutions">{say("Worked solutions")}</h3>', "html.parser")
        home.append(heading)  # type: ignore[union-attr]
        for one in solutions:
            home.append(one.extract())  # type: ignore[union-attr]

    def _answers_last(self) -> None:
        """What the page answers to a question stands after all of them: nothing else can be asked for it."""
        asked = self.article.select("form[data-key]")
        if not asked:
            return
        answers = [_answer(number, form) for number, form in enumerate(asked, start=1)]
        for form in asked:
            _list_options(form)
        home = (self.article.select_one(".gvc-ways") or asked[-1]).find_parent("section")
        heading = f'<h3 id="answers">{say("Answers to the questions")}</h3>'
        home.append(BeautifulSoup(heading + "".join(answers), "html.parser"))  # type: ignore[union-attr]


def _answer(number: int, form: Tag) -> str:
    """The right answer to a question, and why."""
    key = json.loads(str(form["data-key"]))
    if "answer" in key:
        places = 1 - math.floor(math.log10(key["within"]))
        right, why = f"{round(key['answer'], places):.10g} {key['unit']}".strip(), key["right"]
    else:
        right = form.find_all("label")[key["right"]].get_text(" ", strip=True).removesuffix(".")
        why = key["says"][key["right"]]
    question = say("Question {number}. ", number=number).strip()
    return f'<p><a href="#{form["id"]}">{question}</a> <strong>{escape(right)}.</strong> {escape(why)}</p>\n'


def _list_options(form: Tag) -> None:
    """What can be chosen, one below the other; what asks to be typed goes."""
    for typed in form.select("label.gvc-typed"):
        typed.decompose()
    options = form.find_all("label")
    if options:
        below = BeautifulSoup("", "html.parser").new_tag("ul")
        options[0].insert_before(below)
        for option in options:
            option.name = "li"
            below.append(option.extract())


def listed(root: Path) -> list[str]:
    """Every page of the book, in the order of its contents."""

    def walk(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            yield from (part[key] for key in ("root", "file") if key in part)
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from walk(item)

    return list(walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))))


def target(page: Page, href: str) -> tuple[str, str] | None:
    """The page and place that a link of a page leads to; None where it leaves the book."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    there = os.path.normpath(os.path.join(os.path.dirname(page.name), path)) if path else f"{page.name}.html"
    return there.replace(os.sep, "/"), parts.fragment


def leads(link: Tag, page: Page, known: dict[str, Page]) -> tuple[Page, str] | None:
    """The page taken along and the place on it that a link leads to, if it does.

    One to a page or file that is not taken along keeps its words and is no link; one out of the book stays as it is.
    """
    there = target(page, str(link["href"]))
    if there is None:
        return None
    if there[0] not in known:
        link.name, link.attrs = "span", {}
        return None
    return known[there[0]], there[1]
