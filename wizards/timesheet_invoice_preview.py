from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import formatLang


class BillingTimesheetInvoice(models.TransientModel):
    """What the invoices will say, and why hours are left out, before anything is made."""

    _inherit = "billing.timesheet.invoice"

    line_ids = fields.One2many(
        "billing.timesheet.invoice.line", "wizard_id", compute="_compute_preview", string="Preview"
    )
    total = fields.Char(compute="_compute_preview")
    notice = fields.Text(compute="_compute_preview")
    can_create = fields.Boolean(compute="_compute_preview")

    @api.depends(
        "company_id", "selected_hour_ids", "partner_ids", "date_from", "date_to", "grouping",
        "currency_id",
    )  # fmt: skip
    def _compute_preview(self):
        for wizard in self:
            hours = wizard._get_hours()
            problems = hours._get_billing_problems()
            invoices = [] if problems else wizard._prepare_invoices(hours)
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "partner_id": customer.id,
                            "name": line["name"],
                            "quantity": line["quantity"],
                            "rate": line["rate"],
                            "currency_id": currency.id,
                            "amount": currency.round(line["quantity"] * line["rate"]),
                        }
                    )
                    for customer, currency, lines in invoices
                    for line in lines
                ),
            ]
            wizard.total = wizard._get_total()
            wizard.notice = "\n".join(problems or wizard._get_notices(hours))
            wizard.can_create = bool(invoices)

    def _get_total(self):
        """Return the sum of the preview in words, a sum for each currency."""
        totals = [
            formatLang(self.env, sum(lines.mapped("amount")), currency_obj=currency)
            for currency, lines in self.line_ids.grouped("currency_id").items()
        ]
        hours = self.env["account.analytic.line"]._sum_hours(self.line_ids.mapped("quantity"))
        return (
            self.env._(
                "%(hours)s hours, %(amount)s",
                hours=formatLang(self.env, hours, dp="Product Unit"),
                amount=" + ".join(totals),
            )
            if totals
            else False
        )

    def _get_notices(self, hours):
        """Return what the user should know of ``hours``, those that will be billed."""
        if not self.partner_ids and not self.selected_hour_ids:
            return [self.env._("Choose whom to bill.")]
        left_out = len(self.selected_hour_ids) - len(hours)
        if not hours:
            return [self._get_nothing_message()]
        if self.selected_hour_ids and left_out > 0:
            return [
                self.env._(
                    "%s of the selected entries are left out: they are on an invoice already, not "
                    "billable, or outside the period and customers above.",
                    left_out,
                )
            ]
        return []

    def _get_nothing_message(self):
        return self.env._("There are no unbilled hours of these customers in this period.")
