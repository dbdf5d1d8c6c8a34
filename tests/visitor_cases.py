"""Requests as they were seen: what each sends, and what it has to be taken for.

A name, what differs from a page fetched by a GET with a browser's usual headers an hour after the
mail went out, and the class and reason. Header ``None``: not sent.
"""

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)
IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36"
)
EDGE = f"{CHROME} Edg/142.0.0.0"
AVAST = f"{CHROME} Avast/142.0.0.0"
TEAMS = f"{CHROME} Teams/24.1.0 Electron/30.0.0"
SNAPCHAT = f"{IPHONE} Snapchat/12.91.0.40 (like Safari/8617.2.4, panda)"
INSTAGRAM = f"{IPHONE} Instagram 361.0.0.35 (iPhone15,2; iOS 18_6)"
OUTLOOK = (
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; "
    ".NET CLR 3.5.30729; Microsoft Outlook 16.0.17928; Microsoft Outlook 16.0.17928; ms-office; "
    "MSOffice 16)"
)
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0"
APPLE_MAIL = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
IMESSAGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
)
HEADLESS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/142.0.0.0 Safari/537.36"
)
BINGPREVIEW = f"{IPHONE} BingPreview/1.0b"
BY_HAND = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "document"}
PRESSED = {**BY_HAND, "Sec-Fetch-Site": "same-origin"}

PEOPLE = [
    # what a gesture or an action proves, whatever the browser calls itself
    ("phone, gesture", {"agent": IPHONE, "kind": "viewed"}, "gesture"),
    ("desk, gesture", {"agent": CHROME, "kind": "viewed"}, "gesture"),
    ("gesture within seconds", {"agent": FIREFOX, "kind": "viewed", "seconds": 4}, "gesture"),
    (
        "gesture where a scanner was",
        {"agent": EDGE, "kind": "viewed", "is_trapped": True},
        "gesture",
    ),
    (
        "gesture beside colleagues",
        {"agent": EDGE, "kind": "viewed", "recipients_at_once": 9},
        "gesture",
    ),
    ("gesture, name hidden", {"agent": None, "kind": "viewed"}, "gesture"),
    ("gesture, odd name", {"agent": "curl/8.5.0", "kind": "viewed"}, "gesture"),
    ("gesture on a Cubot", {"agent": CUBOT, "kind": "viewed"}, "gesture"),
    ("payment", {"agent": ANDROID, "kind": "payment_started"}, "acted"),
    ("payment, odd name", {"agent": "Mozilla/5.0", "kind": "payment_started"}, "acted"),
    ("answer at once", {"agent": CHROME, "kind": "accepted", "seconds": 3}, "acted"),
    (
        "download after reading",
        {"agent": IPAD, "kind": "downloaded", "has_read": True},
        "read_before",
    ),
]

LIKELY = [
    ("tap in a mail", {"agent": IPHONE, **BY_HAND}, "navigated"),
    ("click in a mail", {"agent": CHROME, **BY_HAND}, "navigated"),
    ("Teams' own browser", {"agent": TEAMS, **BY_HAND}, "navigated"),
    ("Snapchat's own browser", {"agent": SNAPCHAT, **BY_HAND}, "navigated"),
    ("Instagram's own browser", {"agent": INSTAGRAM, **BY_HAND}, "navigated"),
    ("Avast's browser", {"agent": AVAST, **BY_HAND}, "navigated"),
    ("Cubot", {"agent": CUBOT, **BY_HAND}, "navigated"),
    ("code scanned from paper", {"agent": ANDROID, "seconds": None, **BY_HAND}, "navigated"),
    (
        "download pressed soon",
        {"agent": CHROME, "kind": "downloaded", "links_at_once": 2, **PRESSED},
        "navigated",
    ),
    ("Outlook shows a picture", {"agent": OUTLOOK, "kind": "opened"}, "mail_shown"),
    ("Thunderbird shows a picture", {"agent": THUNDERBIRD, "kind": "opened"}, "mail_shown"),
    ("Apple Mail without the proxy", {"agent": APPLE_MAIL, "kind": "opened"}, "mail_shown"),
    ("portal", {"agent": CHROME, "kind": "viewed", "is_signed_in": True}, "signed_in"),
]

# Nothing is claimed: a person without a sign, or a scanner that hides behind a browser's name.
UNKNOWN = [
    ("Chrome", {"agent": CHROME}, "browser"),
    ("Firefox over http", {"agent": FIREFOX}, "browser"),
    ("iPhone", {"agent": IPHONE}, "browser"),
    ("Edge, half a minute after", {"agent": EDGE, "seconds": 30, **BY_HAND}, "browser"),
    ("Gmail fetches pictures", {"agent": GMAIL, "kind": "opened"}, "image_proxy"),
    ("Yahoo fetches pictures", {"agent": YAHOO, "kind": "opened"}, "image_proxy"),
]

