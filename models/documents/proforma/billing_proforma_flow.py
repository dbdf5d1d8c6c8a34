from odoo import fields, models
from odoo.exceptions import LockError, UserError

MAIL_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class BillingProforma(models.Model):
    """From draft to sent, accepted or declined, and back."""

    _inherit = "billing.proforma"

    sent_on = fields.Datetime(readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by = fields.Char(
        readonly=True, copy=False, help="The name that the customer gave with the answer."
    )
    decline_reason = fields.Text(readonly=True, copy=False)

    def _get_mail_template(self):
        """Return the e-mail of this pro forma: that of its type, else ours."""
        self.ensure_one()
        return self.billing_type_id.sudo().mail_template_id.sudo(False) or self.env.ref(
            "billing_crm.mail_template_proforma", raise_if_not_found=False
        )

    def action_send(self):
        """Open the e-mail to the customer, with the PDF and their personal link."""
        self.ensure_one()
        if not self.line_ids.filtered(lambda line: not line.display_type):
            raise UserError(self.env._("Add at least one line before you send %s.", self.name))
        if self.state == "cancel":
            raise UserError(self.env._("%s is cancelled.", self.name))
        template = self._get_mail_template()
        return {
            "name": self.env._("Send"),
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": MAIL_LAYOUT,
                "email_notification_allow_footer": True,
                "hide_mail_template_management_options": True,
                "force_email": True,
                "billing_proforma_sent": True,
            },
        }

    def message_post(self, **kwargs):
        # EXTENDS 'mail': whoever sends the e-mail has sent the pro forma
        if self.env.context.get("billing_proforma_sent"):
            self._mark_sent()
        return super().message_post(**kwargs)

    def action_mark_sent(self):
        """It was handed over in another way, on paper for example."""
        self._mark_sent()

    def _mark_sent(self):
        drafts = self.filtered(lambda proforma: proforma.state == "draft")
        drafts.write({"state": "sent", "sent_on": fields.Datetime.now()})

    def action_accept(self):
        """Staff record that the customer accepted, on the phone for example."""
        self._answer("accepted", self.env.user.name)

    def action_decline(self):
        """Staff record that the customer declined."""
        self._answer("declined", self.env.user.name)

    def _answer(self, answer, name, reason=False):
        """Record an answer, once.

        :param answer: ``accepted`` or ``declined``
        :param name: who answered
        :raise UserError: if it waits for no answer
        """
        self._lock()
        for proforma in self:
            if proforma.state not in ("draft", "sent"):
                raise UserError(self.env._("%s has been answered already.", proforma.name))
        self.write(
            {
                "state": answer,
                "answered_on": fields.Datetime.now(),
                "answered_by": name,
                "decline_reason": reason,
            }
        )

    def _lock(self):
        """Let nobody else answer or invoice these pro formas until this transaction ends."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Someone else is working on this pro forma. Please try again.")
            ) from error

    def action_cancel(self):
        """Withdraw these pro formas. What was invoiced must be cancelled first."""
        for proforma in self:
            if proforma._get_standing_invoices():
                raise UserError(
                    self.env._(
                        "%s cannot be cancelled: cancel or credit its invoices first.",
                        proforma.name,
                    )
                )
        self.write({"state": "cancel"})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_draft(self):
        """Set back to draft, so that it can be changed and sent anew."""
        self._check_not_invoiced()
        self.write(
            {
                "state": "draft",
                "is_closed": False,
                "sent_on": False,
                "answered_on": False,
                "answered_by": False,
                "decline_reason": False,
            }
        )

    def _check_not_invoiced(self):
        """Raise if invoices stand that bill what would be changed."""
        for proforma in self:
            if proforma._get_standing_invoices():
                raise UserError(
                    self.env._(
                        "%s cannot be changed: invoices were made from it. They show what became "
                        "of the estimate.",
                        proforma.name,
                    )
                )

    def action_close(self):
        """What is left will not be invoiced."""
        self.write({"is_closed": True})

    def action_reopen(self):
        """There is something left to invoice after all."""
        self.write({"is_closed": False})

    def action_create_invoice(self):
        """Ask what to invoice of this pro forma."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_proforma_invoice"
        )
        return {**action, "context": {"default_proforma_id": self.id}}

    def _get_standing_invoices(self):
        """Return the invoices that are neither cancelled nor credited in full, as superuser."""
        self.ensure_one()
        return self.sudo().invoice_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.move_type != "out_refund"
                and move.payment_state != "reversed"
            )
        )
