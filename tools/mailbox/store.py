"""Mails as .eml files in a folder; a file's name is the mail's number, which only grows."""

import threading
from pathlib import Path

from .message import Mail


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._adding = threading.Lock()

    def add(self, mail: Mail) -> None:
        with self._adding:
            number = max(self.numbers(), default=0) + 1
            # written aside and renamed: the page never shows half a mail
            partial = self.folder / f"{number}.partial"
            partial.write_bytes(mail.raw)
            partial.rename(self.folder / f"{number}.eml")

    def numbers(self) -> list[int]:
        """All mails, newest first."""
        return sorted((int(file.stem) for file in self.folder.glob("*.eml")), reverse=True)

    def get(self, number: int) -> Mail | None:
        file = self.folder / f"{number}.eml"
        return Mail(file.read_bytes()) if file.exists() else None

    def search(self, text: str) -> list[tuple[int, Mail]]:
        """The mails with a recipient or subject that contains ``text``, newest first."""
        wanted = text.casefold()
        found = ((number, self.get(number)) for number in self.numbers())
        return [
            (number, mail)
            for number, mail in found
            if mail
            and any(wanted in place.casefold() for place in (*mail.recipients, mail.subject))
        ]
