from odoo import api, models

from ..billing_timeline_sources import SOURCES


class BillingTimeline(models.Model):
    """Calls in words: who called, what came of it, what was noted."""

    _inherit = "billing.timeline"

    @api.depends("kind", "note", "recipient_id")
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        # EXTENDS 'billing_crm': the outcome is read from the event, which is entry `id // SOURCES`
        calls = self.filtered(lambda entry: entry.kind == "called")
        result = super()._compute_summary()
        events = self.env["billing.event"].browse([entry.id // SOURCES for entry in calls])
        for entry, event in zip(calls, events, strict=True):
            entry.summary = event._describe_call()
        return result
