from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...documents.interim.billing_milestone_plan_amounts import read_base_line


class AccountMove(models.Model):
    """What customers contest of an invoice."""

    _inherit = "account.move"

    billing_dispute_ids = fields.One2many(
        "billing.dispute",
        "move_id",
        string="Disputes",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )
    billing_dispute_count = fields.Integer(
        string="Number of Disputes",
        compute="_compute_billing_dispute_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    @api.depends("billing_dispute_ids")
    def _compute_billing_dispute_count(self):
        counts = dict(
            self.env["billing.dispute"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.billing_dispute_count = counts.get(move._origin, 0)

    @api.model
    def _disputed_to_sql(self, alias):
        # EXTENDS: few are open at a time, so PostgreSQL looks them up once for all invoices
        return SQL(
            "%s IN (SELECT move_id FROM billing_dispute WHERE state = 'open')",
            SQL.identifier(alias, "id"),
        )

    def _get_billing_open_disputes(self):
        """Return the open disputes of these invoices, whoever asks, as superuser."""
        disputes = self._origin.sudo().billing_dispute_ids
        return disputes.filtered(lambda dispute: dispute.state == "open").sorted("id")

    def _get_billing_line_amounts(self):
        """Return base and taxes of each line that makes up the total, as the ledger has them.

        :return: ``{account.move.line: {"base": amount, "taxes": {tax_id: …}}}`` in the currency of
            the document, see `split`; they add up to its total
        :rtype: dict
        """
        self.ensure_one()
        return {
            base_line["record"]: read_base_line(base_line)
            for base_line in self._get_rounded_base_and_tax_lines()[0]
        }

    def _get_billing_responsible(self):
        """Return who sees to what the customer says about this invoice; empty if there is none."""
        self.ensure_one()
        return self.company_id._get_billing_responsible(
            self.invoice_user_id, self.commercial_partner_id.user_id
        )

    # -- Screens -----------------------------------------------------------------------------------

    def action_billing_dispute(self):
        """Enter that the customer contests this invoice; of several, one is to be chosen."""
        invoices = self.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_receipt")
                and move.payment_state in ("not_paid", "partial")
            )
        )
        if not invoices:
            raise UserError(self.env._("Nothing is open that could be disputed."))
        context = {"default_move_id": invoices.id} if len(invoices) == 1 else {}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispute"),
            "res_model": "billing.dispute",
            "views": [(self.env.ref("billing_crm.billing_dispute_view_form_new").id, "form")],
            "target": "new",
            "context": {**context, "billing_dispute_move_ids": invoices.ids},
        }

    def action_billing_view_disputes(self):
        """Open what the customer contests of this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_dispute")
        disputes = self.env["billing.dispute"].search([("move_id", "=", self.id)])
        if len(disputes) == 1:
            return {**disputes._get_records_action()}
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}
