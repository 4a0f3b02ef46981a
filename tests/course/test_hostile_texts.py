"""Texts that would act if a page let them: in every place where a student can write, on every page that shows it.

Each text opens a dialog that names its place. Where nothing stands in their way they do (the first test); in the real
formgrader, in JupyterLab on what was handed in, and on our own pages none does.
"""

# ruff: noqa: E501  (a text or a cell stands on one line)
import json
import os
from datetime import date
from html.parser import HTMLParser

import nbformat
import pytest
from conftest import ROOT
from labs import alone, jupyterlab
from nbconvert.exporters import HTMLExporter

from valuechains.course import grading, harmless, sandbox
from valuechains.course.copies import student_copy
from valuechains.course.folder import Course
from valuechains.course.release import release
from valuechains.course.results.answer_key import answers
from valuechains.course.results.feedback import feedback
from valuechains.course.results.report import report

pytestmark = pytest.mark.browser

NAME, WHO = "02-services", "s1"
PLACES = ("essay", "beside", "question", "raw", "code", "copy", "formula", "fence")
TEXTS = {
    "script": "<script>alert('{}')</script>",
    "image": "<img src=x onerror=alert('{}')>",
    "capitals": "<ImG sRc=x OnErRoR=alert('{}')>",
    "cut short": "<img src=x onerror=alert('{}') ",
    "svg": "<svg onload=alert('{}')></svg>",
    "details": "<details open ontoggle=alert('{}')>more</details>",
    "frame": "<iframe srcdoc=\"<script>alert('{}')</script>\"></iframe>",
    "frame of a script": "<iframe src=\"javascript:parent.alert('{}')\"></iframe>",
    "style": "<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart=alert('{}')>b</b>",
    "closing": "</textarea></pre></code></div><script>alert('{}')</script>",
    "comment": "<!--><img src=x onerror=alert('{}')>-->",
    "nested": "<scr<script>ipt>alert('{}')</scr</script>ipt><img src=x onerror=alert('{}')>",
    "math": "$\\text{{<img src=x onerror=alert('{}')>}}$ and $$a<img/src=x onerror=alert('{}')>b$$",
    "image of Markdown": "![a\" onerror=\"alert('{}')](x\" onerror=\"alert('{}'))",
    "autofocus": "<input autofocus onfocus=alert('{}')>",
    "link": "[press](javascript:alert('{}'))",
    "link in entities": "[press](&#106;avascript&colon;alert('{}'))",
    "link of HTML": "<a href=\"javascript:alert('{}')\">press</a>",
    "link below": "[press][1]\n\n[1]: javascript:alert('{}')",
    "link of data": "[press](data:text/html,<script>opener.alert('{}')</script>)",
    "way into the formgrader": "[press](/formgrader/manage_students/%22%3Balert(%27{}%27)%3B%22/)",
    "picture of the formgrader": '[press](/formgrader/manage_students/%22%3Balert(%27{}%27)%3B%22/ "x")',
    "a page beside": "[press](evil.html)",
}


def text(place: str) -> str:
    lines = [said.format(*2 * [f"{place}: {name}"]).replace("{{", "{") for name, said in TEXTS.items()]
    return "\n\n".join(["My own words on this.", *lines])


