"""Pages of a course: what a sentence with a student's words may show, and what lies beside no marked work."""

from valuechains.course.results import pages
from valuechains.course.settings import settings


def test_a_sentence_shows_code_and_stress_and_nothing_that_leads_or_loads():
    said = pages.sentence("`x` is *not* [it](https://a.example) ![b](c.png) <b>d</b> <https://e.example>")
    assert said.startswith("<code>x</code> is <em>not</em> [it](")
    assert [tag for tag in ("<a", "<img", "<b>") if tag in said] == []


def test_the_key_stays_where_it_is_whatever_the_file_says(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.ignore = ["*.tmp"]\n')
    assert {"key.py", "*.tmp"} <= set(settings(tmp_path).CourseDirectory.ignore)
