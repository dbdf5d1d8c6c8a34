from odoo import models


class BillingEvent(models.Model):
    _inherit = "billing.event"

    # there are millions of events, and few mails come back
    _bounced_idx = models.Index("(company_id, date) WHERE kind = 'bounced'")
