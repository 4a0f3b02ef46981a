"""Answers as Chinese readers write them, in the signs and words by which the readers of answers go.

    number("负百分之二十五点三", "fractions")     # "-25.3%"
    number("32.88 亿美元", "US$ bn")              # "3.288 us$"
    label("2009 年，上游度", {"上游度": "upstreamness"})   # "2009, upstreamness"

What has no Chinese in it is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

WRITING = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
DIGITS = {sign: place for place, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = re.compile(r"(?:[零〇一二两三四五六七八九十]|百(?!分))+(?:点[零〇一二三四五六七八九]+)?")
SIZES = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
}
SIZED = re.compile(rf"(\d[\d,.]*)\s*({'|'.join(SIZES)})(?!\s*[\d零一二两三四五六七八九十百千])")
UNITS = {"trillion": 1e12, "tn": 1e12, "billion": 1e9, "bn": 1e9, "100 million": 1e8, "million": 1e6}
BESIDE = {
    "美元": "us$",
    "人民币": "yuan",
    "元": "yuan",
    "个百分点": "point",
    "百分点": "point",
    "人": "people",
    "年": "year",
}
BESIDE |= dict.fromkeys(("答案", "大约", "约", "左右", "等于", "共计", "共", "为", "是", "个", "的"), "")
WORDS = re.compile("|".join(sorted(BESIDE, key=len, reverse=True)))
YES_NO = dict.fromkeys(("是", "是的", "对", "正确", "真", "成立"), "yes")
YES_NO |= dict.fromkeys(("否", "不是", "不对", "不正确", "错", "错误", "假", "不成立"), "no")
#: what stands around the word that counts and says nothing: "它是微笑曲线", "经济体 B"
AROUND = re.compile(
    r"答案|选项|选择|经济体|曲线|形状|形态|行业|产业|出口|应该|应当|应为|属于|我选|它|这|是|为|呈|选|应|形|型|的|(?<=[a-zA-Z])国"
)
MARKS = dict.fromkeys(map(ord, " ,、;"))


def number(text: str, unit: str) -> str:
    """A text with a number in it, in figures; 万 and 亿 are reckoned into the unit."""
    text = re.sub(r"(?<=\d)[。点](?=\d)", ".", text)
    if not WRITING.search(text):
        return text
    text = text.replace("百分之", "%")
    text = SIZED.sub(lambda found: _in_unit(found[1], found[2], unit), text)  # before 十 and 百 are numerals
    text = NUMERAL.sub(lambda found: _in_figures(found[0]), text)
    text = SIZED.sub(lambda found: _in_unit(found[1], found[2], unit), text)
    text = re.sub(r"负\s*(?=[\d%])", "-", text)
    text = re.sub(r"(-?)%\s*(-?\d[\d.]*)", r"\1\2%", text)
    return WORDS.sub(lambda found: f" {BESIDE[found[0]]} ", text).strip()


def label(text: str, also: Mapping[str, str]) -> str:
    """The name of an entry in the words of the question; `also` has other words for it, or for parts of it."""
    if not WRITING.search(text):
        return text
    if text in also:
        return also[text]
    parts = (part.strip() for part in re.split(r"[,，、;；]|(?<=\d)\s*年", text))
    return ", ".join(also.get(part) or bare(part) for part in parts if part)


def bare(text: str) -> str:
    """A word without what stands around it and says nothing, and without blanks and signs between words."""
    return AROUND.sub("", text.translate(MARKS))


def _in_figures(numeral: str) -> str:
    """A numeral below a thousand in figures; what is none stays."""
    whole, _, decimals = numeral.partition("点")
    total, digit = 0, None
    for sign in whole:
        if sign in DIGITS and digit in (None, 0):
            digit = DIGITS[sign]
        elif sign in "十百" and digit != 0:
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), None
        else:
            return numeral
    figures = "".join(str(DIGITS[sign]) for sign in decimals)
    return f"{total + (digit or 0)}{'.' * bool(figures)}{figures}"


def _in_unit(figures: str, size: str, unit: str) -> str:
    of_unit = next((value for name, value in UNITS.items() if name in unit), 1.0)
    try:
        return f"{float(figures.replace(',', '')) * SIZES[size] / of_unit:.12g}"
    except ValueError:  # 1.2.3
        return figures + size
