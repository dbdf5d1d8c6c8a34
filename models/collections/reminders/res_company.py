from odoo import fields, models


class ResCompany(models.Model):
    """How a company's reminders are worked through."""

    _inherit = "res.company"

    billing_bookkeeper_id = fields.Many2one(
        "res.users",
        string="Asked about Payments",
        domain=[("share", "=", False)],
        help="Whom to ask when a payment that is not matched yet seems to settle what a customer "
        "would be reminded of. Otherwise the responsible of the policy, or a billing manager.",
    )
    billing_reminders_decided_on = fields.Date(readonly=True)

    def write(self, vals):
        # who switches reminders on expects something today
        if vals.get("billing_reminders_enabled"):
            vals = {**vals, "billing_reminders_decided_on": False}
        return super().write(vals)

    def _get_billing_closed_times(self):
        """Return when the whole company is closed from now on: (from, to) in UTC, without zone."""
        self.ensure_one()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("company_id", "=", self.id),
                    ("calendar_id", "in", (False, self.resource_calendar_id.id)),
                    ("date_to", ">=", fields.Datetime.now()),
                ]
            )
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]
