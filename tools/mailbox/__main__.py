"""Receive and show mails until stopped: ``python3 -m tools.mailbox FOLDER``."""

import argparse
import signal
import sys
from pathlib import Path

from .sink import listen
from .store import Store
from .web import serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--web-port", type=int, default=8025)
    options = parser.parse_args()

    store = Store(options.folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    receiver = listen(store.add, options.smtp_port)
    try:
        with serve(store, options.web_port) as server:
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        receiver.stop()


if __name__ == "__main__":
    main()
