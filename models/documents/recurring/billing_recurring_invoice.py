from dateutil.relativedelta import relativedelta
from markupsafe import Markup, escape
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, is_html_empty

from .placeholders import SHIFTS, fill


class BillingRecurring(models.Model):
    """What a bill of a series consists of."""

    _inherit = "billing.recurring"

    def _find_obstacle(self):
        """Return why this series cannot be billed, in words for its user; False if it can."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.display_type)
        archived = lines.product_id.filtered(lambda product: not product.active)
        if not lines:
            return self.env._("There is no line to bill.")
        if not self.partner_id.active:
            return self.env._("The customer «%s» is archived.", self.partner_id.display_name)
        if archived:
            return self.env._(
                "The product «%s» is archived.", ", ".join(archived.mapped("display_name"))
            )
        if not self.currency_id.active:
            return self.env._("The currency %s is not in use any more.", self.currency_id.name)
        if not self.journal_id.active:
            return self.env._("The journal «%s» is archived.", self.journal_id.name)
        return False

    def _check_billable(self):
        for series in self:
            obstacle = series._find_obstacle()
            if obstacle:
                raise UserError(
                    self.env._(
                        "«%(series)s» cannot be billed: %(reason)s",
                        series=series.name,
                        reason=obstacle,
                    )
                )

    def _prepare_invoice(self, numbers, today):
        """Return the values of the bill for these periods.

        :param numbers: numbers of periods, ascending; usually one
        :param today: the date of the bill, unless its day is yet to come or is today
        """
        self.ensure_one()
        schedule = self._get_schedule()
        first, last = numbers[0], numbers[-1]
        words = self._get_words(
            first, schedule.start(first), schedule.end(last), schedule.bill_date(last)
        )
        vals = {
            "move_type": "out_invoice",
            "billing_type_id": self.billing_type_id.id,
            "billing_recurring_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "journal_id": self.journal_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "invoice_date": today,
            "invoice_origin": self.name,
            "invoice_user_id": self.user_id.id,
            "invoice_line_ids": [],
        }
        if self.ref:
            vals["ref"] = fill(self.ref, words)
        if not is_html_empty(self.narration):
            in_html = {
                name: lambda shift, word=word: str(escape(word(shift)))
                for name, word in words.items()
            }
            vals["narration"] = Markup(fill(str(self.narration), in_html))
        if self.invoice_payment_term_id:
            vals["invoice_payment_term_id"] = self.invoice_payment_term_id.id
        if self.billing_type_id.sudo().properties_definition:
            vals["billing_properties"] = self.read(["billing_properties"])[0]["billing_properties"]
        for number in numbers:
            start, end = schedule.start(number), schedule.end(number)
            words = self._get_words(number, start, end, schedule.bill_date(number))
            if len(numbers) > 1:
                vals["invoice_line_ids"].append(
                    Command.create({"display_type": "line_section", "name": words["period"](0)})
                )
            vals["invoice_line_ids"] += [
                Command.create(line._prepare_invoice_line(start, words, len(numbers) > 1))
                for line in self.line_ids
            ]
        return vals

    def _get_words(self, number, start, end, bill_date):
        """Return what each placeholder gives for a shift, in the customer's language.

        Months, quarters and years are those of the first day of the period.
        """
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.sudo().partner_id.lang or self.env.lang

        def say(day, pattern=False):
            return format_date(self.env, day, lang, pattern)

        def named(name, pattern):
            months = 3 if name == "quarter" else 1
            unit = "years" if name == "year" else "months"
            return lambda shift: say(start + relativedelta(**{unit: shift * months}), pattern)

        patterns = {"month": "LLLL", "quarter": "QQQ", "year": "yyyy"}
        return {
            **{name: named(name, patterns[name]) for name in SHIFTS},
            "period": lambda _shift: f"{say(start)} – {say(end)}",
            "period_start": lambda _shift: say(start),
            "period_end": lambda _shift: say(end),
            "bill_date": lambda _shift: say(bill_date),
            "number": lambda _shift: str(number),
        }


class BillingRecurringLine(models.Model):
    _inherit = "billing.recurring.line"

    def _prepare_invoice_line(self, start, words, in_section):
        """Return the values of this line on a bill.

        :param start: the first day of the period, which decides on the price
        :param words: what the placeholders stand for
        :param in_section: whether the bill has several periods, each with a section of its own
        """
        self.ensure_one()
        vals = {"name": fill(self.name, words)}
        if self.display_type:
            below = in_section and self.display_type == "line_section"
            return {**vals, "display_type": "line_subsection" if below else self.display_type}
        return {
            **vals,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": self.quantity,
            "price_unit": self._get_price(start),
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }
