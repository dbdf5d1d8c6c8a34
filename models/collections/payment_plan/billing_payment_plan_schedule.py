from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...documents.recurring.schedule import Schedule

INTERVALS = {"week": (1, "week"), "two_weeks": (2, "week"), "month": (1, "month")}

# Five years of weeks; more is a mistake in the amount.
MAXIMUM_COUNT = 260


class BillingPaymentPlan(models.Model):
    """What a draft is about, and how it is split: dates and amounts."""

    _inherit = "billing.payment.plan"

    @api.model
    def _get_schedule(self, currency, total, *, first, interval, count=0, amount=0.0):
        """Return dates and amounts that add up to ``total``; what rounding leaves is in the last.

        Dates are counted from the first one: the 31st stays the 31st.

        :param total: in ``currency``, as are the amounts returned
        :param interval: one of `INTERVALS`
        :param count: how many installments; else ``amount`` says how much each is
        :rtype: list[tuple]
        :raise UserError: if this cannot be split so
        """
        rounding = currency.rounding
        if count > 0:
            each = float_round(total / count, precision_rounding=rounding, rounding_method="DOWN")
        else:
            each = currency.round(amount)
            if currency.compare_amounts(each, 0) > 0:
                whole = float_round(total / each, precision_rounding=1, rounding_method="UP")
                count = int(float_round(whole, precision_rounding=1))
        if currency.compare_amounts(each, 0) <= 0 or count < 1:
            raise UserError(self.env._("Each installment must be more than zero."))
        if count > MAXIMUM_COUNT:
            raise UserError(self.env._("These would be %s installments. Make them larger.", count))
        dates = Schedule(first, *INTERVALS[interval])
        amounts = [each] * (count - 1)
        amounts.append(currency.round(total - each * (count - 1)))
        return [(dates.start(number), part) for number, part in enumerate(amounts, 1)]

    def _set_items(self, lines):
        """Make a draft be about these open items, `account.move.line`, and no others."""
        self.ensure_one()
        self.item_ids.filtered(lambda item: item.line_id not in lines).unlink()
        self.env["billing.payment.plan.item"].create(
            [{"plan_id": self.id, "line_id": line.id} for line in lines - self.item_ids.line_id]
        )

    def _set_schedule(self, schedule):
        """Replace the installments of a draft."""
        self.ensure_one()
        self.line_ids.unlink()
        self.write(
            {
                "line_ids": [
                    fields.Command.create({"date": date, "amount": amount})
                    for date, amount in schedule
                ]
            }
        )
