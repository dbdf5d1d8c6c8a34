from odoo import api, fields, models
from odoo.exceptions import AccessError

# What Odoo calls the degree of trust, by grade. With little history nothing is proposed.
TRUST = {"A": "good", "B": "normal", "C": "normal", "D": "bad", "E": "bad"}

# Who may follow the proposal.
TRUST_GROUPS = "billing_crm.group_billing_manager,account.group_account_manager"


class BillingScore(models.Model):
    """The degree of trust of a customer is proposed; a person decides."""

    _inherit = "billing.score"

    trust = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["trust"].selection,
        compute="_compute_trust",
    )
    trust_proposal = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["trust"].selection,
        string="Suggested Trust",
        compute="_compute_trust",
        help="Good Debtor for grade A, Normal for B and C, Bad for D and E. Nothing is suggested "
        "while there is little history, or where it is so already.",
    )

    @api.depends("grade", "confidence", "company_id", "partner_id.trust")
    def _compute_trust(self):
        for company, scores in self.grouped("company_id").items():
            for score in scores.with_company(company):
                trust = score.partner_id.trust
                proposal = score.confidence != "low" and TRUST.get(score.grade)
                score.trust = trust
                # a customer nobody has judged is Odoo's normal debtor
                score.trust_proposal = proposal if proposal != (trust or "normal") else False

    def action_accept_trust(self):
        """Give the customers the degree of trust that is suggested."""
        if not self.env.user.has_groups(TRUST_GROUPS):
            raise AccessError(self.env._("Only billing managers may decide whom to trust."))
        self.check_access("read")  # whoever decides need not be one who edits customers
        for (company, proposal), scores in self.grouped(
            lambda score: (score.company_id, score.trust_proposal)
        ).items():
            if proposal:
                scores.partner_id.sudo().with_company(company).write({"trust": proposal})
        self.invalidate_recordset(["trust", "trust_proposal"])  # in every company
