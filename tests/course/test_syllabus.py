"""The syllabus: what the chapters' heads say, summed and ordered; a calendar that can be read; the same bytes again."""

import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from conftest import ROOT

from valuechains.authoring.chapter import Head, read_head
from valuechains.course.folder import Course, CourseError
from valuechains.course.key import load
from valuechains.course.results.syllabus import syllabus, warnings

TITLE = "Spring, \\\\evil; | <script>alert(1)</script> *Δ* " + "é" * 40


def write(root, *chapters, title=TITLE, zone="Europe/Berlin") -> Course:
    """A course of (name, opens, due) without students."""
    lines = [f'title = "{title}"', 'salt = "pepper"', "start = 2026-11-23", f'zone = "{zone}"']
    for name, opens, due in chapters:
        lines += ["[[chapter]]", f'name = "{name}"', f"opens = {opens}", f"due = {due}T23:59:00"]
        (root / "source" / name).mkdir(parents=True, exist_ok=True)
        if (ROOT / "exercises" / name).exists():
            shutil.copy(ROOT / "exercises" / name / "key.py", root / "source" / name)
    (root / "course.toml").write_text("\n".join(lines), encoding="utf-8")
    return Course.open(root)


SPRING = (
    ("00-reading-a-claim", "2026-11-23", "2026-11-30"),
    ("01-in-flux", "2026-11-23", "2026-11-30"),
    ("02-services", "2026-11-30", "2027-04-05"),
)


@pytest.fixture
def course(tmp_path):
    return write(tmp_path, *SPRING)


