"""The workshop: everything between a fresh machine and a running, tested Odoo with billing_crm.

Run as ``python3 -m tools.workshop <command>`` (the Makefile does). These modules use the standard
library alone, because they run before any virtual environment exists; the few that run inside the
environment (``in_odoo``, ``pytest_plugins``) say so.
"""
