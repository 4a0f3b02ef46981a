"""The instructor's part of the book: built whole and only by itself, with notes, keys and slides that hold what they
must."""

import base64
import html
import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from chapters import CHAPTERS, cards
from chapters import text as chapter_text
from valuechains import evidence
from valuechains.book.instructor import board, slides
from valuechains.book.outputs import MIMES
from valuechains.course import key

SOURCE, PAGES = ROOT / "exercises" / "instructor", ROOT / "_build" / "instructor" / "html"
NAMES = [page.stem for page in CHAPTERS]
PARTS = ["Opening poll", "The two commonest errors", "On the board", "A contested point", "Time plan", "What to skip"]
SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n=== END", re.S)
EACH = pytest.mark.parametrize("name", NAMES)


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def words(markup: str) -> str:
    """What a reader reads, one blank between words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def squeezed(text: str) -> str:
    """Letters and digits only: markup and typographic quotes make no difference."""
    return re.sub(r"[\W_]+", "", text)


@pytest.fixture(scope="module")
def instructor():
    """The folder of the instructor's pages, built anew as `make instructor-book` does."""
    made = run("tools/instructor_book.py")
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-3000:]
    assert "warning" not in made.stderr.lower()
    return PAGES


# --- apart from the book ---------------------------------------------------------------------------------------------


def schemes() -> list[str]:
    """The first line of every mark scheme."""
    sources = (nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4).cells for name in NAMES)
    return [scheme.splitlines()[0] for cells in sources for cell in cells for scheme in SCHEME.findall(cell.source)]


def told(text: str) -> list[str]:
    """What of the instructor's part is in a text: sentences of its pages, and mark schemes."""
    pages = [path for path in SOURCE.rglob("*.md") if path.parent.name != "keys"]
    lines = [line for path in pages for line in path.read_text(encoding="utf-8").splitlines()]
    plain = {squeezed(line) for line in lines if len(line) > 60 and not re.search(r"[{|`\[]", line)}
    found = squeezed(text)
    return [line for line in [*sorted(plain), *map(squeezed, schemes())] if line in found]


def test_the_book_holds_nothing_of_it(built):
    files = [path for path in built.rglob("*") if path.is_file()]
    assert not [
        path
        for path in files
        if "instructor" in path.as_posix().removeprefix(str(ROOT))
        or path.name == "key.py"
        or "slides" in path.relative_to(built).parts
    ]
    text = " ".join(words(path.read_text(encoding="utf-8")) for path in files if path.suffix == ".html")
    text += (built / "searchindex.js").read_text(encoding="utf-8")
    assert told(text) == []


def test_the_search_for_it_finds_what_is_planted():
    page = (SOURCE / "grading.md").read_text(encoding="utf-8")
    scheme = schemes()[0]
    assert told(page) and told(f"<p>{scheme}</p>")


