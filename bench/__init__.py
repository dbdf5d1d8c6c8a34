"""Measures what the module costs: each figure is a ratio to Odoo alone, taken in one run."""
