"""An edition in another language says the same: numbers, places and links, terms, and what is left in English."""

import ast
import base64
import copy
import json
import re
import zlib
from types import SimpleNamespace

import pytest
import translations
import yaml
from babel.messages import Catalog, pofile
from bs4 import BeautifulSoup
from conftest import ROOT
from docutils import nodes
from docutils.utils import new_document
from grids import by_lot, declared

from valuechains import tongue
from valuechains.authoring.catalogue import compiled
from valuechains.authoring.catalogue import spoken as in_language
from valuechains.book import edition
from valuechains.figures.publishing import WIDE
from valuechains.tongue import count, named, say, together
from valuechains.widgets import chart_words
from valuechains.widgets.sentences import Sentence, retold

LANGUAGE = "zh_CN"
PAGES = ("chapters/index", "chapters/02-services")
HERE = translations.LOCALE / LANGUAGE
CATALOGUES = {domain: translations.read(HERE / f"{domain}.po", LANGUAGE) for domain in translations.DOMAINS}
MESSAGES = [
    (domain, one, said)
    for domain, catalogue in CATALOGUES.items()
    for message in catalogue
    if message.id and not message.fuzzy
    for one, said in zip(
        [message.id] if isinstance(message.id, str) else message.id,
        [message.string] if isinstance(message.id, str) else [*message.string] * 2,
    )
    if said
]
TERMS = yaml.safe_load((HERE / "terms.yml").read_text(encoding="utf-8"))
ROLES = re.compile(r"\{(?!term)([\w:-]+)\}`([^`]+)`|\{term\}`[^`]*?<?([^<>`]+)>?`")
MONTHS = "January February March April May June July August September October November December".split()


def spoken(tmp_path, language, messages):
    """A compiled catalogue of some messages; one marked fuzzy ends with True."""
    catalogue = Catalog(locale=language)
    for message, said, *stale in messages:
        catalogue.add(message, said, flags=["fuzzy"] if stale else [])
    source, file = tmp_path / language / "ours.po", tmp_path / "ours.mo"
    source.parent.mkdir(exist_ok=True)
    with source.open("wb") as out:
        pofile.write_po(out, catalogue)
    file.write_bytes(compiled(source))
    return tongue.speaking(file)


# --- the mechanism ------------------------------------------------------------------------------------------------


def test_english_is_said_without_a_catalogue():
    assert say("{shown} of {rows} rows", shown=30, rows=64) == "30 of 64 rows"
    assert [count("{number} bar", "{number} bars", number) for number in (1, 2)] == ["1 bar", "2 bars"]
    spec = {"usermeta": {"valuechains": {}}}
    assert chart_words.told(spec) is spec
    assert named("China, textiles") == "China, textiles"
    assert edition.marks("whatever") == []


def test_a_language_has_its_own_plurals_and_its_own_order(tmp_path):
    bars = (("{number} bar", "{number} bars"), ("{number} słupek", "{number} słupki", "{number} słupków"))
    order = ("{shown} of {rows} rows", "z {rows} wierszy {shown}")
    with spoken(tmp_path, "pl", [bars, order]):
        said = [count(*bars[0], number) for number in (1, 2, 5, 22)]
        assert said == ["1 słupek", "2 słupki", "5 słupków", "22 słupki"]
        assert say(order[0], shown=30, rows=64) == "z 64 wierszy 30"
        script = edition.script([])
        forms, rule = tongue.forms(*bars[0])
    assert "gvcWords" in script and len(forms) == 3 and "%" in rule


NAMES = [("China", "中国"), ("Japan", "日本"), (", ", "，"), ("{low} to {high}", "{low} 至 {high}")]


