from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang, is_html_empty


class BillingRecurringPriceWizard(models.TransientModel):
    """Raises or lowers the prices of many series from a date, and tells the customers."""

    _name = "billing.recurring.price.wizard"
    _description = "Change Prices"

    recurring_ids = fields.Many2many(
        "billing.recurring",
        string="Series",
        required=True,
        default=lambda self: self._default_series(),
    )
    line_ids = fields.Many2many(
        "billing.recurring.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('recurring_id', 'in', recurring_ids), ('display_type', '=', False)]",
    )
    percent = fields.Float(
        string="Change in %", digits=(16, 4), help="5 raises by 5 percent, -5 lowers."
    )
    date_from = fields.Date(
        string="For Periods from",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Periods that begin on this day or later have the new price. What is billed stays.",
    )
    note = fields.Char(string="Reason", help="Kept with the new prices, for your own use.")
    notify_customers = fields.Boolean(string="Write to the Customers")
    message = fields.Html(
        string="Text",
        help="The new prices are listed below it. Each customer gets one message a series.",
    )

    @api.model
    def _default_series(self):
        series = self.env["billing.recurring"].browse(self.env.context.get("active_ids"))
        return series.filtered(lambda one: one.state != "ended")

    @api.depends("recurring_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.set(wizard.recurring_ids._origin._get_charges().ids)]

    def action_apply(self):
        """Write the new prices down, and post the messages."""
        self.ensure_one()
        self.recurring_ids.check_access("write")
        if not self.percent:
            raise UserError(self.env._("Type by how many percent prices change."))
        if not -100 < self.percent <= 1000:
            raise UserError(
                self.env._("A price changes by more than -100 and by at most 1000 percent.")
            )
        if not self.line_ids:
            raise UserError(self.env._("There is no line whose price could change."))
        if self.notify_customers and is_html_empty(self.message):
            raise UserError(self.env._("Type what is to be written to the customers."))
        changes = self._create_changes()
        for series, own in changes.grouped("recurring_id").items():
            series._post_price_changes(own)
            if self.notify_customers:
                series._announce_price_changes(own, self.message)
        return {"type": "ir.actions.act_window_close"}

    def _create_changes(self):
        """Write the new prices down; a line that has one from that date already is an error."""
        lines = self.line_ids & self.recurring_ids.line_ids
        dates = {
            line: line.recurring_id._get_first_date_to_reprice(self.date_from) for line in lines
        }
        known = lines.price_change_ids.filtered(
            lambda change: change.date_from == dates[change.line_id]
        )
        if known:
            raise UserError(
                self.env._(
                    "Prices of «%(series)s» change on %(date)s already, by %(percent)s %%. "
                    "Choose another date, or delete that change.",
                    series=known[0].recurring_id.name,
                    date=format_date(self.env, known[0].date_from),
                    percent=formatLang(self.env, known[0].percent, digits=2),
                )
            )
        return self.env["billing.recurring.price.change"].create(
            [
                {
                    "line_id": line.id,
                    "percent": self.percent,
                    "date_from": date_from,
                    "note": self.note,
                }
                for line, date_from in dates.items()
            ]
        )
