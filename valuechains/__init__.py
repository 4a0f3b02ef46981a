"""Services in global value chains: tables, indicators, evidence, figures and widgets."""
