"""No tracked file may name a package registry's host or a path of the machine it was written on.

Either would work for its author alone: machines know their own mirrors.
"""

import re
import subprocess

from . import paths

# Put together here, so that this file does not contain what it looks for.
HOSTS = [
    ".".join(words)
    for words in (
        ("deb", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
    )
]
FOLDERS = ("work", "root", "home")


def find() -> list[str]:
    """The places, as ``file:line: text``."""
    hosts = "|".join(map(re.escape, HOSTS))
    forbidden = re.compile(rf"(?:{hosts})|(?<![\w.~/-])/(?:{'|'.join(FOLDERS)})/\w")
    found = []
    for name in _tracked_files():
        try:
            lines = (paths.CHECKOUT / name).read_text().splitlines()
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or deleted and not yet committed
        found += [
            f"    {name}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if forbidden.search(line)
        ]
    return found


def _tracked_files() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=paths.CHECKOUT, capture_output=True, text=True, check=False
    )
    return listing.stdout.split("\0")[:-1]
