"""Telling people from machines, from what is known of one request. Nothing of Odoo is needed.

A page counts as read only after a gesture or an action on it; everything else is at most likely. A
person is therefore never lost by being taken for a machine when the page is fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Kinds of events that a machine may cause. For all others somebody filled in or pressed something.
LOOKING = ("opened", "link_clicked", "downloaded", "viewed", "trapped")

# A scanner follows links while it delivers the mail; nobody reads that fast.
SECONDS_TO_READ = 10
# From then on a click that a browser says was made by hand is probably one.
SECONDS_TO_CLICK = 60
LINKS_AT_ONCE = 2
RECIPIENTS_AT_ONCE = 3

# Tried in this order: the first that is found names the visitor. Apple's message app calls itself
# facebookexternalhit and Twitterbot at once. Browsers of persons name makers of phones (Cubot),
# apps they are part of (Snapchat, Teams, Avast) and what Windows has (.NET), so these do not.
SIGNATURES = [
    (
        "image_proxy",
        r"googleimageproxy|ggpht\.com|yahoomailproxy|yahoocachesystem|outlookimageproxy",
    ),
    (
        "preview",
        r"facebookexternalhit|facebot|twitterbot|slackbot|slack-imgproxy|whatsapp|telegrambot|"
        r"discordbot|linkedinbot|skypeuripreview|bingpreview|snap url preview|line-poker|"
        r"kakaotalk-scrap|embedly|iframely|rocket\.chat|link ?preview|url ?preview|viber|"
        r"microsoft office (?:existence|protocol|word|excel|powerpoint)",
    ),
    (
        "scanner",
        r"barracuda|proofpoint|mimecast|safe ?links|cisco|ironport|talos|trend ?micro|tmws|"
        r"symantec|messagelabs|fireeye|trellix|mcafee|sophos|forcepoint|websense|zscaler|"
        r"fortiguard|fortinet|bitdefender|virustotal|urlscan|urldefense|cloudmark|vadesecure|"
        r"hornetsecurity|avanan|ironscales|spamassassin|rspamd|\bscan(?:ner)?\b",
    ),
    ("headless", r"headless|phantomjs|slimerjs|puppeteer|playwright|jsdom|htmlunit"),
    ("scripted", r"selenium|webdriver|cypress"),
    ("bot", r"(?<!cu)bot\b|crawl|spider|slurp|archiver|monitor|uptime|pingdom|lighthouse|fetcher"),
    (
        "program",
        r"curl|wget|python|aiohttp|httpx|urllib|go-http|golang|\bjava/|okhttp|apache-http|"
        r"node-fetch|node\.js|\bnode\b|axios|undici|got \(|deno/|bun/|ruby|faraday|\bperl|lwp|"
        r"libwww|\bphp|guzzle|dart/|postman|insomnia|powershell|winhttp|dotnet|restsharp|"
        r"reqwest|httpie|scrapy|cfnetwork",
    ),
]
SIGNATURES = [(reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in SIGNATURES]

# All that Apple's Mail Privacy Protection says of itself.
PRIVACY_PROXY = "Mozilla/5.0"

TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*mobile)", re.IGNORECASE)
PHONE = re.compile(r"iphone|ipod|mobile|phone|blackberry|opera mini", re.IGNORECASE)
COMPUTER = re.compile(r"windows|macintosh|x11|linux|cros", re.IGNORECASE)

SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
BROWSERS = ("Edg", "OPR", "SamsungBrowser", "Firefox", "FxiOS", "CriOS", "Chrome", "Safari")


@dataclass(frozen=True, slots=True)
class Hit:
    """The facts of one request.

    :param kind: of the event that it would be; ``viewed`` is what the page itself reports after a
        gesture, or a page of the portal
    :param seconds: since the mail went out; None if the link did not come by mail
    :param is_scripted: the page itself says that a program steers the browser
    :param is_trapped: this network opened the hidden link of this mail a short while ago
    :param has_read: this visitor was found to be a person a short while ago
    :param links_at_once: how many of the mail's links this network fetched within seconds
    :param recipients_at_once: of how many recipients' mails it fetched something within a minute
    :param is_signed_in: in the portal, as the customer
    """

    kind: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    is_scripted: bool = False
    is_trapped: bool = False
    has_read: bool = False
    links_at_once: int = 1
    recipients_at_once: int = 1
    is_signed_in: bool = False
    is_staff: bool = False

    @property
    def user_agent(self) -> str:
        return self.headers.get("User-Agent", "").strip()

    @property
    def is_by_hand(self) -> bool:
        """Whether the browser says that a person's click or tap led here."""
        headers = self.headers
        return headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-User") == "?1"

    @property
    def is_within_the_page(self) -> bool:
        """Whether a person pressed something on a page of ours."""
        return self.is_by_hand and self.headers.get("Sec-Fetch-Site") == "same-origin"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``agent`` and ``reason`` as in `billing.event`, and the device if it is known."""

    agent: str
    reason: str
    device: str | None = None


def classify(hit: Hit) -> Verdict | None:
    """Say who made a request; None for the company's own staff, who never count."""
    if hit.is_staff:
        return None
    reason = _find_person(hit) or _find_machine(hit)
    if reason:
        agent = "human" if reason in ("acted", "gesture", "read_before") else "machine"
        if reason == "image_proxy" and hit.kind == "opened":
            agent = "unknown"  # somebody's mailbox asked for it; whether somebody looked, it hides
    else:
        agent, reason = _guess(hit)
    return Verdict(agent, reason, None if agent == "machine" else get_device(hit.user_agent))


