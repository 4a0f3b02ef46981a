"""One reader of answers: the check in the student's kernel and the marking of what was recorded say the same."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from valuechains import checks
from valuechains.checks import Sheet, State, answers, words
from valuechains.checks.numerals import parsed
from valuechains.checks.values import plain, read_once, restored
from valuechains.course import sandbox
from valuechains.course.key import Answer, Key, load

FORM = 'dict(event="exports of services will fall", chance=0.3, date="2031-06-30", cause="habit", other="b")'
WITH = f"""import datetime
from collections import OrderedDict, deque
from decimal import Decimal
from fractions import Fraction
import numpy as np
import pandas as pd
FORM = {FORM}
"""


def value(expression: str) -> object:
    """What an expression of a student gives."""
    names = {}
    exec(WITH, names)
    return eval(expression, names)


def made() -> Key:  # noqa: C901 - one small function a task
    key = Key("x", title="X", minutes=1)
    unit, three = "fractions", {"decimals": 3, "tolerance": 6e-4}

    @key.numbers("share", "x", points=1, unit=unit, **three)
    def share(variant):
        return Answer(0.263)

    @key.numbers("percent", "x", points=1, unit="percent", tolerance=0.06, decimals=1)
    def percent(variant):
        return Answer(-26.3)

    @key.numbers("money", "x", points=1, unit="US$ bn", tolerance=0.006, decimals=2)
    def money(variant):
        return Answer(1128.45)

    @key.numbers("count", "x", points=1, unit="people", tolerance=0.5, decimals=0)
    def count(variant):
        return Answer(236)

    @key.numbers("year", "x", points=1, unit="a year and people", tolerance=0.4, decimals=0, shape=(2,))
    def year(variant):
        return Answer([2019, 1150])

    @key.numbers("row", "x", points=1, unit=unit, shape=(3,), labels=[("A", "B", "C")], **three)
    def row(variant):
        return Answer([0.298, 0.302, 0.312])

    @key.numbers("ends", "x", points=1, unit=unit, shape=(2,), labels=[("lower", "upper")], ascending=True, **three)
    def ends(variant):
        return Answer([0.728, 0.872])

    @key.numbers("table", "x", points=1, unit=unit, shape=(2, 3), labels=[("A", "B"), ("u", "v", "w")], **three)
    def table(variant):
        return Answer([[0.101, 0.202, 0.303], [0.404, 0.505, 0.606]])

    @key.numbers("rate", "x", points=1, unit="yuan to the dollar", **three)
    def rate(variant):
        return Answer(7.053)

    @key.numbers(
        "years", "x", points=1, unit="index", tolerance=0.06, decimals=1, shape=(2,), labels=[("2000", "2009")]
    )
    def years(variant):
        return Answer([0.1, 0.2])

    @key.numbers("few", "x", points=1, unit="identities", tolerance=0.4, decimals=0)
    def few(variant):
        return Answer(7)

    @key.words("word", "x", points=1, options=("smile", "frown", "it depends"))
    def word(variant):
        return Answer("it depends")

    @key.words("less", "x", points=1, options=("more", "less"))
    def less(variant):
        return Answer("less")

    @key.words("truth", "x", points=1, options=("True", "False"))
    def truth(variant):
        return Answer("False")

    @key.words("letter", "x", points=1, options=("A", "B", "C"))
    def letter(variant):
        return Answer("B")

    @key.words("number", "x", points=1, options=("one", "two", "three"))
    def number(variant):
        return Answer("two")

    @key.words("mode", "x", points=1, options=("mode 1", "mode 2", "goods"))
    def mode(variant):
        return Answer("mode 2")

    @key.words("parts", "x", points=1, options=("nothing", "unit", "period", "unit, period"), keys=("a", "b"))
    def parts(variant):
        return Answer(["unit, period", "nothing"])

    @key.words(
        "verdict", "x", points=1, options=("partly", "definition-dependent", "opinion / forecast / prescription")
    )
    def verdict(variant):
        return Answer("opinion / forecast / prescription")

    @key.words("order", "x", points=1, options=("P", "Q", "R"), count=3)
    def order(variant):
        return Answer(["R", "P", "Q"])

    key.form(
        "form",
        "x",
        points=1,
        fields={
            "event": {"words": 5},
            "chance": {"between": [0.01, 0.99]},
            "date": {"date": True, "after": "2029-12-31"},
            "cause": {"options": ["habit", "rules abroad"]},
            "other": {"unlike": "event"},
        },
    )
    key.form(
        "forms", "x", points=1, count=2, distinct="cause", fields={"cause": {"options": ["habit", "rules abroad"]}}
    )
    return key


RIGHT = re.split(r"^## (\w+)$", (ROOT / "tests/fixtures/right_answers.txt").read_text(encoding="utf-8"), flags=re.M)
OTHERWISE = {  # an expression, and what the reply says of it
    "share": [
        ("26.3", "These are percentages"),
        ("0.26", "right, but give three decimals."),
        ("0.5", "`x` is not what is asked for (fractions; three decimals)."),
        ("0.3", "right, but give three decimals"),
        ("0.32 + 5j", "is a complex number"),
        ("0.263 + 5j", "is a complex number"),
        ("True", "is the word True"),
        ("float('nan')", "missing or infinite"),
        ("pd.NA", "missing or infinite"),
        ("np.ma.masked", "missing or infinite"),
        ("10**400", "missing or infinite"),
        ("[[1, 2], [3]]", "rows of different lengths"),
        ("'a quarter'", "`x` is the text 'a quarter', and one number is asked for"),
        ("b'0.263'", "of type bytes"),
        ("np.bool_(True)", "is the word True"),
        ("pd.Interval(0.2, 0.3)", "of type Interval"),
        ("pd.Timedelta('1D')", "of type Timedelta"),
        ("np.ma.array([0.263], mask=[True])", "missing or infinite"),
        ("'0\u00a0263'", "is the text '0 263'"),
        ("'about a quarter'", "without quotation marks (fractions)"),
        ("'0.263 tn'", "is the text '0.263 tn'"),
        ("object()", "of type object"),
        ("lambda: 1", "of type function"),
        ("np.zeros(10**6)", "of type ndarray"),
        ("[0.1, 0.163]", "add up to what is asked for"),
        ("datetime.timedelta(1)", "of type timedelta"),
        ("[...]", "not done yet"),
        ("[]", "not done yet"),
        ("''", "not done yet"),
    ],
    "percent": [("-0.263", "These are fractions"), ("26.3", "sign is turned round"), ("'5 apples'", "without a unit")],
    "money": [
        ("(1, 128.45)", "a comma in a number makes two of it, so write 1128.45 and not 1,128.45."),
        ("1128", "right, but give two decimals"),
        ("'26.3 %'", "is the text '26.3 %'"),
        ("'US$ 1128.45 tn'", "without quotation marks (US$ bn)"),
        ("'1128.45 yuan bn'", "is the text"),
        ("'1128 or 1129'", "is the text"),
        ("1.12845", "The digits of `x` are right, its size is not: give it in US$ bn."),
        ("1.1e-6", "is not what is asked for"),
    ],
    "few": [
        ("7.1", "`x` is no whole number"),
        ("70", "is not what is asked for"),
        ("0", "`x` is not what is asked for (identities; whole numbers)."),
    ],
    "less": [("'not less'", "choose one of"), ("'less and more'", "choose one of")],
    "count": [
        ("237", "one too many"),
        ("240", "right, but give the whole number, not a rounded one."),
        ("(1, 237)", "so write 1128 and not 1,128."),
        ("(1, 99)", "`x` has 2 numbers, and one number is asked for."),
        ("235", "one too few"),
        ("10**400", "missing"),
    ],
    "year": [
        ("[2020, 1150]", "The year is one too late"),
        ("(2019, 1, 150)", "a comma in a number makes two of it"),
        ("{2019, 1150}", "`x` is a set, which has no order"),
        ("[2019, 1151]", "entry 2 is not what is asked for"),
    ],
    "row": [
        ("{0.298, 0.302, 0.312}", "`x` is a set, which has no order"),
        ("[0.9, 0.8, 0.7]", "In `x`, 'A'; 'B' and 'C' are not what is asked for"),
        ("[0.298, 0.9, 0.312]", "In `x`, 'B' is not what is asked for"),
        ("[0.3, 0.3, 0.312]", "right, but give three decimals ('A' and 'B')"),
        ("[0.298, 30.2, 0.312]", "'B' is a percentage"),
        ("0.912", "is the sum of what is asked for"),
        ("{'A': 0.298, 'B': 0.302}", "has no entry 'C'"),
        ("[0.298, pd.NA, 0.312]", "missing or infinite value ('B')"),
        ("'0.298; 0.302'", "is the text '0.298; 0.302'"),
        ("[('A', 0.298), ('B', 0.302), ('D', 0.312)]", "entry 1, entry 1 is the text 'A'"),
        ("'A: 0.298, B: 0.302, C: 0.9'", "'C' is not what is asked for"),
        ("[0.298, 'n/a', 0.312]", "entry 2 is the text 'n/a'"),
        ("[0.312, 0.302, 0.298]", "their order is turned round"),
    ],
    "table": [
        ("[[0.101, 0.202, 0.303], [0.404, 0.9, 0.606]]", "row B, column v"),
        (
            "[[0.101, 0.404], [0.202, 0.505], [0.303, 0.606]]",
            "`x` has the shape 3 x 2, and a table of 2 rows and 3 columns is asked for: rows and columns are swapped.",
        ),
        ("'" + "m" * 30 + "'", f"is the text '{'m' * 30}'"),
        ("'" + "m" * 31 + "'", f"is the text '{'m' * 30}...'"),
        ("[1, 2]", "`x` has 2 numbers, and a table of 2 rows and 3 columns is"),
        ("[[1, 2, 3]] * 3", "`x` has the shape 3 x 3, and a table"),
        ("dict(u=[1, 2], v=[1], w=[1, 2])", "`x` has columns of different lengths"),
        ("dict(u=[1, 2], v=[1, 2])", "`x` has no entry 'w'"),
        ("[[9, 9, 9], [9, 9, 0.606]]", "row A, column v; row A, column w; row B, column u and 1 more are not"),
    ],
    "word": [
        ("'smile'", "does not fit"),
        ("'grin'", '`x` is \'grin\': choose one of "smile"; "frown"; "it depends"'),
        ("object()", "`x` is of type object: choose"),
        ("3", "is 3: choose"),
    ],
    "ends": [
        ("'0.872-0.728'", "their order is turned round"),
        ("'-0.728 -0.872'", "sign is turned round"),
        ("[0.728, float('nan')]", "missing or infinite value ('upper')"),
        ("{0.728, 'x'}", "is the text 'x'"),
    ],
    "truth": [("True", "does not fit"), ("pd.NA", "a missing value"), ("'perhaps'", "is 'perhaps'")],
    "letter": [
        ("'A or B'", "choose one of"),
        ("'a country'", "choose one of"),
        ("['A', 'B']", "`x` has 2 entries, and 1 is asked for."),
        ("pd.DataFrame({'c': ['A', 'B']})[['c']].values", "has 2 entries, and 1 is"),
    ],
    "parts": [
        ("['unit, period', 'unit']", "In `x`, 'b' does not fit"),
        ("{'a': 'unit, period'}", "has no entry 'b'"),
        ("{'x': 'unit, period', 'y': 'nothing'}", "`x` has no entry 'a'"),
        ("['unit', 'nothing', 'unit']", "`x` has 3 entries, and 2 are asked for."),
        ("'unit, period, nothing'", "has 1 entry, and 2 are asked for: give a list, or put a semicolon"),
        ("['unit', 'moon']", "In `x`, 'b' is 'moon': choose one of"),
        ("['moon', 'nothing']", 'choose one of "nothing"; "unit"; "period"; "unit, period"'),
    ],
    "verdict": [("'partly opinion'", "choose one of")],
    "order": [
        ("{'P', 'Q', 'R'}", "`x` is a set, which has no order"),
        ("list('PQR')", "do not fit"),
        ("[1, 2, 3]", "is 1: choose"),
    ],
    "form": [
        ("FORM | dict(date='2020-01-01')", "a day after 2029-12-31 is asked for"),
        ("FORM | dict(date='soon')", "a date such as"),
        ("FORM | dict(date='03/04/2031')", "a date such as"),  # which of the two is the day?
        ("FORM | dict(date='31/31/2031')", "a date such as"),
        ("FORM | dict(date=pd.Period('2031-06', 'M'))", "a date such as"),
        ("FORM | dict(date=pd.NaT)", "a date such as"),
        ("FORM | dict(chance=30)", "a percentage is divided by 100"),
        ("FORM | dict(chance=True)", "is True, and a number"),
        ("FORM | dict(other='Exports of services will fall.')", "says the same as 'event'"),
        ("FORM | dict(event='fall')", "has 1 word, and at least 5"),
        ("FORM | dict(event=[[]])", "not done yet"),
        ("{}", "not done yet"),
        ("'a plan'", "is text, and a dict"),
    ],
    "forms": [
        ("[dict(cause='habit')] * 2", "Entries 1 and 2 of `x` have the same 'cause'"),
        ("[dict(cause='habit')]", "has 1 entry, and 2 are asked for"),
        ("[3, 4]", "Entry 1 of `x` is a number"),
        ("[float('nan'), 4]", "Entry 1 of `x` is a number"),
    ],
}


def named(tried: list) -> list[str]:
    """Names of tests that any tool can pass on: signs that answers hold are escaped, once or twice."""
    return [f"{task} {place}" for place, (task, *_) in enumerate(tried)]


KEY = made()
SHEET = Sheet(KEY.sheet())
TRIED = [
    *((task, line, "right", "") for task, lines in zip(RIGHT[1::2], RIGHT[2::2]) for line in lines.split("\n") if line),
    *((task, expression, None, part) for task, many in OTHERWISE.items() for expression, part in many),
]
RIGHT_ONES = [one for one in TRIED if one[2]]


@pytest.mark.parametrize(("task", "expression", "state", "part"), TRIED, ids=named(TRIED))
def test_a_check_says_what_a_careful_reader_says(task, expression, state, part):
    reply = SHEET.reply(task, x=value(expression))
    assert reply.exercise == task and state in (None, reply.state), reply.says
    assert part in reply.says
    assert state or reply.state != "right"


def test_marking_says_of_each_what_the_check_says():
    """What they give is run in the sandbox, recorded, and read again."""
    steps = [{"step": "imports", "run": WITH}]
    for place, (_, expression, _, _) in enumerate(TRIED):
        steps += [{"step": f"run {place}", "run": f"x = {expression}"}, {"step": str(place), "record": "x"}]
    run = sandbox.execute(steps, {}, student="a")
    assert not run.stopped
    for place, (task, expression, _, _) in enumerate(TRIED):
        marked = KEY.reply(task, restored(run.lines[str(place)]["value"]), SHEET)
        checked = SHEET.reply(task, x=value(expression))
        assert (marked.state, marked.says) == (checked.state, checked.says), f"{task}: {expression}"


def other() -> Sheet:
    """Tasks that the table above has no room for."""
    key = Key("y", title="Y", minutes=1)

    @key.numbers("long", "x", points=1, unit="fractions", tolerance=6e-4, decimals=3, praise="Well cut.")
    def long(variant):
        return Answer(0.26379)

    @key.numbers("two", "x", points=1, unit="percent", tolerance=0.06, decimals=1, shape=(2,), labels=[("a", "b")])
    def two(variant):
        return Answer([26.3, 30.1])

    @key.numbers("whole", "x", points=1, unit="fractions", tolerance=6e-4, decimals=3, shape=(2,))
    def whole(variant):
        return Answer([0.25, 0.75], total=1)

    @key.words("one", "x", points=1, options=("unit", "period", "unit and period"), keys=("a",))
    def one(variant):
        return Answer(["unit and period"])

    @key.words("many", "x", points=1, options=tuple("ABCDEFGHIJKLMNO"))
    def many(variant):
        return Answer("A")

    @key.words("more", "x", points=1, options=tuple("ABCDEFGHIJKLMNOP"))
    def more(variant):
        return Answer("A")

    @key.numbers("span", "x", points=1, unit="years", tolerance=0.04, decimals=1, shape=(2,), ascending=True)
    def span(variant):
        return Answer([9.5, 10.2])

    @key.numbers("short", "x", points=1, unit="people", tolerance=0.4, decimals=0)
    def short(variant):
        return Answer(26)

    @key.numbers("longer", "x", points=1, unit="people", tolerance=0.4, decimals=0)
    def longer(variant):
        return Answer(263)

    return Sheet(key.sheet())


@pytest.mark.parametrize(
    ("task", "answer", "says"),
    [
        ("span", {10.2, 9.5}, "right."),  # by size, whatever their digits
        ("short", 260, "`x` is not what is asked for (people; whole numbers)."),  # two digits would give it away
        ("longer", 2630, "The digits of `x` are right, its size is not: give it in people."),
        ("long", 0.2638, "right. Well cut."),
        ("long", 0.263, "right, but digits were cut off: round to three decimals."),
        ("two", [26.3, 30.1], "right."),
        ("two", [0.263, 30.1], "In `x`, 'a' is a fraction: give a percentage."),
        ("whole", [0.5, 0.4], "The numbers of `x` add up to 0.9, and they must add up to 1."),
        ("whole", [0.5, 0.5], "In `x`, entry 1 and entry 2 are not what is asked for (fractions; three decimals)."),
        ("one", ["period", "unit"], "right."),
        ("one", {"b": "unit and period"}, "right."),
        ("many", "Z", "`x` is 'Z': choose one of " + "; ".join(f'"{letter}"' for letter in "ABCDEFGHIJKLMNO") + "."),
        ("more", "Z", "`x` is 'Z': give a code as in the table above."),
    ],
)
def test_the_whole_sentence(task, answer, says):
    assert other().reply(task, x=answer).says.removeprefix("not yet. ") == says


def test_a_form_that_is_complete_is_read_by_people():
    said = SHEET.reply("form", x=value("FORM"))
    assert (said.exercise, said.says) == ("form", "complete. What it says is read by your instructor.")


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("a", "text"),
        (True, "the word True"),
        (2.5, "a number"),
        (float("inf"), "a number"),
        (1j, "a complex number"),
        (object(), "of type object"),
        ({"a": 1}, "a dict"),
        (pd.Series([1], index=["a"]), "a Series"),
        (pd.DataFrame({"a": [1]}), "a DataFrame"),
        ({1, 2}, "a set"),
        ([1, 2], "a list"),
    ],
)
def test_what_an_answer_is_instead(answer, what):
    assert answers.kind(plain(answer)) == what


def test_an_entry_of_a_table_without_names_is_called_by_its_place():
    assert answers.entry({"shape": [2, 3]}, 4) == "row 2, column 2"


class Trap(dict):
    def items(self):
        raise SystemError


class Noisy:
    def __iter__(self):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    __str__ = __float__ = __array__ = __eq__ = __bool__ = __repr__


def deep(levels: int) -> list:
    return [deep(levels - 1)] if levels else [1]


@pytest.mark.parametrize("task", KEY.tasks)
@pytest.mark.parametrize(
    "odd",
    [
        Trap(a=1),
        Noisy(),
        [Noisy()],
        {"a": Noisy()},
        deep(900),
        1j,
        -(10**400),
        "�",
        np.array([None]),
        pd.NaT,
        [{}, []],
        pd.DataFrame(),
        pd.Series(dtype=float),
        np.array([]),
        {1: {2: {3: 4}}},
        type,
        pd,
        np.dtype("f8"),
        iter(int, 1),
        [..., 1],
        {"a": [pd.NA]},
        np.array([[["a"]]]),
        pd.MultiIndex.from_product([[1, 2], [3]]),
        range(10**9),
        "x" * 10**6,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_check_never_raises(task, odd):
    reply = SHEET.reply(task, x=odd)
    assert reply.state in ("wrong", "to do")
    assert len(str(reply)) < 600
    assert "\n" not in reply.says


def test_what_can_be_read_once_is_kept():
    numbers = {"x": (number for number in [0.298, 0.302, 0.312])}
    assert [SHEET.reply("row", x=read_once(numbers["x"])).state for _ in range(1)] == ["right"]
    kept = read_once(n for n in (1, 2))
    assert kept == [1, 2] and read_once(kept) is kept


@pytest.mark.parametrize(("task", "expression", "state", "_"), RIGHT_ONES, ids=named(RIGHT_ONES))
def test_what_is_written_down_reads_the_same_again(task, expression, state, _):
    written = plain(read_once(value(expression)))
    assert plain(restored(written)) == written


def test_characters_and_words_are_counted_as_their_readers_do():
    assert words.counted("到2030年底") == 4
    assert words.counted("サービス輸出") == 6
    assert words.counted("exports - of services, 2030") == 4
    assert words.counted(" ... ") == 0


@pytest.mark.parametrize(
    "text",
    [
        "2031-06-30",
        "20310630",
        "2031年6月30日",
        "30. 6. 2031",
        "30/6/2031",
        "30th June 2031",
        "30 Jun. 2031",
        "June 30, 2031",
    ],
)
def test_a_day_is_read_in_each_usual_form(text):
    assert words.day(text) == date(2031, 6, 30)


@pytest.mark.parametrize("text", ["30 Brumaire 2031", "Prairial 30, 2031", "31 June 2031", "6/7/2031"])
def test_what_is_no_day_for_sure_is_none(text):
    assert words.day(text) is None


@pytest.mark.parametrize(
    "said, meant",
    [
        ("rule", "rules abroad"),  # four letters of the beginning are enough, three are not
        ("rul", None),
        ("abroad", "rules abroad"),
        ("the answer is rules abroad", "rules abroad"),
        ("exports", None),  # neither begins nor ends an option
        ("forecast", "opinion / forecast / prescription"),
        ("rules abroad in services", "rules abroad"),  # within a longer text, if nothing denies it
        ("no rules abroad", None),
        ("rules abroad, or exports paid", None),
    ],
)
def test_a_part_stands_for_an_option_where_only_that_can_be_meant(said, meant):
    options = ("rules abroad", "share of exports paid", "opinion / forecast / prescription")
    assert words.chosen(said, options) == meant


# --- as a Chinese reader writes it --------------------------------------------------------------------------------

SERVICES = load(ROOT / "exercises" / "02-services")
OF_SERVICES = checks.sheet(folder=ROOT / "exercises" / "02-services")
WIDE = str.maketrans({**{chr(33 + place): chr(0xFF01 + place) for place in range(94)}, ",": "，", ";": "；"})
SAID = {
    "smile": "微笑",
    "frown": "苦笑",
    "flat": "平坦",
    "it depends": "视情况而定",
    "label": "名目",
    "pay": "收入归属",
}
GOODS = {
    "AGM": "农业和采矿业",
    "FTX": "食品、纺织及其他轻工产品",
    "CHM": "化学品、燃料和金属",
    "MCH": "机械",
    "ELE": "电气与光学设备",
    "TRE": "运输设备",
}
SETTINGS = ("2000，平均传递步长", "2000 年，上游度", "2009年平均传递步长", "2009、上游度", "四者")


def wide(right, form=".3f"):
    return [f"{one:{form}}".translate(WIDE) for one in np.ravel(right)]


def numeral(right):
    """A fraction in Chinese numerals: 百分之二十六点三四."""
    digits = dict(zip("0123456789.", "零一二三四五六七八九点"))
    whole, _, rest = f"{100 * right:.2f}".partition(".")
    tens = (digits[whole[-2]] * (whole[-2] != "1") + "十") if len(whole) > 1 else ""
    return f"百分之{tens}{digits[whole[-1]] if whole[-1] != '0' or not tens else ''}点{''.join(map(digits.get, rest))}"


CHINESE = [
    ("1", "，".join, wide),
    ("1", "、".join, wide),
    ("1", "；".join, lambda right: wide(right, ".3%")),
    ("1", "，".join, lambda right: [f"{name}国为{one}" for name, one in zip("ABC", wide(right))]),
    ("1", "；".join, lambda right: [f"{name}国：{one}" for name, one in zip("ＡＢＣ", wide(right))]),
    ("1", dict, lambda right: {f"经济体 {name}": one for name, one in zip("ABC", wide(right))}),
    ("1", list, lambda right: [numeral(one) for one in right]),
    ("2a", "和".join, lambda right: [f"约 {one}" for one in wide(right)]),
    ("2c", str, GOODS.get),
    ("2c", str, lambda right: f"答案是{GOODS[right]}的出口。"),
    ("2d", str, lambda right: wide(right, ".2%")[0]),
    ("2d", str, lambda right: f"大约{wide(right)[0]}左右"),
    ("2d", str, lambda right: f"{right:.3f}".replace(".", "。")),
    ("4", str, lambda right: f"{right:.3f}".replace("-", "负")),
    (
        "5a",
        dict,
        lambda right: dict(zip("ABC", (dict(zip(("研发", "管理", "营销", "加工制造"), row)) for row in right))),
    ),
    ("5b", str, "经济体{}".format),
    ("5b", str, "{}国。".format),
    ("5b", str, lambda right: right.translate(WIDE)),
    (
        "6a",
        dict,
        lambda right: {f"{year}年": {"传递步长": a, "上游度": b} for year, (a, b) in zip((2000, 2009), right)},
    ),
    ("6b", "；".join, lambda right: [SAID[one] for one in right]),
    ("6b", dict, lambda right: dict(zip(SETTINGS, [f"呈{SAID[one]}形" for one in right[:4]] + [SAID[right[4]]]))),
    ("7a", dict, lambda right: dict(zip(("按收入归属", "按名目"), wide(right, ".2f")[::-1]))),
    ("7b", str, lambda right: f"按{SAID[right]}"),
    ("7c", dict, lambda right: dict(zip(("服务业", "非服务业"), wide(right)[::-1]))),
]


@pytest.mark.parametrize(("task", "form", "of"), CHINESE, ids=[f"{one[0]}-{at}" for at, one in enumerate(CHINESE)])
def test_an_answer_in_chinese_is_right_where_a_careful_reader_would_take_it(task, form, of):
    entry = SERVICES.tasks[task]
    right = entry.answer(vars(OF_SERVICES.variant)).right
    right = right if isinstance(right, (str, list)) else np.asarray(right).tolist()
    for answer in (form(of(right)), right):  # and the English one stays right
        assert OF_SERVICES.reply(task, **{entry.public["name"]: answer}).state is State.RIGHT, answer
        assert SERVICES.reply(task, restored(plain(answer)), OF_SERVICES).state is State.RIGHT, answer


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("5b", "不是B"),
        ("5b", "B或C"),
        ("6b", "不微笑；苦笑；平坦；平坦；视情况而定"),
        ("6b", "微笑或苦笑；苦笑；平坦；平坦；视情况而定"),
        ("6b", "上游度；苦笑；平坦；平坦；视情况而定"),
        ("2c", "机械和运输设备"),
        ("2d", "三成"),
        ("2d", "四分之一"),
        ("2d", "0.3亿美元"),
    ],
)
def test_what_could_mean_two_things_or_is_no_number_of_the_question_is_asked_for_again(task, answer):
    reply = OF_SERVICES.reply(task, **{SERVICES.tasks[task].public["name"]: answer})
    assert reply.state is not State.RIGHT and reply.mistake is None
    assert "choose one of" in reply.says or "give digits alone" in reply.says


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("32.88 亿美元", "US$ bn", 3.288),
        ("３２．８８亿美元", "billion US dollars", 3.288),
        ("3.2 万亿元", "trillion yuan", 3.2),
        ("三百二十八", "applications", 328),
        ("105 万人", "people asked", 1_050_000),
        ("1,050 万", "people asked", 10_500_000),
        ("三千", "applications", 3000),
        ("负百分之二十五点三", "percent growth", -25.3),
        ("3.5 个百分点", "percentage points of the change of the total", 3.5),
        ("２００９年", "a year and a number of applications", 2009),
        ("300亿元", "100 million yuan", 300),
        ("零点三一二", "fractions", 0.312),
        ("十二", "identities", 12),
        ("二十", "identities", 20),
        ("1亿2000万", "people asked", None),
        ("一千二百", "applications", None),
        ("一百零二", "applications", 102),
        ("0.3 公斤", "fractions", None),
    ],
)
def test_numbers_in_chinese_are_read_in_the_unit_of_the_question(written, unit, value):
    assert parsed(written, unit) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("said", "meant"),
    [("是", "True"), ("对", "True"), ("否", "False"), ("错", "False"), ("不对", "False"), ("是吗", None)],
)
def test_yes_and_no_are_understood_in_chinese(said, meant):
    assert words.chosen(said, ["True", "False"]) == meant