MACHINES = [
    # mailboxes and messengers
    ("Apple fetches pictures", {"agent": "Mozilla/5.0", "kind": "opened"}, "privacy_proxy"),
    ("Apple fetches a page", {"agent": "Mozilla/5.0"}, "privacy_proxy"),
    ("Gmail's proxy on a page", {"agent": GMAIL}, "image_proxy"),
    ("Slack", {"agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}, "preview"),
    ("Slack's pictures", {"agent": "Slack-ImgProxy (+https://api.slack.com/robots)"}, "preview"),
    ("WhatsApp", {"agent": "WhatsApp/2.23.20.0"}, "preview"),
    (
        "Skype and Teams",
        {"agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
        "preview",
    ),
    (
        "Facebook",
        {"agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        "preview",
    ),
    ("X", {"agent": "Twitterbot/1.0"}, "preview"),
    ("Messages of Apple", {"agent": IMESSAGE}, "preview"),
    ("Telegram", {"agent": "TelegramBot (like TwitterBot)"}, "preview"),
    (
        "Discord",
        {"agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        "preview",
    ),
    (
        "LinkedIn",
        {"agent": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient)"},
        "preview",
    ),
    ("Odoo", {"agent": CHROME, "Odoo-Link-Preview": "True"}, "preview"),
    ("Word asks first", {"agent": "Microsoft Office Existence Discovery"}, "preview"),
    # mail security
    ("Safe Links", {"agent": BINGPREVIEW}, "preview"),
    ("Barracuda", {"agent": "Barracuda Sentinel (EE)"}, "scanner"),
    ("Proofpoint", {"agent": "Mozilla/5.0 (compatible; Proofpoint URL Defense)"}, "scanner"),
    ("Mimecast", {"agent": "Mimecast-URL-Protect/1.0"}, "scanner"),
    ("Cisco", {"agent": "Cisco-IronPort/1.0"}, "scanner"),
    ("Trend Micro", {"agent": "Mozilla/4.0 (compatible; TrendMicro TMWS)"}, "scanner"),
    ("Symantec", {"agent": "Symantec.cloud MessageLabs"}, "scanner"),
    ("FireEye", {"agent": "FireEye URL Analysis"}, "scanner"),
    ("browser's name, at delivery", {"agent": CHROME, "seconds": 3}, "too_soon"),
    ("browser's headers, at delivery", {"agent": CHROME, "seconds": 9, **BY_HAND}, "too_soon"),
    ("every link of the mail", {"agent": EDGE, "links_at_once": 3, **BY_HAND}, "at_once"),
    (
        "mails of three people",
        {"agent": EDGE, "recipients_at_once": 3, **BY_HAND},
        "many_recipients",
    ),
    ("hidden link", {"agent": CHROME, "kind": "trapped", **BY_HAND}, "trap"),
    ("after the hidden link", {"agent": CHROME, "is_trapped": True, **BY_HAND}, "trap"),
    ("picture at delivery", {"agent": OUTLOOK, "kind": "opened", "seconds": 2}, "too_soon"),
    # programs
    ("HEAD", {"agent": CHROME, "method": "HEAD"}, "head"),
    ("OPTIONS", {"agent": CHROME, "method": "OPTIONS"}, "head"),
    ("no name", {"agent": None}, "no_agent"),
    ("curl", {"agent": "curl/8.5.0"}, "program"),
    ("wget", {"agent": "Wget/1.21.4"}, "program"),
    ("Python", {"agent": "python-requests/2.32.3"}, "program"),
    ("Go", {"agent": "Go-http-client/2.0"}, "program"),
    ("Java", {"agent": "Java/17.0.9"}, "program"),
    ("okhttp", {"agent": "okhttp/4.12.0"}, "program"),
    ("Node", {"agent": "node"}, "program"),
    ("axios", {"agent": "axios/1.7.2"}, "program"),
    ("app of Apple's", {"agent": "Mail/3774 CFNetwork/1568 Darwin/24.0.0"}, "program"),
    (
        "Google",
        {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        "bot",
    ),
    ("headless browser", {"agent": HEADLESS, **BY_HAND}, "headless"),
    ("headless browser that moves the mouse", {"agent": HEADLESS, "kind": "viewed"}, "headless"),
    (
        "steered browser that moves the mouse",
        {"agent": CHROME, "kind": "viewed", "is_scripted": True},
        "scripted",
    ),
    (
        "headless in the portal",
        {"agent": HEADLESS, "kind": "viewed", "is_signed_in": True},
        "headless",
    ),
    (
        "Chrome in advance",
        {"agent": CHROME, "Sec-Purpose": "prefetch;prerender", **BY_HAND},
        "prefetch",
    ),
    ("Safari in advance", {"agent": IPHONE, "Purpose": "prefetch"}, "prefetch"),
    ("Firefox in advance", {"agent": FIREFOX, "X-Moz": "prefetch"}, "prefetch"),
    ("page asked for as a picture", {"agent": CHROME, "Sec-Fetch-Dest": "image"}, "odd"),
    ("page asked for by a script", {"agent": CHROME, "Sec-Fetch-Dest": "empty"}, "odd"),
    ("no language", {"agent": CHROME, "Accept-Language": None}, "odd"),
    ("accepts nothing", {"agent": FIREFOX, "Accept": None}, "odd"),
]
