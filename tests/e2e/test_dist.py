"""What ``make dist`` packs is the module, whole and alone: it installs in an Odoo with nothing."""

import zipfile

import pytest

from tools.workshop import databases, dist, paths, templates


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return dist.build(tmp_path_factory.mktemp("dist"))


def test_holds_the_module_alone(archive):
    names = zipfile.ZipFile(archive).namelist()
    assert f"{paths.MODULE}/__manifest__.py" in names
    tops = {name.split("/")[1] for name in names}
    assert not tops & {"tools", "bench", "Makefile", "dist", "pyproject.toml"}
    assert not [name for name in names if "/." in name or "e2e" in name or name.endswith(".pyc")]


def test_same_files_make_the_same_zip(archive, tmp_path):
    assert dist.build(tmp_path).read_bytes() == archive.read_bytes()


def test_installs_in_a_bare_odoo(odoo_runtime, archive, tmp_path):
    zipfile.ZipFile(archive).extractall(tmp_path)
    database = templates.create(odoo_runtime, "dist", templates.bare(), with_module=False)
    try:
        odoo_runtime.install(database, [paths.MODULE], addons=tmp_path, strict=True)
        state = f"SELECT state FROM ir_module_module WHERE name = '{paths.MODULE}'"
        assert odoo_runtime.cluster.sql(state, database) == "installed"
    finally:
        databases.drop(odoo_runtime.cluster, database)
