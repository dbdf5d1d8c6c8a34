import re
from io import BytesIO

from odoo.tests import HttpCase, tagged

from .common_expense import PNG, ExpenseCommon

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


class ExpensePortalCommon(ExpenseCommon, HttpCase):
    """A subcontractor who is logged in on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_user("sam", "base.group_portal")
        cls.subcontractor = cls.portal.partner_id
        cls.subcontractor.with_company(cls.company).billing_expense_portal = True

    def setUp(self):
        super().setUp()
        self.authenticate("sam", "sam")

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def post(self, path, files=(), token=True, **data):
        if token:
            page = self.url_open("/my/expenses/new").text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            data["csrf_token"] = found[1] if found else "none"
        files = [("receipts", (name, BytesIO(raw), "image/png")) for name, raw in files]
        return self.url_open(
            path, data=data, files=files or None, allow_redirects=False, method="POST"
        )

    def entry(self, **values):
        return {
            "description": "Installation",
            "name": "Train",
            "amount": "12.50",
            "currency_id": str(self.company.currency_id.id),
            "date": str(self.day(-1)),
            **values,
        }

    def reports(self):
        return self.env["billing.expense.report"].search(
            [("partner_id", "=", self.subcontractor.id)]
        )


@tagged("post_install", "-at_install")
class TestExpensePortal(ExpensePortalCommon):
    """The pages of a subcontractor, over HTTP."""

    def test_from_the_first_page_to_the_submitted_report(self):
        self.assertIn("/my/expenses", self.get("/my").text)
        self.assertEqual(self.get("/my/expenses").status_code, 200)
        response = self.post(
            "/my/expenses/new",
            files=[("photos/ticket.PNG", PNG), ("bill.pdf", PDF)],
            **self.entry(client_note="Azure", product_id=str(self.travel.id)),
        )
        report = self.reports()
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"/my/expenses/{report.id}"))
        line = report.line_ids
        self.assertEqual(
            (report.description, report.company_id, line.total_amount_currency, line.name),
            ("Installation", self.company, 12.5, "Train"),
        )
        self.assertEqual(sorted(line.receipt_ids.mapped("name")), ["bill.pdf", "ticket.png"])
        self.assertEqual(
            (set(line.receipt_ids.mapped("res_model")), set(line.receipt_ids.mapped("res_id"))),
            ({"billing.expense"}, {line.id}),
        )
        self.post(f"/my/expenses/{report.id}/add", **self.entry(name="Hotel", amount="80"))
        page = self.get(f"/my/expenses/{report.id}").text
        for text in ("Train", "Hotel", "92.50", "No receipt", "ticket.png"):
            self.assertIn(text, page)
        self.post(f"/my/expenses/{report.id}/submit")
        self.assertEqual(report.decision, "submitted")
        self.assertEqual(report.create_uid, self.portal)
        page = self.get(f"/my/expenses/{report.id}").text
        self.assertNotIn('name="amount"', page)
        self.assertIn(report.name, self.get("/my/expenses").text)
        report.action_approve()
        self.assertEqual(report.bill_id.partner_id, self.subcontractor)
        self.pay(report.bill_id)
        self.assertIn("Reimbursed", self.get("/my/expenses").text)

    def test_receipts_are_shown_safely(self):
        self.post("/my/expenses/new", files=[("a.png", PNG)], **self.entry())
        report = self.reports()
        receipt = report.line_ids.receipt_ids
        response = self.get(f"/my/expenses/{report.id}/receipt/{receipt.id}")
        self.assertEqual(response.content, PNG)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        stray = self.receipt()
        self.assertEqual(self.get(f"/my/expenses/{report.id}/receipt/{stray.id}").status_code, 404)

    def test_files_are_judged_by_what_they_are(self):
        for name, raw in (
            ("receipt.png", HTML), ("receipt.pdf", SVG), ("receipt.svg", SVG),
            ("empty.png", b""), ("x.jpg", b"GIF89a"), ("a.html", HTML),
        ):  # fmt: skip
            response = self.post("/my/expenses/new", files=[(name, raw)], **self.entry())
            self.assertEqual(response.status_code, 400, name)
            self.assertIn("neither a picture", response.text)
        response = self.post("/my/expenses/new", files=[("receipt.html", PNG)], **self.entry())
        self.assertEqual(self.reports().line_ids.receipt_ids.name, "receipt.png")

    def test_too_much(self):
        big = PNG + b"0" * (10 * 1024 * 1024)
        response = self.post("/my/expenses/new", files=[("a.png", big)], **self.entry())
        self.assertIn("larger than 10 MB", response.text)
        response = self.post("/my/expenses/new", files=[("a.png", PNG)] * 6, **self.entry())
        self.assertIn("at most 5 files", response.text)
        self.assertFalse(self.reports())

    def test_bad_input_has_one_clear_message_and_leaves_nothing(self):
        pounds = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("active", "=", False)], limit=1)
        )
        for values, message in (
            ({"amount": "twelve"}, "as a number"), ({"amount": "-5"}, "as a number"),
            ({"amount": "1e9"}, "as a number"), ({"amount": "NaN"}, "as a number"),
            ({"amount": "١٢"}, "as a number"), ({"amount": "1,250.50"}, "as a number"),
            ({"amount": "1,250"}, "as a number"), ({"amount": "12.505"}, "decimals"),
            ({"amount": "0"}, "more than zero"), ({"amount": ""}, "as a number"),
            ({"currency_id": "999999"}, "currency"), ({"currency_id": "x"}, "currency"),
            ({"currency_id": str(pounds.id)}, "currency"), ({"currency_id": ""}, "currency"),
            ({"date": str(self.day(2))}, "future"), ({"date": "yesterday"}, "the date"),
            ({"date": ""}, "the date"), ({"date": "0001-01-01"}, "ten years"),
            ({"product_id": str(self.product_a.id)}, "category"),
            ({"product_id": "9" * 30}, "category"),
            ({"name": "  "}, "paid for"), ({"description": "\x07"}, "is about"),
        ):  # fmt: skip
            response = self.post("/my/expenses/new", **self.entry(**values))
            self.assertEqual(response.status_code, 400, values)
            self.assertIn(message, response.text, values)
        self.assertFalse(self.reports())
        self.post("/my/expenses/new", **self.entry(amount="1250,5"))
        self.assertEqual(self.reports().total_amount, 1250.5)

    def test_texts_are_texts(self):
        evil = "<script>alert(1)</script>{{7*7}}\x00'; DROP TABLE billing_expense--"
        self.post(
            "/my/expenses/new",
            files=[("<img src=x onerror=alert(1)>.png", PNG)],
            **self.entry(name=evil, description=evil, client_note=evil),
        )
        report = self.reports()
        self.assertNotIn("\x00", report.description)
        for path in ("/my/expenses", f"/my/expenses/{report.id}"):
            page = self.get(path).text
            self.assertNotIn("<script>alert(1)", page)
            self.assertNotIn("<img src=x", page)
            self.assertIn("&lt;script&gt;alert(1)", page)
        long = self.post("/my/expenses/new", **self.entry(name="x" * 5000))
        self.assertEqual(long.status_code, 303)
        self.assertEqual(len(self.reports()[0].line_ids.name), 200)

    def test_after_submitting_nothing_changes(self):
        report = self.spend(10.0, submit=True)
        line = report.line_ids
        for path, data in (
            ("add", self.entry()), ("remove", {"line_id": str(line.id)}),
            ("delete", {}), ("reopen", {}),
        ):  # fmt: skip
            self.post(f"/my/expenses/{report.id}/{path}", **data)
            self.assertEqual((report.line_ids, report.decision), (line, "submitted"), path)
        response = self.post(f"/my/expenses/{report.id}/submit")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.post(f"/my/expenses/{report.id}/approve").status_code, 404)
        self.assertEqual(report.decision, "submitted")

    def test_a_refused_report_is_changed_and_submitted_again(self):
        report = self.spend(10.0, submit=True)
        report._refuse("Which train?")
        self.assertIn("Which train?", self.get(f"/my/expenses/{report.id}").text)
        self.post(f"/my/expenses/{report.id}/reopen")
        self.post(f"/my/expenses/{report.id}/remove", line_id=str(report.line_ids.id))
        self.assertFalse(report.line_ids)
        response = self.post(f"/my/expenses/{report.id}/submit")
        self.assertIn("Add what was spent", response.text)
        line, receipt = self.spend(1.0).line_ids, self.receipt()
        line.receipt_ids = receipt
        for path in (report.id, line.report_id.id):
            self.post(f"/my/expenses/{path}/delete")
        self.assertFalse(report.exists() or line.exists())
        self.assertFalse(receipt.exists(), "nothing stays behind")

    def test_the_report_is_downloaded(self):
        report = self.spend(10.0, submit=True)
        response = self.get(f"/my/expenses/{report.id}/pdf")
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn(report.name.encode(), response.content)

    def test_no_rate_is_said(self):
        euro = self.setup_other_currency("EUR", rates=[(str(self.today), 2.0)])
        self.post("/my/expenses/new", **self.entry(currency_id=str(euro.id)))
        report = self.reports()
        response = self.post(f"/my/expenses/{report.id}/submit")
        self.assertIn("no exchange rate of EUR", response.text)
        self.assertEqual(report.decision, "draft")
