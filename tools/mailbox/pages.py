"""The mailbox's pages. Everything a mail says goes through ``escape``."""

import re
from email.message import MIMEPart
from html import escape
from urllib.parse import quote

from .message import Mail, content, content_id, file_name, is_attachment

LONGEST_LIST = 500

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #888; --accent: #714b67; }
@media (prefers-color-scheme: dark) { :root { --accent: #c9a0bd; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
h1 { font-size: 1.3rem; margin: .5rem 0; overflow-wrap: anywhere; flex: 1; }
a { color: var(--accent); }
input { font: inherit; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: .4rem;
  width: 16rem; max-width: 100%; background: transparent; color: inherit; }
ul { list-style: none; padding: 0; }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .7rem .3rem;
  border-top: 1px solid var(--line); text-decoration: none; color: inherit; }
li a:hover, li a:focus { background: #8881; }
li strong, li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li span, time, .soft { color: var(--soft); }
iframe { width: 100%; height: 75vh; border: 1px solid var(--line); border-radius: .4rem;
  background: white; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(5rem, auto) 1fr; gap: .2rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .6rem 0; }
"""


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )


def inbox(mails: list[tuple[int, Mail]], query: str) -> str:
    rows = "".join(_row(number, mail) for number, mail in mails[:LONGEST_LIST])
    nothing = "No mail matches." if query else "No mail yet. What Odoo sends will appear here."
    shown = f"<ul>{rows}</ul>" if rows else f'<p class="soft">{nothing}</p>'
    rest = len(mails) - LONGEST_LIST
    more = f'<p class="soft">{rest} older ones: search for them.</p>' if rest > 0 else ""
    return _page(
        "Mailbox",
        '<header><h1>Mailbox</h1><a href="">Refresh</a><form role="search">'
        '<input type="search" name="q" placeholder="Recipient or subject" aria-label="Search" '
        f'value="{escape(query)}"></form></header>{shown}{more}',
    )


def _row(number: int, mail: Mail) -> str:
    when = f"<time>{mail.date:%d %b %H:%M}</time>" if mail.date else "<time></time>"
    return (
        f'<li><a href="/mail/{number}"><strong>{escape(mail.subject or "(no subject)")}</strong>'
        f"{when}<span>{escape(', '.join(mail.recipients))}</span></a></li>"
    )


def mail_page(number: int, mail: Mail) -> str:
    summary = [
        ("From", mail.sender),
        ("To", ", ".join(mail.recipients)),
        ("Date", f"{mail.date:%A %d %B %Y %H:%M %Z}" if mail.date else mail.header("Date")),
    ]
    attachments = "".join(
        f'<li><a href="/mail/{number}/part/{index}">{escape(file_name(part, index))} '
        f"<span>{len(content(part)) / 1024:.0f} kB</span></a></li>"
        for index, part in enumerate(mail.parts)
        if is_attachment(part)
    )
    sections = [
        '<header><a href="/">← Mailbox</a></header>',
        f"<h1>{escape(mail.subject or '(no subject)')}</h1>{_definitions(summary)}",
    ]
    if attachments:
        sections.append(f"<ul>{attachments}</ul>")
    if mail.html:
        # No scripts, no forms, no access to this page; links may open new tabs, as real pages.
        sections.append(
            f'<iframe src="/mail/{number}/html" title="The mail" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
    if mail.text:
        opened = "" if mail.html else " open"
        sections.append(
            f"<details{opened}><summary>Text</summary><pre>{escape(mail.text)}</pre></details>"
        )
    sections.append(
        f"<details><summary>Headers</summary>{_definitions(mail.headers)}</details>"
        f'<p><a href="/mail/{number}/raw">Download as .eml</a></p>'
    )
    return _page(mail.subject, "".join(sections))


def _definitions(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<dl>{rows}</dl>"


def mail_html(number: int, mail: Mail) -> str:
    """The mail's own HTML for the sandbox: links open new tabs, inline pictures are found."""
    parts = {content_id(part): index for index, part in enumerate(mail.parts) if content_id(part)}

    def address(match: re.Match) -> str:
        index = parts.get(match[1])
        return match[0] if index is None else f"/mail/{number}/part/{index}"

    return '<base target="_blank">' + re.sub(r"cid:([^\"'\s>)]+)", address, mail.html)


def part_headers(part: MIMEPart, number: int) -> dict[str, str]:
    """Only plain pictures are shown in place; anything else is a download, never a page."""
    shown = part.get_content_type() in ("image/png", "image/jpeg", "image/gif", "image/webp")
    if shown:
        return {"Content-Type": part.get_content_type()}
    name = quote(file_name(part, number), safe="")
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
    }
