import math

from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError

# Longer texts are nobody's name or explanation.
NAME_LENGTH = 100
TEXT_LENGTH = 2000


class BillingDispute(models.Model):
    """What the customer does on the page behind a link."""

    _inherit = "billing.dispute"

    @api.model
    def _raise_on_page(self, link, invoice, author, values):
        """Write down what a customer contests on the page of an invoice.

        :param author: of `billing.event`, who speaks
        :param values: ``reason``, ``scope``, ``lines`` (ids), ``amount`` and ``text`` as typed,
            and ``name``
        :raise UserError: with what the customer has to put right
        """
        if values["reason"] not in dict(self._fields["reason"].selection):
            raise UserError(self.env._("Please say what is wrong."))
        if not values["name"]:
            raise UserError(self.env._("Please enter your name."))
        if not values["text"]:
            raise UserError(self.env._("Please explain in a few words."))
        dispute = self.sudo().create(
            {
                "move_id": invoice.id,
                "reason": values["reason"],
                "description": values["text"],
                "raised_by": values["name"],
                "source": "page",
                "recipient_id": link.recipient_id.id,
                "is_elsewhere": author["is_elsewhere"],
                **self._read_scope(invoice, values),
            }
        )
        dispute._log_event("disputed", values["text"], **author)
        dispute._message_log(
            body=self._describe_author(values["name"], author, values["text"]),
            author_id=(link.recipient_id or link.partner_id).id,
        )
        return dispute

    @api.model
    def _read_scope(self, invoice, values):
        """Return the values of a dispute that say how much is contested."""
        if values["scope"] == "amount":
            return {"scope": "amount", "amount": self._read_amount(values["amount"])}
        if values["scope"] == "lines":
            lines = invoice._get_billing_disputable_lines().filtered(
                lambda line: line.id in values["lines"]
            )
            if not lines:
                raise UserError(self.env._("Please tick the lines that are wrong."))
            return {
                "scope": "lines",
                "line_ids": [(0, 0, {"move_line_id": line.id}) for line in lines],
            }
        return {"scope": "whole"}

    @api.model
    def _read_amount(self, text):
        """Return the amount in a text; a browser may send anything."""
        try:
            amount = float(text.strip().replace(",", "."))
        except ValueError:
            amount = 0.0
        if not math.isfinite(amount) or amount <= 0:
            raise UserError(self.env._("Please enter how much of it is wrong, as a number."))
        return amount

    def _withdraw_on_page(self, author, name):
        """The customer takes it back.

        :raise UserError: if somebody has closed it in the meantime
        """
        self.ensure_one()
        self.move_id._billing_claim()
        self._check_open()
        self._close("withdrawn", **author)
        self._message_log(
            body=self._describe_author(name, author, self.env._("Withdrawn by the customer.")),
            author_id=(self.recipient_id or self.partner_id).id,
        )

    @api.model
    def _ask_on_page(self, link, record, author, name, text):
        """Leave a customer's question on an invoice, or on their own record.

        :param record: `account.move` or `res.partner`
        :raise UserError: with what the customer has to put right
        """
        if not name:
            raise UserError(self.env._("Please enter your name."))
        if not text:
            raise UserError(self.env._("Please write what you would like to know."))
        body = self._describe_author(name, author, text)
        record.sudo()._message_log(body=body, author_id=(link.recipient_id or link.partner_id).id)
        if record._name == "account.move":
            self.env["billing.event"]._log(record, "asked", note=text[:200], **author)
            user = record._get_billing_responsible()
        else:
            row = {
                "partner_id": record.commercial_partner_id.id,
                "company_id": link.company_id.id,
                "link_id": link.id,
                "recipient_id": link.recipient_id.id,
            }
            facts = {name: value for name, value in author.items() if name != "link"}
            self.env["billing.event"]._log_rows([row], "asked", note=text[:200], **facts)
            user = link.company_id._get_billing_responsible(record.user_id)
        if user:
            self._ask_responsible(record, user, body)

    @api.model
    def _ask_responsible(self, record, user, body):
        translated = self.with_context(lang=user.lang or self.env.lang)
        record.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=translated.env._("Question from the payment page"),
            note=body,
        )

    @api.model
    def _describe_author(self, name, author, text):
        """Return the text of a message, which says whose link it was and who they say they are.

        In the language of the company: it is for the people who work there.
        """
        said = self.env._("On the payment page, by %s:", name)
        if author["is_elsewhere"]:
            said = self.env._(
                "On the payment page, by %s, with a link that was first used from another device "
                "or place. It may have been forwarded:",
                name,
            )
        return Markup("<p>%s</p><p>%s</p>") % (
            said,
            Markup("<br/>").join(text.splitlines()),
        )
