"""Databases with their filestores: names, copies, removal.

A database of a checkout is called ``<purpose>_<key of the checkout>``; ``name("load")`` says how.
"""

import os
import shutil
import subprocess

from . import paths
from .console import WorkshopError
from .postgres import Cluster, program

FILESTORES = paths.DATA_DIR / "filestore"


def name(purpose: str) -> str:
    """The full name of this checkout's database for a purpose (a full name stays as it is)."""
    suffix = f"_{paths.KEY}"
    return purpose if purpose.endswith(suffix) else purpose + suffix


def exists(cluster: Cluster, database: str) -> bool:
    return bool(cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))


def names(cluster: Cluster) -> list[str]:
    return cluster.sql("SELECT datname FROM pg_database WHERE NOT datistemplate").split()


def comment(cluster: Cluster, database: str) -> str:
    """What was noted of a database; nothing if it does not exist."""
    return cluster.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{database}'"
    )


def set_comment(cluster: Cluster, database: str, text: str) -> None:
    cluster.sql(f"""COMMENT ON DATABASE "{database}" IS '{text}'""")


def drop(cluster: Cluster, database: str) -> None:
    cluster.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(FILESTORES / database, ignore_errors=True)


def copy(cluster: Cluster, source: str, target: str) -> None:
    """Replace ``target`` by a copy of ``source``, filestore included."""
    drop(cluster, target)
    cluster.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    _copy_files(source, target)


def rename(cluster: Cluster, source: str, target: str) -> None:
    """Rename files first, database last: that the database is there says that all is."""
    shutil.rmtree(FILESTORES / target, ignore_errors=True)
    if (FILESTORES / source).exists():
        (FILESTORES / source).rename(FILESTORES / target)
    cluster.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')


def transfer(source_cluster: Cluster, source: str, cluster: Cluster, target: str) -> None:
    """Replace ``target`` by a copy of a database in another cluster."""
    drop(cluster, target)
    cluster.sql(f'CREATE DATABASE "{target}" TEMPLATE template0')
    dump = subprocess.Popen(
        [program("pg_dump"), "--no-owner", source],
        env={**os.environ, **source_cluster.environment},
        stdout=subprocess.PIPE,
    )
    restore = subprocess.run(
        [program("psql"), "--quiet", "--no-psqlrc", "--single-transaction",
         "--set=ON_ERROR_STOP=1", target],
        env={**os.environ, **cluster.environment},
        stdin=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    if dump.wait() or restore.returncode:
        raise WorkshopError(f"Cannot copy the database {source} to the cluster '{cluster.name}'")
    _copy_files(source, target)


def _copy_files(source: str, target: str) -> None:
    if (FILESTORES / source).exists():
        # hard links would do: Odoo never changes a file in place, only adds and removes
        shutil.copytree(FILESTORES / source, FILESTORES / target, copy_function=os.link)
