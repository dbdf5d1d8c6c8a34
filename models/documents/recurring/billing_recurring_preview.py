from odoo import api, fields, models

PREVIEW_PERIODS = 12


class BillingRecurring(models.Model):
    """What the next bills will be."""

    _inherit = "billing.recurring"

    preview = fields.Html(compute="_compute_preview", sanitize=False)
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount", compute="_compute_amounts", help="Of the next bill."
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amounts", help="Of the next bill, with taxes."
    )

    @api.depends(
        "next_number",
        "date_start",
        "fiscal_position_id",
        "currency_id",
        "line_ids.price_unit",
        "line_ids.quantity",
        "line_ids.discount",
        "line_ids.tax_ids",
        "line_ids.price_change_ids.percent",
        "line_ids.price_change_ids.date_from",
    )
    def _compute_amounts(self):
        for series in self:
            prices = {line: line.price_next for line in series._get_charges()}
            series.amount_untaxed, series.amount_total = series._get_totals(prices)

    @api.depends("amount_total", "next_date", "end_kind", "date_end", "period_count", "catch_up")
    @api.depends_context("lang")
    def _compute_preview(self):
        for series in self:
            series.preview = self.env["ir.qweb"]._render(
                "billing_crm.recurring_preview",
                {
                    "currency": series.currency_id or series.company_id.currency_id,
                    "bills": series._get_next_bills(),
                },
            )

    def _get_charges(self):
        return self.line_ids.filtered(lambda line: not line.display_type)

    def _get_next_bills(self, limit=PREVIEW_PERIODS):
        """Return the next bills: number, period_start, period_end, bill_date, untaxed, total.

        As if each period had a bill of its own.
        """
        self.ensure_one()
        if not self.next_date:
            return []
        schedule = self._get_schedule()
        last = self._get_last_number()
        end = self.next_number + limit
        charges, totals, bills = self._get_charges(), {}, []
        for number in range(self.next_number, end if last is None else min(end, last + 1)):
            start = schedule.start(number)
            prices = {line: line._get_price(start) for line in charges}
            key = tuple(prices.values())
            if key not in totals:
                totals[key] = self._get_totals(prices)
            bills.append(
                {
                    "number": number,
                    "period_start": start,
                    "period_end": schedule.end(number),
                    "bill_date": schedule.bill_date(number),
                    "untaxed": totals[key][0],
                    "total": totals[key][1],
                }
            )
        return bills

    def _get_totals(self, prices):
        """Return (untaxed amount, total) of a bill, computed as an invoice computes them.

        :param prices: {line: price}
        """
        self.ensure_one()
        company = (self.company_id or self.env.company).sudo()
        currency = self.currency_id or company.currency_id
        taxes = self.env["account.tax"].sudo()  # a salesperson may not read taxes
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                line.sudo(),
                price_unit=price,
                currency_id=currency,
                partner_id=self.partner_id,
                quantity=line.quantity,
                sign=1,
            )
            for line, price in prices.items()
        ]
        taxes._add_tax_details_in_base_lines(base_lines, company)
        taxes._round_base_lines_tax_details(base_lines, company)
        totals = taxes._get_tax_totals_summary(base_lines, currency, company)
        return totals["base_amount_currency"], totals["total_amount_currency"]
