from odoo import models


class BillingLink(models.Model):
    """A statement shows what is under a payment plan by the plan's installments."""

    _inherit = "billing.link"

    def _get_payment_plans(self):
        """Return the plans in force of the customer, for the page behind a statement link."""
        self.ensure_one()
        if self.move_id:
            return self.env["billing.payment.plan"]
        return (
            self.env["billing.payment.plan"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                    ("state", "=", "active"),
                ]
            )
        )

    def _get_statement(self):
        # EXTENDS: who has nothing to pay today, but a plan, is offered its next installment
        blocks = super()._get_statement()
        if any(item["is_offered"] for block in blocks for item in block["items"]):
            return blocks
        planned = [
            item
            for block in blocks
            for item in block["items"]
            if item["is_planned"] and item["is_payable"]
        ]
        first = min((item["date"] for item in planned), default=None)
        for item in planned:
            item["is_offered"] = item["date"] == first
        return blocks

    def _get_keyed_lines(self, keys):
        # EXTENDS: the key of a part is negative
        shares = (
            self.env["billing.payment.plan.share"].sudo().browse(-key for key in keys if key < 0)
        )
        return super()._get_keyed_lines([key for key in keys if key > 0]) | shares.exists().line_id

    def _get_statement_item(self, row):
        # EXTENDS
        item = {**super()._get_statement_item(row), "is_planned": bool(row.share_id)}
        if row.share_id:
            share = self.env["billing.payment.plan.share"].sudo().browse(row.share_id)
            lines = share.plan_id.line_ids
            number = lines.ids.index(share.plan_line_id.id) + 1
            item.update(number=number, count=len(lines), plan=share.plan_id)
        return item
