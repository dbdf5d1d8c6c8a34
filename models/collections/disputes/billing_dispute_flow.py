from odoo import api, fields, models
from odoo.exceptions import UserError

ACTIVITY = "billing_crm.mail_activity_type_dispute"
MAIL_LAYOUT = "mail.mail_notification_layout"


class BillingDispute(models.Model):
    """From the day it is raised to the day it is closed."""

    _inherit = "billing.dispute"

    @api.depends("move_id")
    def _compute_user_id(self):
        for dispute in self:
            move = dispute.move_id.sudo()
            dispute.user_id = move._get_billing_responsible() if move else False

    @api.depends("move_id")
    def _compute_date_deadline(self):
        for dispute in self:
            company = dispute.move_id.company_id or self.env.company
            dispute.date_deadline = company._get_billing_dispute_deadline(
                dispute.opened_on or fields.Date.context_today(self)
            )

    def _opened(self):
        """A dispute was raised: somebody is asked to see to it, and the journal knows."""
        for dispute in self.filtered("user_id"):
            dispute._schedule()
        for dispute in self.filtered(lambda dispute: dispute.source == "clerk"):
            dispute._log_event("disputed", dispute.description)
        self._told()

    def _schedule(self):
        self.ensure_one()
        user = self.user_id
        self.with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        ).sudo().activity_schedule(
            ACTIVITY,
            self.date_deadline or fields.Date.context_today(self),
            user_id=user.id,
            summary=self.with_context(lang=user.lang or self.env.lang).display_name,
        )

    def _reschedule(self):
        """Whoever is responsible now, has it on their list by the day it is to be answered."""
        for dispute in self:
            dispute.sudo().activity_unlink([ACTIVITY])
            if dispute.user_id:
                dispute._schedule()

    def _log_event(self, kind, note=False, **values):
        self.ensure_one()
        self.env["billing.event"]._log(
            self.move_id.sudo(), kind, note=(note or "").strip()[:200] or False, **values
        )

    def _told(self):
        """What the invoice says of itself may have changed."""
        self.move_id.invalidate_recordset(["billing_status"])
        self.env["billing.receivable"].invalidate_model()

    # -- Closing -----------------------------------------------------------------------------------

    def action_withdraw(self):
        """The customer no longer disputes it."""
        self.check_access("write")
        self._check_open()
        self._close("withdrawn")

    def action_reject(self):
        """The customer is wrong: what they owe is asked for again."""
        self.check_access("write")
        self._check_open()
        self._close("rejected")

    def action_reopen(self):
        """It was closed too early."""
        self.check_access("write")
        closed = self.filtered(lambda dispute: dispute.state != "open")
        closed.move_id._billing_claim()
        closed.line_ids._check_free(closed.line_ids.move_line_id)
        closed._reopen()
        closed._check_amount()

    def _check_open(self):
        if any(dispute.state != "open" for dispute in self):
            raise UserError(self.env._("This dispute is closed already."))

    def _close(self, state, resolution=False, **event):
        """Close these disputes: what was disputed may be asked for again.

        :param event: further values of the `billing.event`
        """
        today = fields.Date.context_today(self)
        for dispute in self.sudo():
            dispute.write(
                {
                    "state": state,
                    "resolution": resolution,
                    "closed_on": today,
                    "days_to_close": (today - dispute.opened_on).days,
                }
            )
            dispute.activity_unlink([ACTIVITY])
            dispute._log_event(f"dispute_{state}", dispute.answer, **event)
        self._told()

    def _reopen(self):
        self.sudo().write(
            {"state": "open", "resolution": False, "closed_on": False, "days_to_close": 0}
        )
        self._reschedule()
        self._told()

    # -- Telling the customer ----------------------------------------------------------------------

    def _get_recipient(self):
        """Return the person who is answered: whose link it was, else who got the invoice."""
        self.ensure_one()
        return self.recipient_id or self.move_id.sudo().partner_id

    def _send_answer(self):
        """Tell the customer by mail how their dispute ended, in their language."""
        for dispute in self:
            recipient = dispute._get_recipient()
            if not recipient.email:
                raise UserError(self.env._("%s has no e-mail address.", recipient.display_name))
            dispute.with_context(
                lang=recipient.lang or self.env.lang, mail_notify_force_send=False
            ).message_post_with_source(
                self.env.ref("billing_crm.mail_template_dispute_answer"),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid=MAIL_LAYOUT,
            )

    def _get_outcome(self):
        """Return in the customer's words how the dispute ended."""
        self.ensure_one()
        if self.state == "rejected":
            return self.env._("We have looked into it and cannot agree.")
        if self.state == "withdrawn":
            return self.env._("You have withdrawn this.")
        if self.resolution in ("credit", "mixed", "linked"):
            return self.env._("We have corrected it.")
        if self.resolution == "replace":
            return self.env._("The invoice is replaced by a new one.")
        return self.env._("This is settled.")

    # -- Screens -----------------------------------------------------------------------------------

    def action_view_invoice(self):
        """Open the disputed invoice."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_view_documents(self):
        """Open what resolves this dispute."""
        self.ensure_one()
        return self.document_ids._get_records_action(name=self.env._("Documents"))

    def action_resolve(self):
        """Ask how this dispute is resolved."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve the Dispute"),
            "res_model": "billing.dispute.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispute_id": self.id, **self.env.context},
        }
