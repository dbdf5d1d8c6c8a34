from odoo import api, fields, models

from ...tracking.account_move_watch import WATCHERS


class AccountMove(models.Model):
    """What was promised for an invoice, and whether reminders of it are paused."""

    _inherit = "account.move"

    billing_promise_item_ids = fields.One2many(
        "billing.promise.item", "move_id", string="Promises", groups=WATCHERS
    )
    billing_promise_count = fields.Integer(
        string="Number of Promises", compute="_compute_billing_promise_count", groups=WATCHERS
    )
    billing_pause_text = fields.Char(
        string="Paused", compute="_compute_billing_pause_text", groups=WATCHERS
    )

    @api.depends("billing_promise_item_ids")
    def _compute_billing_promise_count(self):
        for move in self:
            move.billing_promise_count = len(move.billing_promise_item_ids.promise_id)

    @api.depends_context("uid", "lang")
    def _compute_billing_pause_text(self):
        pauses = self.env["billing.pause"]._find_active(self.commercial_partner_id, self.company_id)
        for move in self:
            own = pauses.filtered(
                lambda pause, move=move: (
                    pause.company_id == move.company_id
                    and pause.partner_id == move.commercial_partner_id
                    and (not pause.move_id or pause.move_id == move._origin)
                )
            )
            is_open = move.state == "posted" and move.payment_state in ("not_paid", "partial")
            move.billing_pause_text = own[0]._describe() if is_open and own else False

    def action_promise(self):
        """Open the form in which a promise for these invoices is written down."""
        return self.env["billing.promise.wizard"]._open(self)

    def action_pause(self):
        """Open the form in which reminders of this invoice are paused."""
        self.ensure_one()
        return self.env["billing.pause"]._open_form(
            self.company_id, self.commercial_partner_id, self
        )

    def action_end_pause(self):
        """Let reminders of this invoice go on: end its own pause, else that of its customer."""
        self.ensure_one()
        pauses = self.env["billing.pause"]._find_active(self.commercial_partner_id, self.company_id)
        own = pauses.filtered(lambda pause: pause.move_id == self)
        (own or pauses.filtered(lambda pause: not pause.move_id)).action_end()

    def action_open_billing_promises(self):
        """Open what was promised for this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_promise")
        return {
            **action,
            "domain": [("item_ids.move_id", "=", self.id)],
            "context": {"search_default_open": False},
        }
