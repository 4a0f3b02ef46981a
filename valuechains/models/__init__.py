"""The small models of the chapters, one module each: pure functions of numbers, no files, no charts.

Fixed-price accounting and textbook formulas to think with: what a model gives is never a forecast.
Results are named tuples of numbers, short words and dictionaries of them, ready to tabulate.

| module | chapter | widget |
|---|---|---|
| `dissector` | 0 | Claim dissector |
| `judgement` | 0, 1 | |
| `growth` | 0, 1 | level against contribution |
| `shock` | 1 | Shock bench |
| `definitions` | 3 | Definition dial |
| `trap`, `spillover` | 4 | Trap tester |
| `diversification` | 5 | Diversification bench |
| `configurations` | 6 | Configurator |
| `inventory` | 7 | Pre-positioning lab |
| `scenario` | 8 | What would it take? |
"""
