"""Whatever a reader or a student is told goes through the catalogue, word order free: no sentence can be forgotten."""

import ast
import re
from collections.abc import Iterator

import pytest
import translations
from babel.messages.jslexer import tokenize
from conftest import ROOT

from valuechains.book.edition import COUNTED, SAID

LIBRARY = ROOT / "valuechains"
#: what readers and students see is made here; the other rooms speak to authors and instructors, in English
FACING = [
    *(path for room in ("checks", "widgets", "figures") for path in (LIBRARY / room).glob("*.py")),
    *(path for path in (LIBRARY / "book").glob("*.py") if path.stem not in {"changes", "reference", "claim_review"}),
    LIBRARY / "book" / "onpage" / "bridge.py",
    LIBRARY / "book" / "away" / "shelf.py",
    LIBRARY / "evidence" / "card.py",
]
SCRIPTS = sorted(LIBRARY.glob("**/*.js"))
SAYS = {"say", "count", "to_say", "_some", "paragraph", "_said", "warning"}
MATCHES = {"compile", "fullmatch", "findall", "sub", "split", "get"}  # given patterns and names
SENTENCE = re.compile(r"(?:^|>|\s)[A-Za-z]['’\w]+ [a-z]\w*")

# Not said to anybody as a sentence of ours, or said by somebody else, each with the reason.
UNSAID = {
    "*Write your text here.*": "nbgrader's stub, which stands in every student's notebook and is compared with it",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ": "read",
    "seventeen eighteen nineteen twenty": "read from an answer",
    "leading zeros": "Python's words",
    "invalid character": "Python's words",
    "to do": "a state, in files; WORDS says it",
    "to be read": "a state",
    "not run": "a state",
    " up to ": "a place on a sheet",
    "heat map": "a kind of chart, as data",
    "row wrap": "a style",
    "number of rows": "a column's name, which the edition looks up",
    "A still picture of the first setting: run this cell to move its controls.": "in a stored notebook",
    "a drawing says how large it is": "an assertion",
    " no sign": "an assertion",
    "Would change our mind": "a head of the card, said by `_field`",
    "verdict verdict-": "classes",
    ": no heading has the id ": "for an author",
    ": write one of ": "for an author",
    "math notranslate nohighlight": "classes",
    "valuechains measure": "a name in a drawing",
    "waiting for what is made beside the build (": "for who builds",
    **dict.fromkeys(("Student time", "Before it", "In all ", " hours of student time."), "the pages' text has it"),
}
NAMES = "figures/look.py"  # names that the data use, by which colours are chosen; an edition looks them up

IN_SCRIPTS = {
    "use strict",
    "return true",
    "heat map",
    "to do",  # a state
    "to be read",
    "*Write your text here.*",  # nbgrader's stub
    "services in global value chains: work of a reader",  # the format of a file
    "Nothing is fetched here: ",  # thrown where only a console reads it
    " cannot be read.",
}
LOOKS_LIKE_CODE = re.compile(
    r"[#=\[\]{}<>|^$\\]|--|\.[a-z-]+[ ,:]|gvc-|pst-|:(?:is|not)|^\s*[a-z-]+(?: [a-z-]+)* *:|Stand|px"
)


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def unsaid(text: str) -> Iterator[str]:
    """The texts of a module that read as sentences, and are neither said nor refused to an author nor documentation."""
    tree = ast.parse(text)
    fine = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        name = called(node) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Raise) or name in SAYS | MATCHES or name.endswith(("Error", "error")):
            fine |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in fine
        if is_text and SENTENCE.search(re.sub(r"<[^>]*(>|$)|[\w-]+=\S+", "<>", node.value)):
            yield node.value


def test_the_search_finds_what_it_is_for():
    module = 'def f():\n    """A sentence of ours."""\n    say("This is said.")\n    return f"{x} was forgotten here."'
    assert list(unsaid(module)) == [" was forgotten here."]
    script = (
        'a.textContent = `${n} words too many`; b.append("Nobody says so."); gvcSay("This is said."); // No sentence'
    )
    assert list(filter(SENTENCE.search, texts(script))) == [" words too many", "Nobody says so."]


@pytest.mark.parametrize("path", FACING, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_no_sentence_of_a_module_is_forgotten(path):
    if path.relative_to(LIBRARY).as_posix() != NAMES:
        assert [text for text in unsaid(path.read_text(encoding="utf-8")) if text not in UNSAID] == []


def texts(script: str) -> Iterator[str]:
    """The texts of a script that are not given to the catalogue; of a template its fixed parts."""
    said = {*SAID.findall(script), *(one for both in COUNTED.findall(script) for one in both)}
    for token in tokenize(script, jsx=False):
        if token.type in ("string", "template_string"):
            text = token.value[1:-1]
            if text not in said:
                yield from re.split(r"\$\{[^}]*\}", text) if token.type == "template_string" else [text]


def test_no_sentence_of_a_script_is_forgotten():
    found = {
        (path.name, text)
        for path in SCRIPTS
        for text in texts(path.read_text(encoding="utf-8"))
        if SENTENCE.search(text) and not LOOKS_LIKE_CODE.search(text) and text not in IN_SCRIPTS
    }
    assert found == set()


def test_fields_have_names_so_that_a_translation_may_order_them_anew():
    messages = {
        one for message, _ in translations.in_code() for one in ([message] if isinstance(message, str) else message)
    }
    assert len(messages) > 400
    assert [one for one in messages if re.search(r"\{\d*[!:}]|%[sd]", one)] == []
