"""Cards leave the book: a ClaimReview of schema.org on each page with cards, and all cards as one JSON file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from valuechains import evidence
from valuechains.book import edition
from valuechains.book.claims import anchor, claim_card

SCHEMA = Path(evidence.__file__).with_name("claims.schema.json")


def review(claim: evidence.Claim, page: str, publisher: str) -> dict:
    """One claim as a ClaimReview of schema.org; `page` is the address of the page that holds its card."""
    article = claim.article
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{page}#{anchor(claim.id)}",
        "datePublished": max([str(evidence.retrieved()), *(line.date for line in claim.corrections)]),
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": publisher},
        "claimReviewed": claim.says,
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": article.author, "affiliation": article.affiliation},
            "appearance": {
                "@type": "OpinionNewsArticle",
                "publisher": {"@type": "Organization", "name": article.outlet},
            },
        },
        "reviewRating": {"@type": "Rating", "alternateName": claim.verdict, "ratingExplanation": claim.line},
        "citation": [source.link or source.title for source in claim.sources],
    }


def _add_reviews(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    cards = list(doctree.findall(claim_card)) if doctree is not None and not edition.is_other(app) else []
    if cards and app.builder.format == "html":
        known = {anchor(claim.id): claim for claim in evidence.claims()}
        page = app.config.html_baseurl + app.builder.get_target_uri(pagename) if app.config.html_baseurl else ""
        reviews = [review(known[card["ids"][0]], page, app.config.project) for card in cards]
        data = json.dumps(reviews, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        context["metatags"] = f'{context.get("metatags", "")}\n<script type="application/ld+json">{data}</script>'


def _write_cards(app: Sphinx) -> None:
    """All cards and their schema, where the claims page links to them."""
    if app.builder.format == "html" and not edition.is_other(app):
        folder = Path(app.outdir, "_static", "gvc")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(evidence.ledger_file(), folder / "claims.json")
        shutil.copyfile(SCHEMA, folder / SCHEMA.name)


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", _add_reviews)
    app.connect("builder-inited", _write_cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
