"""The small models of the chapters, one module each: pure functions of numbers, no files, no charts.

Fixed-price accounting and textbook formulas to think with: what a model gives is never a forecast.
Results are named tuples of numbers, short words and dictionaries of them, ready to tabulate.

- `dissector`: chapter 0, the claim dissector
- `judgement`: chapters 0 and 1
- `growth`: chapters 0 and 1, level against contribution
- `shock`: chapter 1, the shock bench
- `definitions`: chapter 3, the definition dial
- `trap`, `spillover`: chapter 4, the trap tester
- `diversification`: chapter 5, the diversification bench
- `configurations`: chapter 6, the configurator
- `inventory`: chapter 7, the pre-positioning lab
- `scenario`: chapter 8, what would it take?
"""