def test_what_is_missing_or_stale_is_said_in_english_and_listed(tmp_path):
    with spoken(tmp_path, LANGUAGE, [*NAMES, ("A new claim", "旧的论断", True)]):
        assert [say("China"), say("A new claim"), say("Nothing of it")] == ["中国", "A new claim", "Nothing of it"]
        assert tongue.lacking == {"A new claim", "Nothing of it"}
        assert edition.marks("A new claim") == [edition.ENGLISH] and edition.marks("China") == []
        assert named("China, Japan, 1995 to 2011") == "中国，日本，1995 至 2011"
        assert named("CHN") == "CHN" and "CHN" not in tongue.lacking
    assert together(["甲。", "乙。"]) == "甲。乙。" and together(["One.", "Two."]) == "One. Two."


def test_what_is_missing_and_what_is_stale_is_counted():
    catalogue = Catalog(locale=LANGUAGE)
    catalogue.add("said", "说了")
    catalogue.add("not said")
    catalogue.add(("{number} bar", "{number} bars"), ("",))
    catalogue.add("changed since", "改过", flags=["fuzzy"])
    assert translations.counted(catalogue) == {"messages": 4, "missing": 2, "stale": 1}
    assert translations.report("zh_CN", "ours", catalogue) == "zh_CN ours: 4 messages, 2 missing, 1 stale"


@pytest.mark.parametrize(("left", "says"), [(0, ""), (3, "本页有 3 段尚未译出，或原文已有改动，故以英文显示。")])
def test_a_page_says_at_its_head_how_much_of_it_is_in_english(left, says):
    app = SimpleNamespace(
        env=SimpleNamespace(metadata={"page": {"english": left}}), config=SimpleNamespace(language=LANGUAGE)
    )
    context = {"body": "<p>One.</p>"}
    with in_language(ROOT, LANGUAGE):
        edition.mark_links(app, "page", "", context, None)
    assert context["body"] == (f'<p class="gvc-untranslated">{says}</p>\n' if says else "") + "<p>One.</p>"


def test_a_paragraph_without_translation_says_that_it_is_english():
    class Page:
        metadata = {"page": {}}
        docname = "page"

    document = new_document("page")
    document += [nodes.paragraph("", "还是这个"), nodes.paragraph("", "New sentence."), nodes.math_block("", "x")]
    for node, translated in zip(document.children, (True, False, False)):
        node["translated"] = translated
    left = edition.left_in_english(document)
    assert left == [document[1]]


def test_a_sentence_of_a_twin_is_told_in_another_order():
    english = Sentence("{economy}: a smile in {share:.1%} of {n:.0f}")
    written = english.expression({"economy": "chosen.economy", "share": "result.share", "n": "result.n"})
    expression = f"result.case === 'yes' ? {written} : 'no'"
    seen = []

    def tell(sentence, sources):
        seen.append(sentence.template)
        return Sentence("{n:.0f} 条中 {share:.1%}：{economy}").expression(sources)

    told = retold(expression, tell)
    assert seen == [english.template]
    assert told.startswith("result.case === 'yes' ? format(result.n, '.0f') + ' 条中 ' + format(result.share, '.1%')")
    assert told.endswith("+ chosen.economy : 'no'")


# --- the catalogues -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["every-way-content", "who-is-paid", "smile-explorer"])
def test_a_twin_says_every_setting_in_the_language(name):
    """ "Korea, Rep." has a comma in it, which parts of a sentence have between them too."""
    twin = declared()[name]
    with in_language(ROOT, LANGUAGE):
        said = [twin.told(one, twin.result(one)) for one in (twin.settings(**lot) for lot in by_lot(twin, 200))]
        shown = chart_words.told(copy.deepcopy(twin.figure.spec))["usermeta"]["valuechains"]["twin"]["says"]
        assert shown == twin.told(twin.settings(), twin.result(twin.settings()))
    assert any("韩国" in one for one in said)
    assert [one for one in said if re.search("[a-z]{2}", one.replace("in-house", ""))] == []


def test_every_message_of_the_code_is_in_the_catalogue():
    asked = {message for message, _ in translations.in_code() if message and any(message)}
    there = {
        message.id if isinstance(message.id, str) else tuple(message.id)
        for domain in ("ours", "course")
        for message in CATALOGUES[domain]
    }
    assert asked - there == set(), "run `make translations`, and translate what is new"


