from odoo import fields, models


class AccountMove(models.Model):
    """Payment links of an invoice: how many work, withdrawing them, and the one that is printed."""

    _inherit = "account.move"

    billing_link_count = fields.Integer(
        string="Working Payment Links",
        compute="_compute_billing_link_count",
        groups="billing_crm.group_billing_user",
    )

    def _compute_billing_link_count(self):
        counts = dict(
            self.env["billing.link"]._read_group(
                [("move_id", "in", self.ids), ("is_valid", "=", True)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.billing_link_count = counts.get(move._origin, 0)

    def action_open_billing_links(self):
        """Show the links that were given to these invoices' recipients."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_link")
        return {**action, "domain": [("move_id", "in", self.ids)]}

    def action_revoke_billing_links(self):
        """Make every link to these invoices stop working."""
        self.check_access("read")
        links = self.env["billing.link"].search(
            [("move_id", "in", self.ids), ("revoked_on", "=", False)]
        )
        return links.action_revoke()

    # -- On paper ----------------------------------------------------------------------------------

    def _get_billing_print_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        return self.filtered(
            lambda move: (
                move.company_id.billing_link_print
                and move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and move.payment_state in ("not_paid", "partial")
                and move.currency_id.compare_amounts(move.amount_residual, 0) > 0
            )
        )

    def _get_portal_payment_link(self):
        # EXTENDS 'account_payment': what is printed is a link that expires and can be revoked
        return self._get_billing_print_link() or super()._get_portal_payment_link()

    def _generate_portal_payment_qr(self):
        # EXTENDS 'account_payment'
        if self._get_billing_print_link():
            return self._get_billing_print_qr()
        return super()._generate_portal_payment_qr()
