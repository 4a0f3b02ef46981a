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
#: rooms whose texts are no sentences to readers, students or instructors, each with the reason; the others are swept
LEFT = {
    "twins": "published in English, and told where it is shown: the build asks the catalogue for what it meets",
    "evidence/rule.py": "verdicts and their reasons are facts of the ledger, told by the card",
    "evidence/ledger.py": "so are units",
    "evidence/sources.py": "so are kinds of source",
    "authoring": "speaks to authors of the book",
    "book/changes.py": "speaks to authors of the book",
    "book/reference.py": "speaks to authors of the book",
    "book/claim_review.py": "speaks to authors of the book",
    "book/away/bundle.py": "a page and a folder around the English book",
    "book/onpage/fetch.py": "speaks to authors of the book",
    "datasets.py": "names and reasons in exceptions, for whoever calls it",
    "tables.py": "so here",
    "editions.py": "so here, and names of sources, which are data",
    "identities.py": "so here, and names of identities, which are data",
    "indicators": "so here, and names of terms, which are data",
    "models": "so here",
    "course/sandbox/runner.py": "runs behind walls, without the library's catalogue; `stored` has its words",
}
FACING = [
    path for path in sorted(LIBRARY.rglob("*.py")) if not any(path.is_relative_to(LIBRARY / room) for room in LEFT)
]
TEMPLATES = sorted(LIBRARY.rglob("*.html"))
SCRIPTS = sorted(LIBRARY.glob("**/*.js"))
SAYS = {"say", "count", "to_say", "_some", "paragraph", "_said", "warning"}
TOLD = {"CourseError", "UnreadableAnswer", "DamagedSheet"}  # errors whose sentence somebody reads who runs a command
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
    "not done yet": "what replies began with once, to be read",
    "not yet. ": "what replies began with once, to be read",
    "not done yet. Give `{name}` a value in the cell above, run it, then run this cell again.": "said by checks",
    " at the end": "a key of what a run recorded",
    "# Replace the dots above; use as many lines as you like.": "nbgrader's stub, which is compared",
    "*Found outside the cell for this text:*": "in a stored notebook, and found again there",
    "    python3 tools/lab.py": "a command",
    "Services in global value chains": "a course's title, in its file",
    '"  # personal variants follow from it: keep it for the whole course': "a comment of course.toml",
    "  # of what students are sent": "a comment of course.toml",
    **dict.fromkeys(("First name", "Last name", "ID number", "Email address"), "columns by which an LMS imports"),
    **dict.fromkeys(("the test student", "test student"), "Canvas's and Moodle's own, in class lists"),
    "PRODID:-//Services in global value chains//Course//EN": "of the calendar's format",
    **dict.fromkeys(
        ("mount -t proc proc proc", "mkdir dev/shm", "mkdir proc dev old tmp ", " tmpfs tmp", "touch dev/"), "commands"
    ),
    ",mode=1777 tmpfs dev/shm": "a command",
    "import numpy, pandas, valuechains\nx = 1": "a program",
    **dict.fromkeys(("Student time", "Before it", "In all ", " hours of student time."), "the pages' text has it"),
}
#: by file: what stays, with the reason
STAYS = {
    "course/people.py": (r"[\w ]{60,}|\w+(?: \w+)+ ?", "headings of class lists in fifteen languages, which are read"),
    "course/owners.py": (
        r"[a-z]{3}(?: [a-z]{3,4})+|juin.*|juil.*",
        "months as they begin in names of files, which are read",
    ),
    "course/key.py": (
        r"This is .*|The .*|These .*|Rows .*|up to | yours gives.*",
        "mistakes of a sheet, said by the check",
    ),
    "course/reading.py": (r".*", "in the notebook of a chapter, which is English"),
    "course/quizzes/items.py": (r".*", "in a quiz, whose questions are those of the English page"),
    "course/quizzes/qti3.py": (r".*", "in a quiz"),
    "course/results/reading_sheets.py": (
        r"(?s)code,chapter,comment\n.*",
        "a bank of comments to begin with, a file of the course",
    ),
    "course/settings.py": (r"(?s).*", "a file that nbgrader reads"),
    "book/away/pdf.py": (r"(?s)\(\) => .*", "a script"),
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
        raised = called(node.exc) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else ""
        refused = isinstance(node, ast.Raise) or name.endswith(("Error", "error"))
        if name in SAYS | MATCHES or (refused and not {name, raised} & TOLD):
            fine |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in fine
        if is_text and SENTENCE.search(re.sub(r"<[^>]*(>|$)|[\w-]+=\S+", "<>", node.value)):
            yield node.value


def test_the_search_finds_what_it_is_for():
    module = 'def f():\n    """A sentence of ours."""\n    say("This is said.")\n    return f"{x} was forgotten here."'
    assert list(unsaid(module)) == [" was forgotten here."]
    assert list(unsaid('raise CourseError("Nobody says so.")\nraise ValueError("This is said to authors.")')) == [
        "Nobody says so."
    ]
    assert written('<p title="Points">{{ say("Task") }} of <b>all</b></p>') == ["Points", "all"]
    script = (
        'a.textContent = `${n} words too many`; b.append("Nobody says so."); gvcSay("This is said."); // No sentence'
    )
    assert list(filter(SENTENCE.search, texts(script))) == [" words too many", "Nobody says so."]


@pytest.mark.parametrize("path", FACING, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_no_sentence_of_a_module_is_forgotten(path):
    name = path.relative_to(LIBRARY).as_posix()
    stays, _ = STAYS.get(name, ("", ""))
    left = [text for text in unsaid(path.read_text(encoding="utf-8")) if text not in UNSAID]
    assert name == NAMES or [text for text in left if not re.fullmatch(stays, text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_no_sentence_of_a_template_is_forgotten(path):
    assert written(path.read_text(encoding="utf-8")) == []


def written(template: str) -> list[str]:
    """The words of a template that stand in it as they are: between its tags, and in what is read aloud."""
    text = re.sub(r"(?s)<(style|script)\b.*?</\1>|\{#.*?#\}|\{%.*?%\}", "", template)
    text = re.sub(r'(?s)\{\{.*?\}\}| lang="\w+"|Ctrl', "", text)
    aloud = re.findall(r'(?:aria-label|alt|title)="([^"]*)"', text)
    return re.findall(r"[A-Za-z]{3,}", " ".join([*aloud, re.sub(r"(?s)<[^>]*>|&\w+;", " ", text)]))


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