def test_a_message_is_counted_once():
    for domain, catalogue in CATALOGUES.items():
        numbers = translations.counted(catalogue)
        assert numbers["messages"] == len([message for message in catalogue if message.id])
        assert domain == "course" or numbers["missing"] <= 0.05 * numbers["messages"], domain


def test_what_instructors_are_told_is_ready_and_counted_apart():
    catalogue = CATALOGUES["course"]
    numbers, says = translations.counted(catalogue), translations.report(LANGUAGE, "course", catalogue)
    assert numbers["messages"] > 350 and numbers["missing"] == numbers["messages"]
    assert says.endswith(f"{numbers['messages']} messages, ready; none is translated (the instructor's side)")
    ours = {str(message.id) for message in CATALOGUES["ours"]}
    assert not ours & {str(message.id) for message in catalogue if message.id}
    assert "There is no text of yours here." in ours  # what students are sent is not


def fields(text):
    return sorted(re.findall(r"\{\w+(?::[^}]*)?\}(?!`)", text))


def roles(text):
    return sorted((kind or "term", (content or term).strip()) for kind, content, term in ROLES.findall(text))


def numbers(text):
    """The numbers of a text, whatever the language writes beside them."""
    text = re.sub(r"\bH1\b", "", text)
    for place, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"\b{month}\b", f" {place} ", text)
    text = re.sub(r"([\d.]+) million", lambda found: f"{float(found[1]) * 100:g} 万", text)
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


def plain(text):
    """A message without its roles, formulas, code and addresses."""
    return re.sub(r"\$[^$]*[\\=][^$]*\$|`[^`]*`|\]\([^)]*\)|\{[^}]*\}", "", ROLES.sub("", text))


def test_translations_have_the_fields_the_roles_and_the_numbers_of_their_messages():
    wrong = {
        one: said
        for _, one, said in MESSAGES
        if fields(one) != fields(said) or roles(one) != roles(said) or numbers(plain(one)) != numbers(plain(said))
        if one not in MONTHS
    }
    assert wrong == {}


def test_terms_are_those_of_the_list():
    wrong = []
    for term in TERMS:
        asks = re.compile(r"\b(?:" + "|".join(map(re.escape, term["en"])) + r")\b", re.I)
        for _, one, said in MESSAGES:
            one = re.sub(r"\]\([^)]*\)|<[^>]*>", "", one)
            if WIDE.search(said) and asks.search(one) and not any(word in said for word in term["zh"]):
                wrong.append((term["en"][0], one, said))
            wrong += [(word, one, said) for word in term.get("never", ()) if word in said]
    assert wrong == []
    assert len(TERMS) >= 30 and all(term["en"] and all(map(WIDE.search, term["zh"])) for term in TERMS)


WRAPPED = ("figures/words.py", "book/claims.py", "book/outputs.py", "book/questions.py", "book/edition.py")
SPOKEN = {"say", "count", "named", "compile", "ValueError", "ExtensionError", "error", "warning", "get", "sub", "_some"}


@pytest.mark.parametrize("module", WRAPPED)
def test_a_module_that_speaks_says_nothing_past_the_catalogue(module):
    """A text of several words that is neither said through the catalogue nor an error, a pattern or markup."""
    tree = ast.parse((ROOT / "valuechains" / module).read_text(encoding="utf-8"))
    fine = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SPOKEN:
            fine |= {id(one) for one in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))  # a docstring
    bare = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in fine
        if re.search(r"(?:^|>|\s)[A-Za-z]\w+ [a-z]\w*[\s.:]", re.sub(r"<[^>]*(>|$)|[\w-]+=\S+", "<>", node.value))
    ]
    assert [text for text in bare if text not in UNSAID] == []


