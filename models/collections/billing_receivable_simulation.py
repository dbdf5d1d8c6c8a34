from odoo import api, models
from odoo.tools import SQL


class BillingReceivable(models.Model):
    """Open items as they are now, asked about on days to come."""

    _inherit = "billing.receivable"

    @api.model
    def _freeze_items(self):
        """Keep what is open now for as long as the transaction's savepoint lasts.

        A simulation asks on many days about the same items. Its days are to come, so nothing was
        reconciled after them: what is open on them is what is open now.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE billing_frozen_item AS %s", self._items_today())
        )
        self.env.cr.execute(SQL("ANALYZE billing_frozen_item"))

    @api.model
    def _items_as_of(self, as_of):
        # EXTENDS 'billing_crm'
        if self.env.context.get("billing_simulation"):
            return SQL("SELECT * FROM billing_frozen_item")
        return super()._items_as_of(as_of)