def events(text: str) -> list[dict]:
    """RFC 5545, read back: unfolded, unescaped, one dict an event; anything out of form is an error."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found, event = [], None
    for line in lines:
        name, value = re.fullmatch(r"([A-Z-]+(?:;[A-Z]+=[A-Z-]+)*):(.*)", line).groups()
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            found.append(event)
            event = None
        elif event is not None:
            assert name not in event
            if name in ("SUMMARY", "DESCRIPTION"):
                assert not re.search(r"(?<!\\)[;,]", value)
                value = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
            event[name] = value
    assert event is None
    return found


def work(*chapters: str) -> tuple[int, int]:
    """Minutes of these chapters in all, and of their exercises."""
    heads = [read_head(ROOT / "chapters" / f"{name}.ipynb") for name in chapters]
    minutes = sum(round(60 * head.range[1]) for head in heads)
    return minutes, sum(load(ROOT / "exercises" / name).minutes for name in chapters)


def test_minutes_titles_and_outcomes_are_the_chapters_own(course):
    text = syllabus(course)[0].read_text(encoding="utf-8")
    assert "| 1 | 0 Reading a claim | Mon 23 November 2026 | Mon 30 November 2026, 23:59 | 90 | 40 |" in text
    assert "| 1 | 1 A value chain in flux |" in text
    first, names = SPRING[:2], [name for name, _, _ in SPRING]
    week = work(*(name for name, _, _ in first))
    assert f"| 1 | *the week together* | | | {week[0]} | {week[1]} |" in text
    assert "| 2 | 2 Services: from embedding" in text
    assert f"| | **Together** | | | **{work(*names)[0]}** | **{work(*names)[1]}** |" in text
    assert f"{work(*names)[0] / 60:.1f}".removesuffix(".0") + " hours of student time" in text
    assert "1. **Compute** the services content of gross exports" in text
    assert "Chapter 1 helps; what is used of it is restated here." in text
    assert "](" not in text  # a syllabus is read apart from the book
    assert "Every chapter comes after the chapters that it builds on." in text


@pytest.mark.parametrize("hours", [None, (4.0, 6.0)])
def test_the_capstone_counts_and_hours_may_be_a_range(tmp_path, monkeypatch, hours):
    before = work(*(name for name, _, _ in SPRING))[0]
    ends = [before + 60 * end for end in (hours or (8,))]
    minutes = "**" + " to ".join(f"{end:.0f}" for end in ends) + "**"
    together = " to ".join(f"{end / 60:.1f}".removesuffix(".0") for end in ends) + " hours of student time"
    if hours:
        whole = Head.range.fget
        monkeypatch.setattr(Head, "range", property(lambda head: hours if "8 hours" in head.hours else whole(head)))
    course = write(tmp_path, *SPRING, ("09-capstone", "2026-12-14", "2026-12-28"))
    text = syllabus(course)[0].read_text(encoding="utf-8")
    assert "| 4 | 9 Capstone: audit an opinion piece |" in text
    assert minutes in text and together in text


def test_what_does_not_come_before_is_warned_of(tmp_path):
    course = write(tmp_path, ("02-services", "2026-11-23", "2026-11-30"), ("01-in-flux", "2026-11-30", "2026-12-07"))
    said = warnings(course)
    assert [line.split(",")[0] for line in said] == [
        "Chapter 0 is not part of this course",
        "Chapter 1 comes only on Mon 30 November 2026",
    ]
    assert "“Chapter 1 helps; what is used of it is restated here”" in said[1]
    assert all(f"- **Warning.** {line}" in syllabus(course)[0].read_text(encoding="utf-8") for line in said)


@pytest.mark.parametrize(
    "names, lacking",
    [
        (("00-reading-a-claim", "02-services"), [1]),
        (("00-reading-a-claim", "03-dual-engines"), [2]),
        (("00-reading-a-claim", "01-in-flux"), []),  # its head names chapter 2, which is no prerequisite
        (("00-reading-a-claim", "07-exportable-service"), []),  # "No other chapter is needed; chapter 6 tells ..."
        (("00-reading-a-claim",), []),
    ],
)
def test_each_heads_before_you_start_is_read(tmp_path, names, lacking):
    course = write(tmp_path, *((name, f"2026-12-0{place + 1}", "2026-12-20") for place, name in enumerate(names)))
    assert [int(re.match(r"Chapter (\d+)", line)[1]) for line in warnings(course)] == lacking


def test_the_capstone_wants_one_other_chapter(tmp_path):
    said = warnings(write(tmp_path, SPRING[0], ("09-capstone", "2026-12-01", "2026-12-20")))
    assert "Chapter 9 builds on one other chapter, and none comes before it." in said


def test_the_calendar_is_read_back_with_hours_in_utc(course):
    text = syllabus(course)[2].read_bytes().decode()
    found = events(text)
    assert "X-WR-CALNAME:Spring\\, \\\\evil\\; | <script>" in text.replace("\r\n ", "")
    assert len(found) == 6
    assert len({one["UID"] for one in found}) == 6
    assert {one["DTSTAMP"] for one in found} == {"20261123T000000Z"}
    assert [one["DTSTART"] for one in found if "due" in one["UID"]] == [
        "20261130T225900Z",
        "20261130T225900Z",
        "20270405T215900Z",
    ]  # winter, winter, summer
    assert (found[0]["DTSTART;VALUE=DATE"], found[0]["DTEND;VALUE=DATE"]) == ("20261123", "20261124")
    assert found[5]["SUMMARY"] == "Chapter 2: Services: from embedding to shaping global value chains is due"
    assert "Matrix product and inverse (needed; section 2 repeats the 2 × 2 case)" in found[4]["DESCRIPTION"]
    assert "VALARM" not in text
    due = datetime.strptime(found[5]["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert due == course.chapters[-1].due


def test_the_same_course_gives_the_same_bytes_and_a_moved_deadline_the_same_events(tmp_path, course):
    first = [path.read_bytes() for path in syllabus(course)]
    assert [path.read_bytes() for path in syllabus(Course.open(course.root))] == first
    moved = write(tmp_path, *((name, opens, "2027-01-31") for name, opens, _ in SPRING))
    before, after = events(first[2].decode()), events(syllabus(moved)[2].read_bytes().decode())
    assert [one["UID"] for one in before] == [one["UID"] for one in after]
    assert before != after


class Page(HTMLParser):
    """Counts tags, and keeps those that fetch or run something."""

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attributes]


def test_the_page_stands_alone_and_says_what_it_is(course):
    text = syllabus(course)[1].read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not [one for one in page.attributes if one[1] in ("src", "href")]
    assert "url(" not in text
    assert ("html", "lang", "en") in page.attributes
    assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("title")) == (1, 1, 1)
    assert page.tags.count("h2") == 5
    assert [one for one in page.attributes if one[0] == "th"] == [("th", "scope", "col")] * 6
    assert "@media print" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *Δ*" in text
    assert "<strong>Compute</strong>" in text


def test_a_chapter_that_the_book_lacks_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="The book has no chapter 77-nowhere: correct its name in course.toml"):
        syllabus(write(tmp_path, ("77-nowhere", "2026-11-23", "2026-11-30")))
    assert not list(tmp_path.glob("syllabus*"))
