"""Plugins for pytest; they run inside the virtual environment."""
