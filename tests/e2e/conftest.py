"""Fixtures: server, rpc, shell, smtp, page, phone, log_in; described where they are defined.

Those here are for what happens at the same time, or is interrupted.
"""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tools.workshop import runtime
from tools.workshop.pytest_plugins.e2e import Rpc

pytest_plugins = ["tools.workshop.pytest_plugins.e2e"]


@pytest.fixture
def start(server, tmp_path):
    """Start a process that runs a script inside Odoo, on the server's database."""
    ready = runtime.prepare()

    def start(code):
        script = tmp_path / f"{uuid4().hex}.py"
        script.write_text(code)
        return subprocess.Popen(
            ready.script_command(server.database, script),
            env=ready.environment(server.database),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return start


@pytest.fixture
def kill_when():
    """Kill a process as soon as something has happened, unless it is done by itself before."""

    def kill_when(process, happened, within=90):
        deadline = time.monotonic() + within
        while not happened() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.kill()
        process.wait()

    return kill_when


@pytest.fixture
def at_once(server):
    """Call a method on each id at the same time, each as a person of its own; return the errors."""

    def at_once(model, method, ids):
        people = [Rpc(server, "admin", "admin") for _id in ids]

        def call(person, record_id):
            try:
                person.call(model, method, [record_id])
            except AssertionError as error:
                return str(error)
            return None

        with ThreadPoolExecutor(len(people)) as pool:
            return [error for error in pool.map(call, people, ids) if error is not None]

    return at_once