def notebook() -> dict:
    """A submission with hostile texts in everything that a file of this format can hold."""
    made = json.loads(student_copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb"))
    hostile = "<img src=x onerror=alert('{}')>"
    cells = {cell["id"]: cell for cell in made["cells"]}
    cells["2b"]["source"] = text("essay") + "\n\n![a](attachment:a.png)"
    cells["2b"]["attachments"] = {"a.png": {"image/png\" onerror=\"alert('mime')": "AAAA"}}
    cells["2e"]["metadata"] |= {"tags": [hostile.format("tag")], "name": hostile.format("name")}
    cells["e5"]["source"] = text("question")
    cells["answer-1"]["source"] = f"content = {text('value')!r}"
    cells["answer-3"]["source"] = "'''" + text("code") + "'''\nprint('''" + text("printed").replace("\\", "") + "''')"
    cells["answer-4"]["source"] = f"raise ValueError({text('raised')!r})"
    cells["answer-5"]["source"] = f"specialisation = {{{text('key')!r}: 1}}\nheadquarters = {hostile.format('word')!r}"
    cells["answer-6"]["source"] = (
        "from IPython.display import HTML, Javascript, display\n"
        f"display(HTML({text('shown')!r}), Javascript(\"alert('js')\"))"
    )
    data = {
        "text/html": text("html"),
        "text/markdown": text("markdown"),
        "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('svg')\"/>",
        "application/javascript": "alert('javascript')",
        "text/latex": "$\\href{javascript:alert('latex')}{press}$",
        "image/png": "AAAA\" onerror=\"alert('png')",
        "application/vnd.vegalite.v5+json": {
            "usermeta": {"embedOptions": {"loader": {"target": "x"}}},
            "title": "<img>",
        },
        "text/plain": hostile.format("plain"),
    }
    shown = {"output_type": "display_data", "data": data, "metadata": {"image/png": {"width": "1 onload=alert('w')"}}}
    said = {"output_type": "stream", "name": "stdout", "text": text("stream")}
    failed = {"output_type": "error", "ename": hostile.format("e"), "evalue": "x", "traceback": [text("traceback")]}
    cells["widget-2"]["outputs"] = [shown, said, failed]
    cells["widget-2"]["metadata"] |= {"trusted": True}
    made["cells"] += [
        {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": text("beside")},
        {"cell_type": "markdown", "id": "h", "metadata": {}, "source": f"# {hostile.format('heading')} {{#x}}"},
        {"cell_type": "markdown", "id": "f", "metadata": {}, "source": "```html\n" + text("fence") + "\n```\n\n" + "`"},
        {
            "cell_type": "markdown",
            "id": "m",
            "metadata": {},
            "source": '```mermaid\ngraph TD; A["' + hostile + '"]\n```',
        },
        {"cell_type": "raw", "id": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": text("raw")},
        {**cells["2b"], "id": "copy", "source": text("copy")},
        {
            "cell_type": "code",
            "id": hostile.format("id"),
            "metadata": {},
            "source": "1",
            "outputs": [shown],
            "execution_count": 1,
        },
    ]
    made["metadata"] |= {
        "title": hostile.format("title"),
        "authors": [{"name": hostile.format("author")}],
        "kernelspec": {
            "name": hostile.format("kernel"),
            "display_name": hostile.format("kernel"),
            "language": "python",
        },
        "language_info": {"name": "python", "pygments_lexer": hostile.format("lexer")},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"</script>": hostile}, "version_major": 2}},
    }
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A class of one, whose work is hostile from its name to its last cell, and graded."""
    if sandbox.means() == "limits":
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no namespaces here: install bubblewrap")
    root = tmp_path_factory.mktemp("hostile")
    people = root / "class.csv"
    people.write_text(
        "id,first_name,last_name,email\n"
        f"{WHO},<img src=x onerror=alert('first')>,\"\"\"><script>alert('last')</script>\",<svg onload=alert('mail')>\n"
    )
    made = Course.new(
        root / "course", title="Spring", chapters=[NAME], start=date(2026, 11, 23), students=people, salt="x"
    )
    release(made, NAME)
    folder = made.root / "submitted" / WHO / NAME
    (folder / "deep").mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook()))
    for name in ("evil.html", "evil.svg", "deep/evil.html", "<img src=x onerror=alert(1)>.html"):
        (folder / name).write_text("<script>(opener || parent).alert('a page beside')</script>")
    outcome = grading.grade(made, NAME, workers=1)[0]
    assert outcome.state == "graded", outcome
    return made


class Watched:
    """A page whose dialogs are counted, whatever window opens them."""

    def __init__(self, context, address: str):
        self.said: list[str] = []
        context.on("dialog", self._heard)
        self.page = alone(context, address)

    def _heard(self, dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def presses(self, within: str) -> None:
        """Follow every link that a text may have made."""
        links = self.page.locator(f"{within} a", has_text="press")
        for place in range(links.count()):
            links.nth(place).click(modifiers=["Control"], timeout=5000, force=True)
        self.page.wait_for_timeout(300)  # what a link opens needs a moment to speak


@pytest.fixture
def watched(browser):
    contexts = []

    def open_(address: str) -> Watched:
        contexts.append(browser.new_context(viewport={"width": 1300, "height": 900}))
        return Watched(contexts[-1], address)

    yield open_
    for context in contexts:
        context.close()


def live(page, within: str) -> list[str]:
    """What in a part of a page could act."""
    return page.locator(within).evaluate_all(
        """parts => parts.flatMap(part => [...part.querySelectorAll("*")]).filter(one =>
            ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "FORM", "STYLE", "LINK", "META", "BASE", "SVG"].includes(one.tagName)
            || [...one.attributes].some(at => at.name.startsWith("on") || /^\\s*(javascript|data(?!:image)|vbscript):/i.test(at.value))
        ).map(one => one.outerHTML.slice(0, 120))"""
    )


def test_the_texts_do_act_where_nothing_stands_in_their_way(watched):
    page = watched("about:")
    shown = nbformat.reads(json.dumps({**notebook(), "metadata": {}}), as_version=4)
    shown.cells[-1].id = "last"
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(shown)
    page.page.set_content(html, wait_until="load")

    def acted(place: str) -> int:
        return len({said for said in page.said if said.startswith(place)})

    for _ in range(300):  # what fails to load acts a moment later
        if all(acted(place) >= 3 for place in ("essay", "beside", "question", "copy")):
            break
        page.page.wait_for_timeout(100)
    else:
        pytest.fail(f"only these acted: {page.said}")


class Acting(HTMLParser):
    """What of a piece of HTML could act."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.found += [tag] if tag not in harmless.TAGS else []
        self.found += [name for name, _ in attributes if name not in ("class", "colspan", "rowspan")]


