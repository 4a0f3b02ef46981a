"""What produced 14.6 percent? A part's share of the level beside its share of the growth."""

from functools import cache
from typing import NamedTuple

import altair as alt
import pandas as pd

from valuechains import datasets, evidence
from valuechains.models.growth import contribution
from valuechains.widgets import Choice, Expressions, Made, Slider, Twin, steps
from valuechains.widgets.sentences import literal

RELEASES = {"Q1": "January to March 2025", "M04": "January to April 2025", "H1": "January to June 2025"}
PARTS = ("Knowledge-intensive", "All other")
ROWS = ("Exports a year before", "What was added", "Exports now")


class Exports(NamedTuple):
    """Exports (bn yuan), their growth, those of the knowledge-intensive group, and its growth where published."""

    total: float
    total_growth: float
    part: float
    published: float | None


@cache
def releases() -> dict[str, Exports]:
    """What each release says; for January to April the group's level is the article's: its part of the total in
    dollars."""
    exports = datasets.read("china_services_accounts", flow="exports").set_index(["period", "group"])
    part = evidence.number("A1-1-06.stated").value / evidence.number("A1-1-05.stated").value

    def stated(release: str, group: str) -> tuple[float, float]:
        row = exports.loc[[(f"2025-{release}", group)]]
        return float(row["value"].iloc[0]), float(row["growth_percent"].iloc[0]) / 100

    found = {}
    for release in RELEASES:
        total, growth = stated(release, "total")
        own, published = (part * total, None) if release == "M04" else stated(release, "knowledge_intensive")
        found[release] = Exports(total, growth, own, published)
    return found


def produced(release: str, growth: float) -> dict:
    """M19: what the knowledge-intensive group added to exports, if it grew by `growth` percent."""
    known = releases()[release]
    found = contribution(known.total, known.total_growth, known.part, growth / 100)
    published = known.published is not None and abs(100 * known.published - growth) < 1e-9
    even = abs(100 * known.total_growth - growth) < 1e-9
    return {
        "before": found.total_before,
        "rise": found.total_change,
        "part_before": found.part_before,
        "part_rise": found.part_change,
        "of_rise": found.contribution_share,
        "share_before": found.share_before,
        "share_now": found.share_after,
        "total_growth": known.total_growth,
        "verdict": "published"
        if published
        else "even"
        if even
        else "less"
        if found.contribution_share < found.share_after
        else "more",
    }


def split(settings: dict, result: dict) -> pd.DataFrame:
    """The old level, the rise and the new level, each by part."""
    part = [result["share_before"], result["of_rise"], result["share_now"]]
    return pd.DataFrame(
        [
            {"what": what, "part": name, "share": share, "place": place}
            for what, own in zip(ROWS, part, strict=True)
            for place, (name, share) in enumerate(zip(PARTS, (own, 1 - own), strict=True))
        ]
    )


def page() -> Expressions:
    def of(field: str) -> str:
        return f"({literal({release: getattr(known, field) for release, known in releases().items()})})[release]"

    published = f"(isValid({of('published')}) && abs(100 * {of('published')} - growth) < 1e-9)"
    even = "abs(100 * total_growth - growth) < 1e-9"
    row = "floor(datum.row / 2)"
    own = f"[result.share_before, result.of_rise, result.share_now][{row}]"
    return Expressions(
        fields={
            "before": f"{of('total')} / (1 + {of('total_growth')})",
            "rise": f"{of('total')} - before",
            "part_before": f"{of('part')} / (1 + growth / 100)",
            "part_rise": f"{of('part')} - part_before",
            "of_rise": "part_rise / rise",
            "share_before": "part_before / before",
            "share_now": f"{of('part')} / {of('total')}",
            "total_growth": of("total_growth"),
            "verdict": f"{published} ? 'published' : {even} ? 'even' : of_rise < share_now ? 'less' : 'more'",
        },
        frames={
            "split": Made(
                6,
                {
                    "what": f"{literal(ROWS)}[{row}]",
                    "part": f"{literal(PARTS)}[datum.row % 2]",
                    "share": f"datum.row % 2 === 0 ? {own} : 1 - {own}",
                    "place": "datum.row % 2",
                },
            )
        },
    )


def chart() -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("split"), height=170)
        .mark_bar()
        .encode(
            alt.X(
                "share:Q",
                title="Share",
                axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
                scale=alt.Scale(domain=[0, 1.04], nice=False),
            ),
            alt.Y("what:N", title=None, sort=list(ROWS)),
            order="place:Q",
            color=alt.Color("part:N", title=None, scale=alt.Scale(domain=list(PARTS))),
            tooltip=[
                alt.Tooltip("what:N", title="Of"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
    )


def what_produced_it() -> Twin:
    """Three releases of 2025: how fast did the large group have to grow to be the source of the growth?"""
    group = "knowledge-intensive services"
    level = "They are {share_now:.1%} of exports now and were {share_before:.1%}."
    return Twin(
        name="what-produced-it",
        controls=[
            Choice("release", "Exports of China", RELEASES),
            Slider(
                "growth", "Growth of knowledge-intensive exports, if it was", steps(0, 25, 0.1), start=2.1, text="{}%"
            ),
        ],
        model=produced,
        frames={"split": split},
        page=page(),
        chart=chart(),
        says={
            "published": f"{{release}}, as published: exports rose by {{rise:,.1f}} bn yuan ({{total_growth:+.1%}}), "
            f"and {group}, up {{growth}}, gave {{part_rise:,.1f}} bn of it, {{of_rise:.1%}}. {level}",
            "even": f"{{release}}: had {group} grown as fast as all exports, {{growth}}, they would have given "
            f"{{of_rise:.1%}} of the rise: exactly their share of the level, before and after.",
            "less": f"{{release}}: at {{growth}}, below the {{total_growth:.1%}} of all exports, {group} would "
            f"give {{of_rise:.1%}} of the rise, less than their share of the level. {level}",
            "more": f"{{release}}: at {{growth}}, above the {{total_growth:.1%}} of all exports, {group} would "
            f"give {{of_rise:.1%}} of the rise, more than their share of the level. {level}",
        },
        finding="Half of the level of 2025 can be a tenth of the growth",
        measure="China's services exports by group: a year before, what was added, and now",
        unit="share; levels in bn yuan",
        source=["china_services_accounts", "claims"],
    )
