import re
from datetime import timedelta

from odoo import fields
from odoo.http import request

MAX_TEXT = 200
MAX_FILES = 5
MAX_FILE = 10 * 1024 * 1024
MAX_REQUEST = MAX_FILES * MAX_FILE + 1024 * 1024
OLDEST = timedelta(days=3660)

CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
# 1,250 is one thousand to some and one to others: it is asked for again
AMOUNT = re.compile(r"(\d{1,12})(?:\.(\d{1,6})|,(\d{1,2}))?", re.ASCII)
IDENTIFIER = re.compile(r"\d{1,9}", re.ASCII)

# What a file begins with says what it is; its name and what the browser says of it do not.
SIGNATURES = (
    (re.compile(rb"%PDF-\d"), "application/pdf", "pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
)


class PortalExpenseForm:
    """One expense as a stranger's browser sent it: checked, or with errors that say what to do.

    :ivar errors: messages for the person
    :ivar values: values of a `billing.expense`, complete if there are no errors
    :ivar receipts: values of `ir.attachment`
    """

    def __init__(self, company, post, files):
        self.company = company
        self.post = {key: value for key, value in post.items() if isinstance(value, str)}
        self.files = [file for file in files if file.filename]
        self.errors, self.values, self.receipts = [], {}, []

    # -- What the form offers --------------------------------------------------------------------

    @property
    def currencies(self):
        return request.env["res.currency"].sudo().search([])

    @property
    def categories(self):
        return (
            request.env["product.product"]
            .sudo()
            .search(
                [
                    ("billing_expense_ok", "=", True),
                    *request.env["product.product"]._check_company_domain(self.company),
                ]
            )
        )

    @property
    def today(self):
        return fields.Date.context_today(request.env.user)

    def entered(self, name, default=""):
        """Return what was entered, to be shown again."""
        return self._text(name) or default

    # -- Checks ----------------------------------------------------------------------------------

    def check(self, first):
        """Fill errors, values and receipts. ``first``: a new report needs a description, too."""
        if first:
            self.description = self._text("description")
            if not self.description:
                self.errors.append(request.env._("Say what the report is about."))
        self.values = {
            "name": self._text("name"),
            "client_note": self._text("client_note") or False,
            "date": self._check_date(),
            "currency_id": self._check_currency().id,
            "total_amount_currency": self._check_amount(),
            "product_id": self._check_category().id,
        }
        if not self.values["name"]:
            self.errors.append(request.env._("Say what you have paid for."))
        self._check_files()

    def _text(self, name):
        return CONTROL.sub(" ", self.post.get(name, "")).strip()[:MAX_TEXT]

    def _check_date(self):
        try:
            date = fields.Date.from_string(self._text("date"))
        except ValueError:
            date = None
        if not date:
            self.errors.append(request.env._("Enter the date of the receipt."))
        elif date > self.today:
            self.errors.append(request.env._("The date of the receipt lies in the future."))
        elif date < self.today - OLDEST:
            self.errors.append(request.env._("The date of the receipt is more than ten years ago."))
        else:
            return date
        return None

    def _check_currency(self):
        currency = self._choose(self.currencies, "currency_id")
        if not currency:
            self.errors.append(request.env._("Choose the currency of the receipt."))
        return currency

    def _check_category(self):
        category = self._choose(self.categories, "product_id")
        if self._text("product_id") and not category:
            self.errors.append(request.env._("Choose a category from the list."))
        return category

    def _choose(self, offered, name):
        """Return the record among ``offered`` that was chosen, or none."""
        chosen = self._text(name)
        if not IDENTIFIER.fullmatch(chosen):
            return offered.browse()
        return offered.filtered(lambda record: record.id == int(chosen))

    def _check_amount(self):
        match = AMOUNT.fullmatch(self._text("amount").replace("\u00a0", "").replace(" ", ""))
        if not match:
            self.errors.append(
                request.env._(
                    "Enter the amount as a number without signs or separators, such as 1250.50."
                )
            )
            return None
        whole, decimals = match[1], match[2] or match[3] or ""
        amount = float(f"{whole}.{decimals or 0}")
        currency = self._choose(self.currencies, "currency_id")
        if not amount:
            self.errors.append(request.env._("The amount must be more than zero."))
        elif currency and len(decimals) > currency.decimal_places:
            self.errors.append(
                request.env._(
                    "%(currency)s has %(digits)s decimals. Enter 1250.50 for one thousand two "
                    "hundred and fifty and a half.",
                    currency=currency.name,
                    digits=currency.decimal_places,
                )
            )
        return amount

    def _check_files(self):
        if len(self.files) > MAX_FILES:
            self.errors.append(request.env._("Attach at most %s files to an expense.", MAX_FILES))
            return
        for file in self.files:
            name = CONTROL.sub(" ", file.filename.replace("\\", "/").split("/")[-1]).strip()
            content = file.stream.read(MAX_FILE + 1)
            if len(content) > MAX_FILE:
                self.errors.append(request.env._("«%s» is larger than 10 MB.", name[:80]))
                continue
            for signature, mimetype, extension in SIGNATURES:
                if signature.match(content):
                    stem = name.rsplit(".", 1)[0][:80] or request.env._("Receipt")
                    self.receipts.append(
                        {"name": f"{stem}.{extension}", "raw": content, "mimetype": mimetype}
                    )
                    break
            else:
                self.errors.append(
                    request.env._(
                        "«%s» is neither a picture (JPEG, PNG, WebP) nor a PDF. Take a picture of "
                        "the receipt.",
                        name[:80],
                    )
                )
