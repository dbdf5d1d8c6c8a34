from odoo import api, fields, models


class ResPartner(models.Model):
    """Whoever does not want to be scored, is not."""

    _inherit = "res.partner"

    billing_no_scoring = fields.Boolean(
        string="Do Not Score",
        company_dependent=True,
        help="Form no payment score of this customer in this company. What was scored so far is "
        "deleted at once, with its history. It is based on when invoices of the last two years "
        "were paid, on what is overdue, and on promises, rejected disputes, reminders and mails "
        "that came back within a year. It is kept for 24 months. No score refuses anybody "
        "anything by itself.",
    )

    @api.model
    def _commercial_fields(self):
        # EXTENDS 'base': it is the customer's decision, for all their contacts
        return [*super()._commercial_fields(), "billing_no_scoring"]

    def write(self, vals):
        # EXTENDS 'base'
        if "billing_no_scoring" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda partner: partner.billing_no_scoring != bool(vals["billing_no_scoring"])
        )
        result = super().write(vals)
        changed._scoring_switched()
        return result

    def _scoring_switched(self):
        """Delete what must not be kept, and note who switched scoring on or off: a legal fact."""
        company = self.env.company
        off = self.filtered("billing_no_scoring")
        if off:
            self.env["billing.score"]._forget(company, off)
        for partner in self.filtered(lambda partner: partner == partner.commercial_partner_id):
            partner._message_log(
                body=self.env._(
                    "Payment scoring switched off in %s; score and history are deleted.",
                    company.name,
                )
                if partner.billing_no_scoring
                else self.env._("Payment scoring switched on again in %s.", company.name)
            )