# Said by `_field`; for an author, not for a reader.
UNSAID = {"Would change our mind", "a drawing says how large it is", ": no heading has the id ", ": write one of "}


# --- the pages ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(built):
    """The pages of the edition and their English ones."""

    def read(path):
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")

    home = built / edition.folder(LANGUAGE)
    return {page: (read(built / f"{page}.html"), read(home / f"{page}.html")) for page in PAGES}


def ids(soup):
    return [part["id"] for part in soup.select("article [id]") if not part.get("id", "").startswith("id")]


OF_ENGLISH = "#take-it-with-you"  # where it was made
SILENT = "script, style, pre, code, math, svg, .gvc-formula, .gvc-hidden, .gvc-kit, .gvc-untranslated, .headerlink"


def own_text(soup):
    """What a reader reads, without code."""
    article = BeautifulSoup(str(soup.select_one("article")), "html.parser")
    for part in article.select(f"{SILENT}, {OF_ENGLISH}"):
        part.decompose()
    return article.get_text(" ")


@pytest.mark.parametrize("page", PAGES)
def test_places_numbers_and_data_are_those_of_the_english_page(both, built, page):
    english, other = both[page]
    alone = {part["id"] for part in english.select(OF_ENGLISH)}
    assert [one for one in ids(english) if one not in alone] == ids(other)
    assert len(english.select(".gvc-walk")) == len(other.select(".gvc-walk")), "a chart cannot be walked through"
    quoted = [[one.get_text() for one in soup.select(".pasted-text, .ledger")] for soup in (english, other)]
    with_digits = [sorted(text for text in texts if re.search(r"\d", text)) for texts in quoted]
    assert with_digits[0] == with_digits[1]
    assert numbers(own_text(english)) == numbers(own_text(other))
    assert re.findall(r".{0,20}(?:\*|\{\w+[:}]).{0,20}", own_text(other)) == [], "markup that was not read"
    for one, two in zip(english.select("figure.gvc-figure"), other.select("figure.gvc-figure"), strict=True):
        first, second = spec(one, built / page), spec(two, built / "zh" / page)
        assert first.get("datasets") == second.get("datasets"), one["id"]
        assert one.select_one(".gvc-finding .caption-number, .caption-number") is None or numbers(
            one.select_one(".caption-number").get_text()
        ) == numbers(two.select_one(".caption-number").get_text())


def spec(figure, page):
    held = figure.select_one("script.gvc-spec")
    text = held.get_text()
    if "data-file" in held.attrs:
        text = re.search(r'"([\w+/=]{200,})"', page.parent.joinpath(held["data-file"]).read_text(encoding="utf-8"))[1]
    return json.loads(zlib.decompress(base64.b64decode(text)) if "data-packed" in held.attrs else text)


@pytest.mark.parametrize("page", PAGES)
def test_each_edition_leads_to_the_other(both, built, page):
    for soup, language, at in zip(both[page], ("en", "zh-CN"), (built, built / "zh")):
        assert soup.html["lang"] == language
        ways = {link["hreflang"]: link["href"] for link in soup.select('link[rel="alternate"]')}
        assert set(ways) == {"en", "zh-CN"}
        assert all((at / page).parent.joinpath(href).resolve().is_file() for href in ways.values())
        seen = soup.select_one("a.gvc-language")
        assert seen["hreflang"] == seen["lang"] != language and ways[seen["hreflang"]] == seen["href"]


def test_a_link_that_leaves_the_edition_says_so_and_arrives(both, built):
    for page, (_, soup) in both.items():
        leaving = [link for link in soup.select("article a.internal[href]") if link["href"].startswith("../../")]
        assert len(leaving) > 10
        for link in leaving:
            assert link["hreflang"] == "en", link
            path, _, place = link["href"].partition("#")
            target = (built / "zh" / page).parent.joinpath(path).resolve()
            assert target.is_file(), link
            assert not place or f'id="{place}"' in target.read_text(encoding="utf-8"), link


