"""The twins of the chapters, one module each: a function that gives the widget, ready to show."""

from valuechains.twins.card_bench import card_bench
from valuechains.twins.claim_dissector import claim_dissector
from valuechains.twins.configurator import configurator
from valuechains.twins.definition_dial import definition_dial
from valuechains.twins.diversification_bench import diversification_bench
from valuechains.twins.every_way import every_way
from valuechains.twins.prepositioning_lab import prepositioning_lab
from valuechains.twins.shock_bench import shock_bench
from valuechains.twins.smile_explorer import smile_explorer
from valuechains.twins.trap_tester import trap_tester
from valuechains.twins.verdict_bench import verdict_bench
from valuechains.twins.what_produced_it import what_produced_it
from valuechains.twins.what_would_it_take import what_would_it_take
from valuechains.twins.who_is_paid import who_is_paid

__all__ = [
    "card_bench",
    "claim_dissector",
    "configurator",
    "definition_dial",
    "diversification_bench",
    "every_way",
    "prepositioning_lab",
    "shock_bench",
    "smile_explorer",
    "trap_tester",
    "verdict_bench",
    "what_produced_it",
    "what_would_it_take",
    "who_is_paid",
]
