import hashlib

from markupsafe import Markup
from odoo import fields, models
from odoo.tools.misc import format_amount


class BillingProforma(models.Model):
    """Every recipient of a pro forma gets a personal link, and can answer behind it."""

    _name = "billing.proforma"
    _inherit = ["billing.proforma", "billing.link.mixin"]

    billing_event_ids = fields.One2many(
        "billing.event",
        "proforma_id",
        string="History",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.commercial_partner_id.id,
            "proforma_id": self.id,
            "currency_id": self.currency_id.id,
            "date_due": self.validity_date,
        }

    def _get_billing_note(self, note):
        # EXTENDS 'billing.link.mixin': in the history of a customer it says which one it is
        return f"{self.name}: {note}" if note else self.name

    def message_post(self, **kwargs):
        # EXTENDS 'mail'
        message = super().message_post(**kwargs)
        if self.env.context.get("billing_proforma_sent"):
            self._billing_log_sent(message)
        return message

    def _get_billing_print_scope(self):
        # IMPLEMENTS 'billing.link.mixin': an estimate that waits for an answer, or is about to
        return self.filtered(
            lambda proforma: (
                proforma.company_id.billing_link_print and proforma.state in ("draft", "sent")
            )
        )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        # EXTENDS 'mail': whoever is outside the company gets a link of their own
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self.env.context.get("billing_proforma_sent"):
            self._set_billing_button(groups, self.env._("View and answer"))
        return groups

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        # EXTENDS 'mail': what it is about, beside the button
        context = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        amount = format_amount(
            self.env, self.amount_total, self.currency_id, lang_code=context.get("lang")
        )
        context["subtitles"] = [self.name, amount]
        return context

    # -- The customer's answer -------------------------------------------------------------------

    def _get_version(self):
        """Return a short text that changes with what a customer accepts."""
        self.ensure_one()
        parts = [self.name, self.amount_total, self.currency_id.id, self.sent_on, self.note]
        for line in self.line_ids:
            parts += [line.name, line.quantity, line.price_unit, line.discount, line.price_total]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def _answer_through_link(self, link, answer, name, reason=False):
        """Record what the customer answered on the page behind their link, and tell the seller.

        :param answer: ``accepted`` or ``declined``
        :param name: as the customer typed it
        :raise UserError: if it waits for no answer
        """
        self.ensure_one()
        self._answer(answer, name, reason)
        self.env["billing.event"]._log(
            self, answer, link=link, note=reason or name, agent="human", reason="acted"
        )
        text = (
            self.env._("Accepted on its page by %s.", name)
            if answer == "accepted"
            else self.env._("Declined on its page by %s.", name)
        )
        self.message_post(
            body=Markup("<p>%s</p>%s") % (text, Markup("<p>%s</p>") % reason if reason else ""),
            author_id=(link.recipient_id or self.partner_id).id,
            subtype_xmlid="mail.mt_note",
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self._get_responsible().id,
            summary=text,
            note=Markup("<p>%s</p>") % reason if reason else False,
        )

    def _get_responsible(self):
        """Return the user to tell about this pro forma: one who still works here, and may see it.

        The salesperson, else the customer's, else the author, else a billing manager.
        """
        self.ensure_one()
        chosen = self.user_id | self.partner_id.user_id | self.create_uid
        users = self.company_id._get_billing_staff(chosen) | self.company_id._get_billing_managers()
        here = self.with_context(allowed_company_ids=self.company_id.ids)
        for user in users:
            if here.with_user(user).sudo(False).has_access("read"):
                return user
        return self.env.ref("base.user_root")