def test_only_its_own_configuration_names_what_shows_answers():
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT, ROOT / "exercises" / "instructor")
        for path in folder.glob("*.yml")
        if "valuechains.book.instructor" in path.read_text(encoding="utf-8")
    ]
    assert named == ["exercises/instructor/_config.yml"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^(\S+):.*\n\t.*instructor_book", makefile, re.M) == ["instructor-book"]


# --- the build -------------------------------------------------------------------------------------------------------


def test_every_page_is_built(instructor):
    for path in SOURCE.rglob("*.md"):
        assert (instructor / path.relative_to(SOURCE)).with_suffix(".html").exists()
    contents = (instructor / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{part}/{name}.html"' in contents for part in ("notes", "keys") for name in NAMES)


def test_what_is_wrong_on_a_page_stops_the_build(tmp_path):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "index.md").write_text(
        "\n\n".join(
            (
                "# Page",
                "```{minutes} 90\n10 Poll\n70 Talk\n```",
                "{board}`02-services.none`",
                "```{poll} A1-9-99\n```",
                "```{plan}\nno week\n```",
                "```{answer-key} 99-none\n```",
                "{ledger}`A1-1-05.none`",
                "[](nowhere)",
            )
        )
    )
    made = run(
        "-c",
        "import sys; from pathlib import Path; sys.path.insert(0, 'tools'); import instructor_book as tool; "
        f"sys.exit(tool.build(Path({str(tmp_path)!r}), Path({str(tmp_path / 'out')!r})))",
    )
    assert made.returncode == 1
    for said in (
        "80 minutes, not 90",
        "no number '02-services.none'",
        "A1-9-99",
        "A line of a plan",
        "no key.py in 99-none",
        "A1-1-05",
        "nowhere",
    ):
        assert said in made.stderr, said


# --- notes -----------------------------------------------------------------------------------------------------------


@EACH
def test_the_notes_of_a_chapter_have_six_parts(instructor, name):
    source = (SOURCE / "notes" / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", source, re.M) == PARTS
    part = dict(zip(PARTS, re.split(r"^## .+\n", source, flags=re.M)[1:], strict=True))
    assert all(len(content.split()) > 30 for content in part.values())
    asked = re.search(r"\{poll\} (.+)", part["Opening poll"])[1].split()
    assert len(asked) >= 3 and (name == NAMES[-1] or set(asked) <= set(cards(ROOT / "chapters" / f"{name}.ipynb")))
    assert len(re.findall(r"^\*\*.+?\*\*", part["The two commonest errors"], re.M)) == 2
    assert f"{{board}}`{name}." in part["On the board"]
    assert "{minutes} 90" in part["Time plan"]
    page = words((instructor / "notes" / f"{name}.html").read_text(encoding="utf-8"))
    shown = re.findall(rf"\{{board\}}`{name}\.(\w+)`", source)
    assert set(shown) <= set(board.example(name)) and all(board.example(name)[number] in page for number in shown)


@EACH
def test_a_contested_point_gives_both_sides_as_much_room(name):
    source = (SOURCE / "notes" / f"{name}.md").read_text(encoding="utf-8")
    point = re.search(r"^## A contested point\n(.+?)^## ", source, re.M | re.S)[1]
    first, second = re.search(
        r"\*\*The best case.+?\*\*(.+?)\*\*The best case.+?\*\*(.+?)Where to take it", point, re.S
    ).groups()
    longer, shorter = sorted((len(first.split()), len(second.split())), reverse=True)
    assert shorter > 25 and longer <= 1.5 * shorter


def test_every_chapter_has_a_board_example():
    assert set(board.EXAMPLES) == set(NAMES)


def test_minutes_are_summed_from_heads_and_keys(instructor):
    page = words((instructor / "index.html").read_text(encoding="utf-8"))
    exercises = sum(key.load(ROOT / "exercises" / name).minutes for name in NAMES)
    heads = (re.search(r"^\| \*\*Time\*\* \| (.+) \|$", chapter_text(path), re.M)[1] for path in CHAPTERS)
    read = [re.search(r"(\d+) minutes of reading, (\d+) with", head) for head in heads]
    reading = sum(int(minutes) for found in read if found for minutes in found.groups())
    assert f"All {reading} {exercises} {reading + exercises} " in page
    assert len([found for found in read if found]) == 9  # chapter 9 is all exercise
    plans = words((instructor / "plans.html").read_text(encoding="utf-8"))
    assert f"All {reading} {exercises} {reading + exercises + 180 + 60}" in plans


# --- keys ------------------------------------------------------------------------------------------------------------


@EACH
def test_a_key_page_holds_values_mistakes_and_mark_schemes(instructor, name):
    page = words((instructor / "keys" / f"{name}.html").read_text(encoding="utf-8"))
    packed = squeezed(page)
    chapter_key = key.load(ROOT / "exercises" / name)
    variant = (chapter_key.variants or [{}])[0]
    for task in chapter_key.tasks.values():
        if task.compute is None:
            continue
        answer = task.answer(variant)
        if task.public["kind"] == "numbers":
            assert all(repr(float(value)) in page for value in np.ravel(np.asarray(answer.right, dtype=float)))
        assert all(squeezed(re.sub(r"\$.+?\$", "", hint))[:30] in packed for hint in answer.mistakes if "$" not in hint)
    texts = [task.exercise for task in chapter_key.tasks.values() if task.public["kind"] == "text"]
    assert page.count("Model text") == page.count("Mark scheme") == len(texts)
    cells = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4).cells
    marked = [scheme for cell in cells for scheme in SCHEME.findall(cell.source)]
    assert len(marked) == len(texts) and "None: use the rubric" not in page
    assert all(squeezed(scheme.splitlines()[0].replace("`", ""))[:40] in packed for scheme in marked)


# --- slides ----------------------------------------------------------------------------------------------------------


def findings(name: str) -> list[str]:
    cells = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4).cells
    shown = (
        output.data[mime]
        for cell in cells
        for output in cell.get("outputs", [])
        for mime in MIMES
        if mime in output.get("data", {})
    )
    return [spec["usermeta"]["valuechains"]["finding"] for spec in shown]


