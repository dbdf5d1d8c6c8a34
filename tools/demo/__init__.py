"""The demo company that `make demo` shows."""
