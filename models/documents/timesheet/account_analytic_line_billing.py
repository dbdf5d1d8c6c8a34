from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

GROUPINGS = [
    ("person", "Person"),
    ("day", "Day"),
    ("task", "Task or Description"),
    ("one", "One Line for All"),
]


class AccountAnalyticLine(models.Model):
    """Hours on their way onto an invoice, and back.

    The row of the hours is the only place that says on which invoice line they are. Whoever takes
    or frees them changes that row: two who do so at the same time cannot both succeed.
    """

    _inherit = "account.analytic.line"

    # -- Onto an invoice ---------------------------------------------------------------------

    def _lock_for_billing(self):
        """Lock these hours, and return those that are still unbilled.

        :raise UserError: if someone else is billing some of them right now
        """
        if len(self.try_lock_for_update(allow_referencing=True)) < len(self):
            raise UserError(
                self.env._(
                    "Someone else is billing or changing some of these hours at this moment. "
                    "Try again in a few seconds."
                )
            )
        self.invalidate_recordset()
        return self.search(Domain("id", "in", self.ids) & self._get_billing_unbilled_domain())

    def _get_billing_problems(self):
        """Return why these hours cannot be billed, a sentence for each entry concerned."""
        problems = []
        rates = self.env["billing.hourly.rate"]._get_rates(self)
        for line in self:
            entry = line._get_billing_entry_name()
            if not line.partner_id:
                problems.append(self.env._("%s: there is no customer.", entry))
            if line.unit_amount < 0:
                problems.append(self.env._("%s: negative hours cannot be billed.", entry))
            if not rates[line]:
                problems.append(
                    self.env._(
                        "%s: there is no hourly rate, neither of the customer nor of the person, "
                        "and no product with a price.",
                        entry,
                    )
                )
        return problems

    def _get_billing_currency(self):
        """Return the currency to bill these hours of one customer in.

        That of their rates if all have the same, else the company's.
        """
        rates = self.env["billing.hourly.rate"]._get_rates(self)
        currencies = {currency for _rate, currency in filter(None, rates.values())}
        return currencies.pop() if len(currencies) == 1 else self.company_id.currency_id

    def _get_billing_invoice_lines(self, grouping, currency):
        """Return the invoice lines for these hours of one customer, in their order on paper.

        Hours of different rates or products never share a line.

        :param grouping: what hours of one line have in common, see `GROUPINGS`
        :param currency: of the invoice; rates are converted at the date of each entry
        :return: dicts of name, product, rate, hours (records) and quantity
        """
        rates = self.env["billing.hourly.rate"]._get_rates(self)
        lines = {}
        for hours in self.sorted(lambda line: (line.date, line.id)):
            rate, rate_currency = rates[hours]
            if rate_currency != currency:
                rate = rate_currency._convert(rate, currency, hours.company_id, hours.date)
            product = hours._get_billing_product()
            key = (*hours._get_billing_group(grouping), product.display_name or "", rate)
            line = lines.setdefault(
                (key, product.id), {"product": product, "rate": rate, "hours": self.browse()}
            )
            line["hours"] |= hours
        ordered = [lines[key] for key in sorted(lines, key=lambda key: (key[0], key[1] or 0))]
        for line in ordered:
            line["quantity"] = self._sum_hours(line["hours"].mapped("billing_hours"))
            line["name"] = line["hours"]._get_billing_line_name(grouping, line["product"])
        return ordered

    def _get_billing_product(self):
        """Return the product that these hours are sold as, possibly none."""
        self.ensure_one()
        return self.product_id or self.company_id.sudo().billing_hours_product_id

    def _get_billing_group(self, grouping):
        """Return what sorts this line and keeps it apart from others."""
        self.ensure_one()
        if grouping == "person":
            return (self.billing_person or "",)
        if grouping == "day":
            return (self.date,)
        if grouping == "task":
            return (self._get_billing_description(),)
        return ()

    def _get_billing_description(self):
        """Return what was worked on: the task, or the words that were typed."""
        self.ensure_one()
        if "task_id" in self._fields and self.sudo().task_id:
            return self.sudo().task_id.name
        return self.name

    def _get_billing_annex_text(self):
        """Return what the annex says about this entry: the task and the words that were typed."""
        self.ensure_one()
        task = self._get_billing_description()
        words = self.name if self.name not in ("/", task) else ""
        return ": ".join(part for part in (task, words) if part and part != "/")

    def _get_billing_line_name(self, grouping, product):
        """Return the text of an invoice line, in the language of the context."""
        first = self[0]
        if grouping == "person":
            text = first.billing_person or ""
        elif grouping == "task":
            text = first._get_billing_description()
        else:
            start, end = (format_date(self.env, day(self.mapped("date"))) for day in (min, max))
            text = (
                start if start == end else self.env._("%(start)s to %(end)s", start=start, end=end)
            )
        title = product.with_context(lang=self.env.lang).display_name if product else ""
        return ": ".join(part for part in (title, text) if part) or self.env._("Hours")

    def _take_for_invoice(self, move_line):
        """Note that these locked, unbilled hours are on ``move_line`` from now on."""
        for hours in self.sudo():
            hours.write(
                {"billing_billed_hours": hours.billing_hours, "billing_move_line_id": move_line.id}
            )

    # -- And back ----------------------------------------------------------------------------

    def _free_from_invoice(self):
        """Let these hours be billed anew, remembering the line that they were on."""
        by_line = defaultdict(self.browse)
        for hours in self.sudo():
            by_line[hours.billing_move_line_id] |= hours
        for move_line, hours in by_line.items():
            hours.write({"billing_past_line_id": move_line.id, "billing_move_line_id": False})

    def action_remove_from_invoice(self):
        """Take these hours off their draft invoices, whose lines become shorter or disappear."""
        self.check_access("write")
        billed = self.filtered("billing_move_line_id")
        if not billed:
            raise UserError(self.env._("None of these hours are on an invoice."))
        posted = billed.billing_move_id.filtered(lambda move: move.state == "posted")
        if posted:
            raise UserError(
                self.env._(
                    "%s is posted. Credit it in full, or reset it to draft, to free its hours.",
                    posted[0]._get_move_display_name(),
                )
            )
        for move_line in billed.billing_move_line_id:
            removed = billed.filtered(
                lambda hours, line=move_line: hours.billing_move_line_id == line
            )
            removed.sudo().write({"billing_move_line_id": False})
            left = move_line.billing_hour_ids
            if left:
                quantity = self._sum_hours(left.mapped("billing_hours"))
                move_line.write({"quantity": quantity, "billing_hours": quantity})
            else:
                move_line.unlink()

    # -- From the screens --------------------------------------------------------------------

    def action_open_billing_invoice(self):
        """Open the invoice that these hours are on."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.billing_move_id[:1].id,
            "view_mode": "form",
        }

    @api.model
    def _get_billing_hours_action(self, name, domain):
        """Return the action that lists the hours in ``domain``."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_hours")
        return {**action, "name": name, "domain": domain, "context": {}}