@pytest.mark.parametrize("name", TEXTS)
def test_each_wall_alone_holds_each_text(name):
    """What is stored has nothing in it that acts; and where the configuration reaches, what is shown has not."""
    said = TEXTS[name].format(*2 * ["x"]).replace("{{", "{")
    shown = HTMLExporter().markdown2html
    assert Acting(shown({}, harmless.text(said))).found == []
    assert Acting(harmless.markdown2html({}, said)).found == []
    raw = harmless.cell(nbformat.v4.new_raw_cell(said))
    assert (raw.cell_type, raw.source) == ("markdown", harmless.text(said))


def test_without_a_wall_most_texts_would_act():
    shown = [HTMLExporter().markdown2html({}, said.format(*2 * ["x"])) for said in TEXTS.values()]
    assert sum(bool(Acting(one).found) for one in shown) > len(TEXTS) / 2


def test_in_the_formgrader_nothing_acts(course, watched, tmp_path):
    with jupyterlab(course.root, tmp_path, config=course.root) as address:
        page = watched(address)
        page.page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}", wait_until="networkidle")
        page.page.locator("td.name a").first.click()
        page.page.wait_for_selector("#\\32 b")  # the box for the points of 2b
        page.page.wait_for_load_state("networkidle")
        body = page.page.locator("#notebook-container").first.inner_text()
        assert all(
            f"{place}: image" in body for place in ("essay", "beside", "question", "raw", "code", "copy", "fence")
        )
        assert live(page.page, ".text_cell_render, .output, .input_area, .live-notebook a") == []
        page.presses("#notebook-container")
        for where in ("manage_students", f"manage_submissions/{NAME}", f"manage_students/{WHO}", "gradebook"):
            page.page.goto(f"{address}/formgrader/{where}", wait_until="networkidle")
            own = "createStudentModal();"  # nbgrader's
            assert [one for one in live(page.page, "td") if own not in one] == []
        assert page.said == []
    beside = {path.name for path in (course.root / "autograded" / WHO / NAME).rglob("*") if path.is_file()}
    assert beside == {f"{NAME}.ipynb", "sheet.json"}, "the formgrader serves what lies here"


def test_a_formgrader_without_the_configuration_shows_what_is_stored_safely(course, watched):
    page = watched("about:")
    stored = course.root / "autograded" / WHO / NAME / f"{NAME}.ipynb"
    html, _ = HTMLExporter(template_name="classic").from_filename(str(stored))
    page.page.set_content(html, wait_until="load")
    assert "essay: image" in page.page.locator("body").inner_text()
    assert live(page.page, ".text_cell_render, .output, .input_area") == []
    page.presses("body")
    assert page.said == []


@pytest.mark.parametrize("folder", ["submitted", "autograded"])
def test_in_jupyterlab_nothing_acts_on_opening(course, watched, tmp_path, folder):
    with jupyterlab(course.root, tmp_path, config=course.root) as address:
        page = watched(address)
        page.page.goto(f"{address}/lab/tree/{folder}/{WHO}/{NAME}/{NAME}.ipynb", wait_until="domcontentloaded")
        words = page.page.locator(".jp-MarkdownCell")
        words.first.wait_for()
        for _ in range(40):  # the notebook is drawn as one scrolls
            page.page.locator(".jp-WindowedPanel-outer").first.evaluate("at => at.scrollBy(0, 2000)")
            page.page.wait_for_timeout(50)
        found = live(page.page, ".jp-MarkdownCell .jp-MarkdownOutput, .jp-CodeCell .jp-OutputArea-output")
        # JupyterLab makes a link of an address in printed text; a browser opens no page of data
        assert [one for one in found if not one.startswith('<a href="data:')] == []
        for link in page.page.locator(".jp-OutputArea-output a[href^='data:']").all():
            link.click(modifiers=["Control"], force=True)
        assert page.said == []


def test_on_our_own_pages_nothing_acts(course, watched):
    made = [*feedback(course, NAME), report(course, NAME), answers(course, NAME)[0]]
    for path in made:
        page = watched("file:")
        page.page.goto(path.as_uri(), wait_until="load")
        assert live(page.page, "main") == [], path
        page.presses("main")
        assert page.said == [], path
        policy = page.page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
        assert policy.startswith("default-src 'none'"), path
    assert "My own words on this." in made[0].read_text(encoding="utf-8")
