from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...documents.interim import split


class BillingDispute(models.Model):
    """The documents that resolve a dispute, to the cent.

    Odoo's own wizards make them, so that they are linked, numbered and typed as usual. Where they
    take back a part only, the amounts of each line are given to Odoo's tax engine, which drops them
    by itself when somebody changes the line.
    """

    _inherit = "billing.dispute"

    def action_credit(self):
        """Draft a credit note over what is disputed, and open it. Confirming it resolves this."""
        self.ensure_one()
        self._check_open()
        return self._create_credit(self.amount)._get_records_action()

    def _create_credit(self, amount, reason=False):
        """Draft a credit note over ``amount`` of what is disputed.

        :param amount: taxes included, in the currency of the invoice
        """
        self.ensure_one()
        parts = self._get_parts(amount)
        wizard = self._get_wizard("account.move.reversal", reason)
        wizard.refund_moves()
        return self._finish(wizard.new_move_ids, amount, parts)

    def _create_debit(self, amount, reason=False):
        """Draft a debit note: ``amount`` more for what is disputed."""
        self.ensure_one()
        parts = self._get_parts(amount)
        wizard = self._get_wizard("account.debit.note", reason, copy_lines=True)
        document = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        return self._finish(document, amount, parts)

    def _create_mixed(self, amount, charge, reason=False):
        """Draft a document that credits ``amount`` of what is disputed and charges ``charge``
        for it instead."""
        self.ensure_one()
        invoice = self.move_id
        credited, charged = self._get_parts(amount), self._get_parts(charge)
        document = invoice.with_context(include_business_fields=True).copy(
            {
                "billing_type_id": self.env["billing.invoice.type"]
                ._require_default(self.company_id, "mixed")
                .id,
                "billing_reason": self._get_reason(reason),
                "ref": f"{invoice.name}, {self._get_reason(reason)}",
                "invoice_date": fields.Date.context_today(self),
                "date": fields.Date.context_today(self),
                "invoice_payment_term_id": False,
                "invoice_date_due": fields.Date.context_today(self),
                "invoice_cash_rounding_id": False,
                "line_ids": [Command.clear()],
            }
        )
        lines = [
            Command.create(
                {
                    **self._prepare_line(line, part, sign),
                    "billing_adjusted_move_id": invoice.id,
                }
            )
            for sign, parts in ((-1, credited), (1, charged))
            for line, part in parts.items()
        ]
        document.invoice_line_ids = lines
        return self._link(document, charge - amount)

    def _create_replacement(self, reason=False):
        """Credit the whole invoice, and draft the one that replaces it. Return both."""
        self.ensure_one()
        before = self.move_id.reversal_move_ids
        wizard = self._get_wizard("account.move.reversal", reason)
        wizard.modify_moves()
        credit = self.move_id.reversal_move_ids - before
        documents = credit | wizard.new_move_ids
        documents.billing_dispute_id = self
        self._close("resolved", "replace")
        return documents

    def _get_wizard(self, model, reason, **values):
        return (
            self.env[model]
            .with_context(active_model="account.move", active_ids=self.move_id.ids)
            .create(
                {
                    "reason": self._get_reason(reason),
                    "journal_id": self.move_id.journal_id.id,
                    **values,
                }
            )
        )

    def _get_reason(self, reason):
        """Return the reason that is printed, in the language of the customer."""
        if reason:
            return reason
        translated = self.with_context(lang=self.move_id.partner_id.lang or self.env.lang)
        return dict(self._fields["reason"]._description_selection(translated.env))[self.reason]

    # -- Lines -------------------------------------------------------------------------------------

    def _finish(self, document, amount, parts):
        """Leave on a copy of the invoice what ``parts`` say, and check its total."""
        invoice = self.move_id
        if not self._is_all(parts, amount):
            originals = invoice.line_ids.filtered(_is_product).sorted("id")
            copies = document.line_ids.filtered(_is_product).sorted("id")
            extra = [line for line in parts if line not in originals]
            commands = [
                Command.update(copied.id, self._prepare_part(line, parts[line]))
                if line in parts
                else Command.delete(copied.id)
                for line, copied in zip(originals, copies, strict=True)
            ]
            others = document.invoice_line_ids.filtered(lambda line: line.display_type != "product")
            commands += [Command.delete(line.id) for line in others]
            commands += [Command.create(self._prepare_line(line, parts[line])) for line in extra]
            document.write(
                {
                    "invoice_cash_rounding_id": False,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": commands,
                }
            )
        return self._link(document, amount)

    def _is_all(self, parts, amount):
        """Whether nothing of the invoice is left out, so that a plain copy is right."""
        invoice = self.move_id
        return not self.currency_id.compare_amounts(amount, invoice.amount_total)

    def _link(self, document, amount):
        """Link a document to this dispute, or refuse it: a wrong cent is worse than none.

        :param amount: what its total has to be; negative if it is a credit
        """
        total = document.amount_total
        if self.currency_id.compare_amounts(total, amount):
            raise UserError(
                self.env._(
                    "The document would come to %(total)s instead of %(amount)s. Please make it by "
                    "hand.",
                    total=self.currency_id.format(total),
                    amount=self.currency_id.format(amount),
                )
            )
        document.billing_dispute_id = self
        document.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": document, "origin": self},
            subtype_xmlid="mail.mt_note",
        )
        return document

    def _prepare_part(self, line, part):
        """Return what changes on the copy of a line of which only a part is meant."""
        price, quantity = split.price_of(part), self._get_quantity(line, part)
        values = (
            {"quantity": quantity}
            if quantity
            else {"quantity": 1.0, "price_unit": self.currency_id.round(price), "discount": 0.0}
        )
        shown = {
            name: values.get(name, line[name]) for name in ("quantity", "price_unit", "discount")
        }
        return {**values, "extra_tax_data": self._prepare_taxes(line, part, shown)}

    def _get_quantity(self, line, part):
        """Return of how many pieces at the price of the line a part consists; 0 if of none."""
        price = line.price_unit * (1 - line.discount / 100)
        if not price:
            return 0.0
        disputed = self.line_ids.filtered(lambda item: item.move_line_id == line).quantity
        target = split.price_of(part)
        for quantity in filter(None, (line.quantity, disputed)):
            if not self.currency_id.compare_amounts(
                self.currency_id.round(quantity * price), target
            ):
                return quantity
        return 0.0

    def _prepare_line(self, line, part, sign=1):
        """Return the values of a new line about a part of a line of the invoice."""
        price = sign * self.currency_id.round(split.price_of(part))
        shown = {"quantity": 1.0, "price_unit": price, "discount": 0.0}
        signed = split.rounded(part, self.currency_id.rounding, sign)
        return {
            "display_type": "product",
            "product_id": line.product_id.id,
            "name": line.name,
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution,
            "product_uom_id": line.product_uom_id.id,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            **shown,
            "extra_tax_data": self._prepare_taxes(line, signed, shown),
        }

    def _prepare_taxes(self, line, part, shown):
        """Return the value of Odoo's `extra_tax_data` that fixes base and taxes of a line."""
        key = f"billing_dispute,{self.id},{line.id},{shown['price_unit'] < 0:d}"
        return split.fix_amounts(part, self.currency_id.id, key, shown)


def _is_product(line):
    return line.display_type == "product"