def test_what_is_left_in_english_says_so_and_is_counted(both):
    """Whoever reads aloud hears English where there is English; the page says how much of it there is."""
    for page, (_, soup) in both.items():
        article = soup.select_one("article")
        said = soup.select_one(".gvc-untranslated")
        left = [part for part in article.select('[lang="en"]') if not part.find_parent(lang="en")]
        assert bool(said) == bool([part for part in left if part.name in ("p", "h1", "h2", "h3", "dt")]), page
        for part in article.select("p, h1, h2, h3, h4, li, td, th, dt, dd, summary, legend, label, caption"):
            own = "".join(text for text in part.find_all(string=True, recursive=False))
            wordy = len(re.findall(r"[A-Za-z]{3,}", own)) >= 4 and not WIDE.search(part.get_text())
            exempt = part.find_parent(lang="en") or part.get("lang") == "en" or part.find_parent(class_=EXEMPT)
            assert not wordy or exempt, str(part)[:300]


def test_tables_of_the_notebook_say_their_words_in_the_language_or_that_they_are_english(both):
    """Names in place of codes, as in the English book; what only the code calls so is marked."""
    tables = both["chapters/02-services"][1].select("table.dataframe")
    cells = [cell for table in tables for cell in table.select("th, td")]
    texts = {cell.get_text(strip=True) for cell in cells}
    assert {"出口方", "国内", "十二个经济体、十三个行业", "中国", "世界其他地区"} <= texts and not {
        "CHN",
        "ROW",
    } & texts
    english = [cell for cell in cells if re.search("[a-z]{2}", cell.get_text())]
    assert english and all(cell.get("lang") == "en" for cell in english)


def test_chinese_words_say_so_wherever_they_stand(built):
    """A voice that reads aloud changes with the language: titles of sources on English pages, names in lists."""
    seen = 0
    for path in built.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if not WIDE.search(text):
            continue
        for part in BeautifulSoup(text, "html.parser").find_all(string=edition.CHINESE):
            if part.parent.name not in ("script", "style"):
                nearest = next(one["lang"] for one in part.parents if one.get("lang"))
                assert nearest.startswith("zh"), (path, part)
                seen += path.parts[-3:-1] != ("zh", "chapters")
    assert seen > 40


EXEMPT = re.compile("highlight|citation|sources|gvc-source|output|cell_output")


def test_scripts_and_styles_that_both_have_alike_stand_once(built):
    own = {path.relative_to(built / "zh").as_posix() for path in (built / "zh").glob("_static/**/*") if path.is_file()}
    assert "_static/gvc/words.js" in own and "_static/gvc/vega.js" not in own
    assert sum((built / "zh" / path).stat().st_size for path in own) < 400_000
    for page in (built / "zh").rglob("*.html"):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for part in soup.select("script[src], link[rel=stylesheet]"):
            address = (part.get("src") or part["href"]).partition("?")[0]
            assert page.parent.joinpath(address).resolve().is_file(), (page, address)


@pytest.mark.browser
def test_the_edition_works_on_a_phone_and_says_what_it_shows_in_its_language(site, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site['http']}/zh/chapters/02-services.html")
    page.wait_for_function("window.gvc?.drawn")
    page.evaluate("window.gvc.drawn.then(() => true)")
    figure = page.locator("figure#who-is-paid")
    figure.locator("select").nth(0).select_option(index=1)
    page.wait_for_function("document.querySelector('figure#who-is-paid .gvc-says').textContent.includes('美国')")
    said = figure.locator(".gvc-says").text_content()
    assert WIDE.search(said) and "undefined" not in said and not re.search(r"[a-z]{5,}", said)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    labels = page.evaluate("[...document.querySelectorAll('figure svg text')].map((text) => text.textContent)")
    english = sorted({text for text in labels if re.search(r"[A-Za-z]{4,}", text)} - {"OECD", "iPod", "WIOD"})
    assert english == [] and faults == []
    page.close()
