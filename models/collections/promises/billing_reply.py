from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext

ACTIVITY = "billing_crm.mail_activity_type_reply"
# An older reply is not what a promise that is written down today was given in.
RECENT = timedelta(days=30)
EXCERPT_LENGTH = 200


class BillingReply(models.AbstractModel):
    """What customers answer by e-mail to an invoice or a reminder: somebody is asked to read it."""

    _name = "billing.reply"
    _description = "Replies of Customers"

    @api.model
    def _heed(self, document, message, customer, users):
        """Leave an activity if a message on ``document`` is an answer of the customer.

        One at a time: the latest answer takes the place of the one before.

        :param customer: the commercial partner whose answers count
        :param users: who may be in charge, the first who still works here is
        """
        if message.message_type != "email" or not customer:
            return
        author = message.author_id.sudo()
        if any(user._is_internal() for user in author.user_ids):
            return
        user = document.company_id._get_billing_staff(users)[:1]
        if not user or (author and author.commercial_partner_id != customer):
            return
        document = document.sudo().with_context(
            lang=user.lang or self.env.lang, mail_activity_quick_update=True
        )
        document.activity_unlink([ACTIVITY])
        text = " ".join(html2plaintext(message.body or "").split())
        document.activity_schedule(ACTIVITY, user_id=user.id, note=text[:EXCERPT_LENGTH])

    @api.model
    def _find(self, documents, customer):
        """Return the latest answer of a customer to these documents, if it is recent."""
        return self.env["mail.message"].search(
            [
                ("model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("message_type", "=", "email"),
                ("author_id.commercial_partner_id", "=", customer.id),
                ("date", ">", fields.Datetime.now() - RECENT),
            ],
            order="date desc, id desc",
            limit=1,
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _message_post_after_hook(self, new_message, message_values):
        # EXTENDS 'mail'
        result = super()._message_post_after_hook(new_message, message_values)
        is_owed = (
            len(self) == 1
            and self.state == "posted"
            and self.move_type in ("out_invoice", "out_receipt")
            and self.payment_state in ("not_paid", "partial")
        )
        if is_owed:
            customer = self.commercial_partner_id
            users = self.sudo().invoice_user_id | customer.sudo().user_id
            self.env["billing.reply"]._heed(self, new_message, customer, users)
        return result


class BillingReminder(models.Model):
    _inherit = "billing.reminder"

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail'
        result = super()._message_post_after_hook(message, msg_values)
        customer = self.sudo().partner_id
        users = customer.user_id | self.sudo().item_ids.move_id.invoice_user_id
        self.env["billing.reply"]._heed(self, message, customer, users)
        return result