def get_device(user_agent: str) -> str | None:
    """Return ``phone``, ``tablet`` or ``computer``, or None if it cannot be told."""
    if PHONE.search(user_agent) and not re.search("ipad", user_agent, re.IGNORECASE):
        return "phone"
    if TABLET.search(user_agent):
        return "tablet"
    return "computer" if COMPUTER.search(user_agent) else None


def get_family(user_agent: str) -> tuple[str | None, str | None]:
    """Return system and browser without their versions, which change with every update."""
    system = next((name for name in SYSTEMS if name in user_agent), None)
    browser = next((name for name in BROWSERS if name in user_agent), None)
    return system, browser


def get_signature(user_agent: str) -> str | None:
    """Return the reason why a program that names itself is a machine, or None."""
    if not user_agent:
        return "no_agent"
    if user_agent == PRIVACY_PROXY:
        return "privacy_proxy"
    return next((reason for reason, regex in SIGNATURES if regex.search(user_agent)), None)


def _find_person(hit: Hit) -> str | None:
    """Return what proves a person. Odd names of browsers are no counterproof, a script is."""
    if hit.kind not in LOOKING:
        return "acted"
    is_steered = hit.is_scripted or get_signature(hit.user_agent) in ("headless", "scripted")
    if hit.kind == "viewed" and not is_steered and not hit.is_signed_in:
        return "gesture"
    if hit.kind == "downloaded" and hit.has_read and not is_steered and hit.method != "HEAD":
        return "read_before"
    return None


def _find_machine(hit: Hit) -> str | None:
    """Return what proves a machine, the surest first."""
    headers = hit.headers
    if hit.kind == "trapped":
        return "trap"
    if signature := get_signature(hit.user_agent):
        return signature
    if hit.is_scripted:
        return "scripted"
    if headers.get("Odoo-Link-Preview"):
        return "preview"
    if hit.method not in ("GET", "POST"):
        return "head"
    purpose = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if re.search("prefetch|prerender|preview", purpose, re.IGNORECASE):
        return "prefetch"
    if _is_odd(hit):
        return "odd"
    if hit.is_trapped:
        return "trap"
    if hit.seconds is not None and hit.seconds < SECONDS_TO_READ and not hit.is_within_the_page:
        return "too_soon"
    if hit.links_at_once >= LINKS_AT_ONCE and not hit.is_within_the_page:
        return "at_once"
    if hit.recipients_at_once >= RECIPIENTS_AT_ONCE:
        return "many_recipients"
    return None


def _is_odd(hit: Hit) -> bool:
    """Whether a visitor calls itself a browser and leaves out what every browser sends."""
    if hit.kind == "opened":
        return False  # mail programs ask for pictures in many ways
    headers = hit.headers
    if not headers.get("Accept") or not headers.get("Accept-Language"):
        return True
    destination = headers.get("Sec-Fetch-Dest", "document")
    return destination not in ("document", "iframe", "object", "embed")


def _guess(hit: Hit) -> tuple[str, str]:
    """Say what a request that proves nothing may have been."""
    if hit.is_signed_in:
        return "likely_human", "signed_in"
    if hit.kind == "opened":
        return "likely_human", "mail_shown"
    is_late = hit.seconds is None or hit.seconds >= SECONDS_TO_CLICK
    if hit.is_by_hand and is_late:
        return "likely_human", "navigated"
    return "unknown", "browser"
