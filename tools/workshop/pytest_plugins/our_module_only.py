"""Odoo's test_lint looks at every module of an installation; this shows it ours alone.

Findings about Odoo's own code are not ours to settle here.
"""

import subprocess
import sys

import odoo.modules.module
import odoo.tools
import pytest

from tools.workshop.paths import MODULE

# Tests of the linters themselves; a linter of things we do not have; and one that wants ESLint 8
# with plugins (tools/workshop/node/eslint.config.mjs repeats its rules).
NOT_ABOUT_US = ("test_checkers.py", "test_l10n.py", "test_eslint.py")


def pytest_ignore_collect(collection_path):
    return True if collection_path.name in NOT_ABOUT_US else None


@pytest.fixture(scope="session", autouse=True)
def _our_module_only():
    patch = pytest.MonkeyPatch()
    manifest = odoo.modules.module.Manifest
    ours = [manifest.for_addon(MODULE)]
    patch.setattr(manifest, "all_addon_manifests", lambda: ours)
    patch.setattr(subprocess, "run", _without_odoo_itself(subprocess.run))
    # pytest put the folder of all modules on the path, which test_pylint hands on to pylint,
    # where Odoo's module "calendar" then hides Python's.
    addons = odoo.tools.config.addons_base_dir
    patch.setattr(sys, "path", [entry for entry in sys.path if entry != addons])
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _our_name_only(request, monkeypatch):
    """Some linters imported the list of modules by name, each into its own namespace."""
    if hasattr(request.module, "get_modules"):
        monkeypatch.setattr(request.module, "get_modules", lambda: [MODULE])


def _without_odoo_itself(run):
    """test_pylint names Odoo's own root besides the modules; that would take minutes."""

    def run_on_ours(command, *args, **kwargs):
        if isinstance(command, list):
            command = [part for part in command if part != odoo.tools.config.root_path]
        return run(command, *args, **kwargs)

    return run_on_ours
