from odoo import api, fields, models
from odoo.tools import SQL

from .formulas import get_formulas

BALANCES = ("receivable", "opening", "overdue", "open_debts")


def amount(label, **attributes):
    return fields.Monetary(string=label, readonly=True, **attributes)


def balance(label, text):
    """A balance at the end of a month: of several months, it is the average.

    A sum over months would be money that nobody ever owed.
    """
    return amount(label, aggregator=None, help=text)


def figure(label, text):
    """A key figure. It is never added up: of a group, it is formed anew."""
    return fields.Float(string=label, readonly=True, digits=(16, 2), aggregator=None, help=text)


def earlier_sales(back):
    return amount(f"Sales {back} Months Before")


class BillingKpi(models.Model):
    """What a customer owed at the end of a month, and the key figures that follow from it.

    Rebuilt from the ledger at any time. The amounts are in the company's currency, with tax, as
    the receivable accounts have them: what is owed and what was sold are compared, so both have
    to contain the same. Open credits are deducted from what is owed, and count as current.
    """

    _name = "billing.kpi"
    _inherit = ["billing.figure.mixin"]
    _description = "Key Figures of Receivables"
    _order = "month desc, receivable desc, id"
    _rec_name = "partner_id"
    _log_access = False

    month = fields.Date(required=True, readonly=True)
    date_end = fields.Date(
        string="As of",
        required=True,
        readonly=True,
        help="The last day of the month; of the current one, the day of the last refresh.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index=True,
        ondelete="cascade",
        help="Empty for entries on the receivable accounts without a customer.",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    country_id = fields.Many2one(related="partner_id.country_id")
    receivable = balance(
        "Owed",
        "The balance of the receivable accounts at the end of the month, as the ledger says "
        "today: what was paid later was open then. Of several months, their average.",
    )
    opening = balance("Owed Before", "The same at the end of the month before.")
    overdue = balance("Overdue", "Of it, what was past its due date, before credits.")
    open_debts = balance("Open Debts", "What was owed before credits were deducted.")
    overdue_days = fields.Float(
        string="Overdue times Days",
        readonly=True,
        digits=(16, 2),
        help="What was overdue, each debt times the days it was late.",
    )
    days = fields.Integer(
        string="Days of the Sales",
        readonly=True,
        aggregator="avg",
        help="The days in which the sales of three months were made.",
    )
    sales_period = amount(
        "Sales of Three Months",
        help="Invoices less credit notes of this month and the two before, with tax.",
    )
    sales_0 = amount("Sales of the Month", help="Invoices less credit notes, with tax.")
    # what countback DSO takes away, month by month
    sales_1 = earlier_sales(1)
    sales_2 = earlier_sales(2)
    sales_3 = earlier_sales(3)
    sales_4 = earlier_sales(4)
    sales_5 = earlier_sales(5)
    sales_6 = earlier_sales(6)
    sales_7 = earlier_sales(7)
    sales_8 = earlier_sales(8)
    sales_9 = earlier_sales(9)
    sales_10 = earlier_sales(10)
    sales_11 = earlier_sales(11)
    at_risk_base = amount(
        "Billed, Due Long Ago",
        help="What was invoiced in the month, and fell due more than 90 days ago.",
    )
    at_risk = amount("At Risk", help="Of it, what is not paid today.")

    dso = figure(
        "DSO",
        "Days sales outstanding: owed ÷ sales of three months × their days.\n"
        "How many days of sales customers owe. Lower is better.\n"
        "Source: creditguru.com, “Days Sales Outstanding”.",
    )
    countback_dso = figure(
        "Countback DSO",
        "From what is owed, the sales of the latest month are taken, then those of the month "
        "before, and so on; each month counts its days, the last one in proportion.\n"
        "Unlike DSO it does not move with the seasons. It looks back 12 months at most.\n"
        "Source: the count-back (exhaustion) method of credit management.",
    )
    best_dso = figure(
        "Best Possible DSO",
        "Owed and not overdue ÷ sales of three months × their days.\n"
        "The DSO if everybody paid on the due date. Open credits count as not overdue.\n"
        "Source: creditguru.com, “Best Possible DSO”.",
    )
    days_delinquent = figure(
        "Average Days Delinquent",
        "DSO − best possible DSO.\n"
        "What late payment adds to the DSO, in days.\n"
        "Source: creditguru.com, “Average Days Delinquent”.",
    )
    cei = figure(
        "Collection Effectiveness (%)",
        "(Owed before + sales of the month − owed) ÷ (owed before + sales of the month − owed and "
        "not overdue) × 100.\n"
        "The share collected of all that could be. 80 and more is good, 50 and less is poor.\n"
        "Source: Credit Research Foundation, collection effectiveness index; the bands are "
        "Billtrust's.",
    )
    weighted_days_late = figure(
        "Weighted Days Late",
        "Sum of (overdue debt × its days overdue) ÷ sum of the overdue debts.\n"
        "How late what is late is; large debts count more. It is not average days delinquent.\n"
        "Source: weighted days delinquent of credit management.",
    )
    overdue_share = figure(
        "Overdue (%)",
        "Overdue ÷ all open debts × 100, both before credits.\n"
        "Source: the aging at the end of the month.",
    )
    at_risk_rate = figure(
        "At Risk (%)",
        "Of what was invoiced in the month: unpaid today and more than 90 days past due ÷ what "
        "fell due more than 90 days ago × 100.\n"
        "Empty for months whose invoices are too young to tell.\n"
        "Source: Upflow, at-risk rate.",
    )
    refreshed_on = fields.Datetime(readonly=True)

    # A constraint, not an index: merging two customers in Odoo gives way to constraints only.
    _month_partner_uniq = models.Constraint(
        "UNIQUE (company_id, month, partner_id)", "A customer has one row a month in a company."
    )

    @api.model
    def _get_figure_formulas(self, column):
        # EXTENDS 'billing.figure.mixin'
        months = SQL("COUNT(DISTINCT %s)", column("month"))
        return {
            **get_formulas(
                column,
                total=lambda value: SQL("SUM(%s)", value),
                average=lambda value: SQL("AVG(%s)", value),
            ),
            **{fname: SQL("SUM(%s) / %s", column(fname), months) for fname in BALANCES},
        }

    @api.model
    def _get_figures(self):
        """Return the names of the key figures, in the order in which they are shown."""
        return (
            "dso",
            "countback_dso",
            "best_dso",
            "days_delinquent",
            "cei",
            "weighted_days_late",
            "overdue_share",
            "at_risk_rate",
        )

    def action_open_items(self):
        """Open what the customer owed at the end of the month, item by item."""
        self.ensure_one()
        aging = self.env["billing.aging"].new({"date": self.date_end, "aging_by": "due"})
        return {
            **aging.action_show(),
            "target": "current",
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
