from odoo import api, fields, models

from ...tracking.account_move_watch import WATCHERS


class ResPartner(models.Model):
    """What a customer promised the current company, and whether reminders to them are paused."""

    _inherit = "res.partner"

    billing_promise_count = fields.Integer(
        string="Number of Promises", compute="_compute_billing_promises", groups=WATCHERS
    )
    billing_promise_open_count = fields.Integer(
        string="Number of Open Promises", compute="_compute_billing_promises", groups=WATCHERS
    )
    billing_pause_text = fields.Char(
        string="Paused", compute="_compute_billing_pause_text", groups=WATCHERS
    )

    @api.depends_context("company", "uid")
    def _compute_billing_promises(self):
        groups = self.env["billing.promise"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ],
            ["partner_id", "state"],
            ["__count"],
        )
        for partner in self:
            own = [row for row in groups if row[0] == partner.commercial_partner_id]
            partner.billing_promise_count = sum(count for _partner, _state, count in own)
            partner.billing_promise_open_count = sum(
                count for _partner, state, count in own if state == "open"
            )

    @api.depends_context("company", "uid", "lang")
    def _compute_billing_pause_text(self):
        pauses = self.env["billing.pause"]._find_active(
            self.commercial_partner_id, self.env.company
        )
        whole = pauses.filtered(lambda pause: not pause.move_id)
        for partner in self:
            own = whole.filtered(
                lambda pause, partner=partner: pause.partner_id == partner.commercial_partner_id
            )
            partner.billing_pause_text = own[0]._describe() if own else False

    def action_promise(self):
        """Open the form in which a promise of this customer to the current company is written."""
        return self.env["billing.promise.wizard"]._open(self)

    def action_pause(self):
        """Open the form in which the current company's reminders to this customer are paused."""
        self.ensure_one()
        return self.env["billing.pause"]._open_form(self.env.company, self.commercial_partner_id)

    def action_end_pause(self):
        """Let the current company's reminders to this customer go on."""
        self.ensure_one()
        pauses = self.env["billing.pause"]._find_active(
            self.commercial_partner_id, self.env.company
        )
        pauses.filtered(lambda pause: not pause.move_id).action_end()

    def action_open_billing_promises(self):
        """Open what this customer promised, now and earlier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_promise")
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_open": False},
        }
