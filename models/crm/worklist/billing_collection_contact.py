from odoo import fields, models
from odoo.tools.misc import format_amount


class BillingCollection(models.Model):
    """Speaking with a customer: calls, mails, and what follows from them."""

    _inherit = "billing.collection"

    def action_call(self):
        """Open the window that shows whom to call, and takes down what came of it."""
        self.ensure_one()
        return self._open_wizard("billing.collection.call", self.env._("Call"))

    def action_pass_on(self):
        """Give these customers to somebody else, with a word about them."""
        return self._open_wizard("billing.collection.pass", self.env._("Pass On"))

    def _open_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_mail(self):
        """Write to the customer, with a link of each recipient's own to all that is open."""
        self.ensure_one()
        template = self.env.ref("billing_crm.mail_template_collection", raise_if_not_found=False)
        return self._open_composer(
            template,
            self.env._("Write to %s", self.partner_id.display_name),
            default_partner_ids=self.contact_id.ids,
        )

    def _format_due(self):
        """Return what the customer may be asked for now, in the currencies they owe it in."""
        self.ensure_one()
        due = self.receivable_ids.filtered(lambda item: item.is_overdue and not item.is_credit)
        return ", ".join(
            format_amount(self.env, sum(items.mapped("chased_currency")), currency)
            for currency, items in due.grouped("currency_id").items()
        )

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the link opens the customer's whole statement
        self.ensure_one()
        currencies = self.receivable_ids.filtered("is_overdue").currency_id
        own = self.company_id.currency_id
        return self.env["billing.link"]._get_statement_scope(
            self.company_id, self.partner_id, own if own in currencies else (currencies[:1] or own)
        )

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': the journal speaks of invoices
        return self.receivable_ids.filtered("is_overdue").move_id.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail': a mail to the customer is a contact
        result = super()._message_post_after_hook(message, msg_values)
        is_mail = message.subtype_id == self.env.ref("mail.mt_comment")
        if is_mail and message.partner_ids.filtered("partner_share") and not self.env.user.share:
            self._mark_contacted("mail")
        return result

    def _mark_contacted(self, how, next_on=None):
        """Put down that somebody has spoken with, or written to, these customers just now.

        :param how: a value of ``last_contact_by``
        :param next_on: when the next step is due; later if None
        """
        for row in self.sudo():
            values = {"last_contact_on": fields.Datetime.now(), "last_contact_by": how}
            if row.stage in ("to_contact", "contacted"):
                values["stage"] = "contacted"
            if next_on:
                values["next_contact_on"] = next_on
            if not row.user_id and not self.env.user.share:
                values["user_id"] = self.env.uid
            row.write(values)
        self.sudo()._refresh(self.company_id, self.partner_id)
