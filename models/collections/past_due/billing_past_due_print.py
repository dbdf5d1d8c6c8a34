from markupsafe import Markup
from odoo import api, fields, models


class BillingPastDue(models.Model):
    """The document on paper."""

    _inherit = "billing.past.due"

    items_html = fields.Html(string="Items", compute="_compute_items_html", sanitize=False)

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_items_html(self):
        for document in self:
            document.items_html = Markup('<div class="table-responsive">%s</div>') % self.env[
                "ir.qweb"
            ]._render(
                "billing_crm.past_due_items",
                {
                    "past_due": document._get_print_values(),
                    "money": {
                        "widget": "monetary",
                        "display_currency": document.currency_id,
                    },
                },
                lang=self.env.lang,
            )

    def _get_billing_print_scope(self):
        # EXTENDS 'billing.link.mixin': it shows the way to the page
        return self

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        if self.move_id:
            return self.move_id.sudo().partner_id
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _get_print_values(self):
        """Return what is printed: the items with dates, and how each interest was calculated."""
        self.ensure_one()
        charges = self.env["billing.late.charge"]
        to_date = fields.Date.to_date
        items = [
            {
                **item,
                "date": to_date(item["date"]),
                "due": to_date(item["due"]),
                "payments": [
                    {**payment, "date": to_date(payment["date"])} for payment in item["payments"]
                ],
                "total": self.currency_id.round(item["asked"] + item["interest"] + item["fee"]),
            }
            for item in self.content["items"]
        ]
        return {
            "items": items,
            "has_charges": bool(self.amount_interest or self.amount_fee),
            "calculations": [
                charges._write_annex(calculation, kind, self.currency_id)
                for item in self.content["items"]
                for kind, calculation in item["calculations"]
            ],
            "bank": self.sudo()
            ._get_billing_documents()
            ._get_billing_bank_details(self.amount_total),
        }

    def _make_attachment(self, record):
        """Return this document as a PDF attached to ``record``."""
        self.ensure_one()
        content, extension = self.env["ir.actions.report"]._render_qweb_pdf(
            "billing_crm.action_report_past_due", self.ids
        )
        lang = self._get_recipient().lang or self.env.lang
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.with_context(lang=lang)._get_file_name()}.{extension}",
                    "raw": content,
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        )

    def _get_file_name(self):
        """Return the name of the PDF, in the language of the context."""
        self.ensure_one()
        return self.display_name.replace("/", "-").replace(":", "")
