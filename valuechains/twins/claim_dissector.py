"""Claim dissector: tag a claim, and be told which field of it you misread and which it does not state."""

import altair as alt
import pandas as pd

from valuechains import evidence
from valuechains.models.dissector import BANK, FIELDS, KINDS, dissect
from valuechains.widgets import Choice, Grid, Stored, Twin

STATED = {"yes": "stated", "no": "not stated"}
ROWS = ("kind", *FIELDS)


def reading(claim: str, kind: str, **stated: str) -> dict:
    """How many of the four tags are right, where the first mistake is, and what the claim leaves out."""
    return dissect(claim, kind, {field for field in FIELDS if stated[field] == "yes"})._asdict()


def tags(settings: dict, result: dict) -> pd.DataFrame:
    """One row for each tag: what the reader says, and whether the bank agrees."""
    key = BANK[settings["claim"]]
    right = {
        "kind": settings["kind"] == key.kind,
        **{field: (settings[field] == "yes") == (field in key.stated) for field in FIELDS},
    }
    return pd.DataFrame(
        {
            "tag": ROWS,
            "yours": [settings["kind"], *(STATED[settings[field]] for field in FIELDS)],
            "agrees": [int(right[row]) for row in ROWS],
        }
    )


def chart() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData("tags"), height=150).encode(
        alt.Y("tag:N", title=None, sort=list(ROWS)),
        alt.X(
            "agrees:Q",
            title="Does the bank agree with you?",
            scale=alt.Scale(domain=[0, 1.6], nice=False),
            axis=alt.Axis(values=[0, 1], grid=False, labelExpr="datum.value === 1 ? 'yes' : 'no'"),
        ),
    )
    bars = base.mark_bar().encode(
        tooltip=[
            alt.Tooltip("tag:N", title="Tag"),
            alt.Tooltip("yours:N", title="You say"),
            alt.Tooltip("agrees:Q", title="Agrees (1 yes, 0 no)"),
        ]
    )
    return bars + base.mark_text(align="left", dx=6).encode(text="yours:N")


def claim_dissector() -> Twin:
    """Ten claims of the ledger as their authors put them; four tags each."""
    claims = {name: f"{name}: {evidence.claim(name).paraphrase}" for name in BANK}
    hint = {
        "kind": "Start with the kind. Does the claim give an amount, a change, a part of a whole, a place in an "
        "order, or what brings something about?",
        "unit": "Look for the unit: does the claim say what is counted, so that two people would count the same thing?",
        "denominator": "Look for the denominator: a share needs its whole, a growth rate its base, a rank its "
        "rivals, a "
        "survey its population.",
        "period": "Look for the period: from when to when, or on which date?",
    }
    tagged = "Your tags: {kind}; unit {unit}, denominator {denominator}, period {period}. "
    field = {"unit": "Unit", "denominator": "Denominator (whole, base, rivals)", "period": "Period"}
    return Twin(
        name="claim-dissector",
        controls=[
            Choice("claim", "Claim", claims, start="A1-2-02"),
            Choice("kind", "Kind", {kind: kind for kind in KINDS}),
            *(Choice(name, label, STATED) for name, label in field.items()),
        ],
        model=reading,
        frames={"tags": tags},
        page=Grid(digits={"right": 0, "agrees": 0}, frames={"tags": Stored(("claim", "kind", *FIELDS))}),
        chart=chart(),
        case="first_mistake",
        says={
            **{
                where: "{claim}. " + tagged + "{right:.0f} of 4 tags agree with the bank. " + text
                for where, text in hint.items()
            },
            "none": "{claim}. "
            + tagged
            + "All four tags agree. What the claim leaves out: {missing}. Ask for that before you "
            "look for a source.",
        },
        finding="Most weak claims leave out the denominator",
        measure="Your tags for one claim of the ledger, compared with the bank's",
        unit="tags",
        source=["claims"],
    )
