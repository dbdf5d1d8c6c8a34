from collections import defaultdict

from odoo import SUPERUSER_ID, api, models


class BillingFollowed(models.AbstractModel):
    """A fact that moves a customer on the worklist: what they said, or who said "wait".

    The row is refreshed once, just before the transaction ends, however many facts it wrote.
    """

    _name = "billing.followed.mixin"
    _description = "Moves a Customer on the Worklist"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        facts = super().create(vals_list)
        facts._follow_on_worklist()
        return facts

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        self._follow_on_worklist()
        return result

    def _follow_on_worklist(self):
        waiting = self.env.cr.precommit.data.get("billing.followed")
        if waiting is None:
            waiting = self.env.cr.precommit.data["billing.followed"] = defaultdict(set)
            self.env.cr.precommit.add(self.env["billing.collection"]._refresh_followed)
        for fact in self.sudo():
            waiting[fact.company_id.id].add(fact.partner_id.commercial_partner_id.id)


class BillingCollection(models.Model):
    _inherit = "billing.collection"

    @api.model
    def _refresh_followed(self):
        """Refresh the customers that this transaction has learned something of."""
        waiting = self.env.cr.precommit.data.pop("billing.followed", {})
        everybody = self.with_user(SUPERUSER_ID).with_context(active_test=False)
        for company_id, partner_ids in waiting.items():
            everybody._refresh(
                everybody.env["res.company"].browse(company_id),
                everybody.env["res.partner"].browse(partner_ids),
            )


class BillingPaymentPlan(models.Model):
    _name = "billing.payment.plan"
    _inherit = ["billing.payment.plan", "billing.followed.mixin"]


class BillingPromise(models.Model):
    _name = "billing.promise"
    _inherit = ["billing.promise", "billing.followed.mixin"]


class BillingPause(models.Model):
    _name = "billing.pause"
    _inherit = ["billing.pause", "billing.followed.mixin"]


class BillingDispute(models.Model):
    _name = "billing.dispute"
    _inherit = ["billing.dispute", "billing.followed.mixin"]
