from odoo import api, fields, models


class BillingMilestone(models.Model):
    """A milestone that was entered as a percentage follows the total of a draft."""

    _inherit = "billing.milestone"

    by_percentage = fields.Boolean(
        string="Entered as a Percentage",
        help="As long as the contract is a draft, its amount follows the contract's total.",
    )

    def _follows_total(self):
        """Whether the percentage is what was entered, and the amount is to follow the total."""
        self.ensure_one()
        is_draft = self.plan_id.state in (False, "draft")
        return bool(is_draft and self.by_percentage and self.percentage)

    def _rescale(self):
        """Give the milestones of drafts that were entered as percentages their amounts anew."""
        for milestone in self:
            if milestone._follows_total() and not milestone._is_share(milestone.percentage):
                milestone.write(
                    {
                        "amount": milestone._get_amount_of(milestone.percentage),
                        "by_percentage": True,
                    }
                )

    @api.onchange("amount")
    def _onchange_amount(self):
        # an amount that was typed, not one that follows from the percentage
        if not self._is_share(self.percentage):
            self.by_percentage = False
