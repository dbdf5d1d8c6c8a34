"""Fixtures: server, rpc, shell, smtp, page, phone, log_in; described where they are defined."""

pytest_plugins = ["tools.workshop.pytest_plugins.e2e"]
