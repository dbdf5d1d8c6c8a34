"""The local mailbox shows hostile mails harmlessly, and kind ones whole."""

import threading
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from smtplib import SMTP

import pytest

from tools.mailbox.sink import listen
from tools.mailbox.store import Store
from tools.mailbox.web import serve
from tools.workshop.server import free_port

PIXEL = bytes.fromhex("89504e470d0a1a0a")


@pytest.fixture
def mailbox(tmp_path):
    """A running mailbox: where it is in the browser, and a way to send it mail."""
    smtp_port = free_port()
    receiver = listen(Store(tmp_path).add, smtp_port)
    web = serve(Store(tmp_path), free_port())
    thread = threading.Thread(target=web.serve_forever)
    thread.start()

    def send(mail: EmailMessage | bytes, recipient: str = "anna@example.com") -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP_POLICY)
        with SMTP("127.0.0.1", smtp_port) as connection:
            connection.sendmail("shop@example.com", [recipient], raw)

    yield f"http://127.0.0.1:{web.server_port}", send
    web.shutdown()
    web.server_close()
    thread.join()
    receiver.stop()


def invoice_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Shop <shop@example.com>"
    mail["To"] = "Anna <anna@example.com>"
    mail["Subject"] = "Your invoice"
    mail.set_content("Please pay.")
    mail.add_alternative('<p><a href="/pay">Pay</a><img src="cid:logo"></p>', subtype="html")
    mail.get_payload()[1].add_related(PIXEL, "image", "png", cid="<logo>")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="INV 1.pdf")
    return mail


def get(address: str, **headers: str):
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers))


def test_shows_a_mail_whole(mailbox, page):
    url, send = mailbox
    send(invoice_mail())
    page.goto(url)
    page.get_by_text("Your invoice").click()
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_text("Pay").click()
    assert opened.value.url.endswith("/pay")
    picture = page.frame_locator("iframe").locator("img").get_attribute("src")
    assert get(url + picture).read() == PIXEL
    with page.expect_download() as download:
        page.get_by_text("INV 1.pdf").click()
    assert download.value.suggested_filename == "INV 1.pdf"


def test_fits_a_phone(mailbox, phone):
    url, send = mailbox
    send(invoice_mail(), "a-very-long-address-of-a-customer@subdomain.of-a-long-domain.example.com")
    for address in (url, f"{url}/mail/1"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_finds_by_recipient(mailbox, page):
    url, send = mailbox
    send(invoice_mail(), "anna@example.com")
    send(invoice_mail(), "ben@example.com")
    page.goto(f"{url}/?q=BEN")
    assert page.locator("li").count() == 1


def test_hostile_mail_stays_in_its_sandbox(mailbox, page):
    url, send = mailbox
    attack = "<script>top.document.title='owned'</script><img src=x onerror=\"alert('x')\">"
    mail = EmailMessage()
    mail["Subject"] = attack
    mail["From"] = "evil@example.com"
    mail.set_content(attack)
    mail.add_alternative(f"</iframe>{attack}<form action='{url}'></form>", subtype="html")
    mail.add_attachment(attack.encode(), maintype="text", subtype="html", filename='"><b>.html')
    send(mail)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for address in (url, f"{url}/mail/1", f"{url}/mail/1/html"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.title() != "owned"
    page.goto(f"{url}/mail/1")
    attachment = page.locator("li a").first.get_attribute("href")
    assert get(url + attachment).headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"Subject: =?nonsense?q?=FF?=\r\nFrom: <<>>\r\nDate: yesterday\r\nTo: ;;\r\n\r\n\xff",
        b'Content-Type: text/html; charset="none-such"\r\n\r\n<p>\xe9</p>',
        b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
    ],
)
def test_broken_mail_is_shown_all_the_same(mailbox, raw):
    url, send = mailbox
    send(raw)
    assert get(url).status == 200
    assert get(f"{url}/mail/1").status == 200
    assert get(f"{url}/mail/1/html").status == 200


def test_refuses_other_names_and_unknown_mails(mailbox):
    url, _send = mailbox
    for address, host, status in (
        (url, "evil.example.com", 403),
        (f"{url}/mail/99", "127.0.0.1", 404),
        (f"{url}/mail/../../etc/passwd", "127.0.0.1", 404),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(address, Host=host)
        assert refused.value.code == status