@EACH
def test_slides_hold_every_figure_and_question_and_name_no_host(instructor, name):
    page = (instructor / "slides" / f"{name}.html").read_text(encoding="utf-8")
    assert [html.unescape(title) for title in re.findall(r"<h2>(.+?)</h2>\n<p class=\"measure\">", page)] == findings(
        name
    )
    drawings = [
        base64.b64decode(image).decode() for image in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    ]
    assert len(drawings) == len(findings(name)) == page.count('<p class="source">Source: ')
    assert all(drawing.startswith("<svg") and len(drawing) > 1000 for drawing in drawings)
    talk = re.search(r"^### To discuss\n(.+?)^##", chapter_text(ROOT / "chapters" / f"{name}.ipynb"), re.M | re.S)[1]
    assert page.count("<h2>To discuss</h2>") == len(re.findall(r"^\d+\. ", talk, re.M)) >= 3
    text = chapter_text(ROOT / "chapters" / f"{name}.ipynb")
    assert page.count('class="found"') == text.count("```{claim} ")
    assert page.count('class="formula"') == len(re.findall(r"^\$\$$", text, re.M)) / 2
    assert page.count('class="board"') == 1 and page.count('class="worked"') >= 3
    polled = re.search(r"{poll} (.+)", (ROOT / "exercises/instructor/notes" / f"{name}.md").read_text(encoding="utf-8"))
    assert all(html.escape(evidence.claim(id).says) in page for id in polled[1].split())
    assert not re.search(r'(?:src|href)="(?!data:)|@import|url\(|\{(?:glue|ledger|term|claim)', page)
    asked = {host for text in [page, *drawings] for host in re.findall(r"https?://([\w.-]+)", text)}
    assert asked <= {"www.w3.org"}  # the names of SVG and MathML


def test_a_chapter_without_questions_is_named(tmp_path):
    notebook = nbformat.read(CHAPTERS[2], as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("### To discuss", "### To think about")
    nbformat.write(notebook, tmp_path / "02-services.ipynb")
    with pytest.raises(ValueError, match='"To discuss"'):
        slides.page(tmp_path / "02-services.ipynb")


def spilled(page, instructor, name) -> list:
    """Slides of a chapter that hold more than their page, with what is too large or too small to read."""
    page.goto((instructor / "slides" / f"{name}.html").as_uri())
    return page.evaluate("""() => {
        document.documentElement.classList.remove("one"); // all in sight, as on paper
        const wide = (formula) => formula.scrollWidth > formula.clientWidth + 1;
        const size = (part) => parseFloat(getComputedStyle(part).fontSize);
        const texts = (slide) => [slide, ...slide.querySelectorAll(".card, .formula, li")];
        return [...document.querySelectorAll("section")].flatMap((slide) => [
            slide.scrollHeight > innerHeight + 1 && `${slide.id} is ${slide.scrollHeight} high`,
            [...slide.querySelectorAll(".formula")].some(wide) && `${slide.id} has a formula that is too wide`,
            texts(slide).some((part) => size(part) < 12) && `${slide.id} is too small to read`,
        ]).filter(Boolean); }""")


def test_slides_turn_print_and_do_without_script(instructor, browser):
    path = instructor / "slides" / "08-turning-point.html"
    count = path.read_text(encoding="utf-8").count("<section")
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script, viewport={"width": 1280, "height": 720})
        page, asked = context.new_page(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        seen = [section.is_visible() for section in page.locator("section").all()]
        assert seen == ([True] + [False] * (count - 1) if script else [True] * count)
        if script:
            page.keyboard.press("ArrowRight")
            assert page.locator("section.now").get_attribute("id") == "s2"
            titles, found = page.locator("section:has(.measure) h2").first, page.locator(".found").first
            for hidden in ("hidden", "visible"):
                page.keyboard.press("t")
                assert {one.evaluate("e => getComputedStyle(e).visibility") for one in (titles, found)} == {hidden}
            page.keyboard.press("End")
            assert page.locator("section.now").get_attribute("id") == f"s{count}"
            assert {name: fits for name in NAMES if (fits := spilled(page, instructor, name))} == {}
        assert not [url for url in asked if not url.startswith(("file:", "data:"))]
        context.close()
    for name in NAMES:
        pages = (instructor / "slides" / f"{name}.html").read_text(encoding="utf-8").count("<section")
        printed = (instructor / "slides" / f"{name}.pdf").read_bytes()
        assert printed.startswith(b"%PDF") and printed.count(b"/MediaBox") == pages
