from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingRecurringPriceChange(models.Model):
    """A raise of the price of one line, for periods that begin on a date or later.

    Raises compound in the order of their dates. What was billed stays.
    """

    _name = "billing.recurring.price.change"
    _description = "Price Change"
    _order = "date_from desc, id desc"

    line_id = fields.Many2one(
        "billing.recurring.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    recurring_id = fields.Many2one(related="line_id.recurring_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    date_from = fields.Date(string="From", required=True, readonly=True)
    percent = fields.Float(string="Change in %", digits=(16, 4), required=True, readonly=True)
    price_before = fields.Float(
        string="Old Price", digits="Product Price", compute="_compute_prices"
    )
    price_after = fields.Float(
        string="New Price", digits="Product Price", compute="_compute_prices"
    )
    note = fields.Char(string="Reason", readonly=True)

    _percent_possible = models.Constraint(
        "CHECK (percent > -100 AND percent <= 1000)",
        "A price changes by more than -100 and by at most 1000 percent.",
    )
    # A second click, or a colleague who does the same, must not raise prices twice.
    _once_a_day = models.UniqueIndex(
        "(line_id, date_from)", "This line has a price change from that date already."
    )

    @api.depends("percent", "date_from", "line_id.price_unit", "line_id.price_change_ids.percent")
    def _compute_prices(self):
        for change in self:
            line = change.line_id
            change.price_before = line._get_price(fields.Date.subtract(change.date_from, days=1))
            change.price_after = line._get_price(change.date_from)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for change in self:
            series = change.recurring_id
            last_start = series._get_schedule().start(series.next_number - 1)
            if series.next_number > 1 and change.date_from <= last_start:
                raise UserError(
                    self.env._(
                        "«%(series)s» has been billed at the new price already. Lower the price "
                        "from a later date instead.",
                        series=series.name,
                    )
                )
