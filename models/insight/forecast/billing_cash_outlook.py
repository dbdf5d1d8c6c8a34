from odoo import api, fields, models
from odoo.tools import SQL

# How many months of "forecast and reality" are on the screen, the current one included.
MONTHS_SHOWN = 4


class BillingCashOutlook(models.Model):
    """A company's cash at a glance: what is there, what comes and goes, and whether it lasts.

    One record for each company, rebuilt with the forecast. Somebody who is to do something about a
    cash gap gets an activity on it.
    """

    _name = "billing.cash.outlook"
    _description = "Cash Forecast"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    # who may see the forecast may note that they have dealt with a gap
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="As of", readonly=True)
    refreshed_on = fields.Datetime(string="Last Refresh", readonly=True)
    balance_bank = fields.Monetary(
        string="Bank and Cash",
        readonly=True,
        help="The balance of the accounts of type Bank and Cash today, in the company's currency.",
    )
    balance_underway = fields.Monetary(
        string="On Its Way",
        readonly=True,
        help="Payments that are registered, but not yet on a bank statement: the balance of the "
        "outstanding accounts.",
    )
    balance = fields.Monetary(
        string="Starting From", readonly=True, help="Both together: what the forecast starts from."
    )
    minimum_balance = fields.Monetary(related="company_id.billing_minimum_balance")
    disputed = fields.Monetary(
        readonly=True,
        help="What customers contest of open invoices. It is left out of the forecast.",
    )
    period_ids = fields.Many2many(
        "billing.forecast.period", string="What Comes In", compute="_compute_period_ids"
    )
    snapshot_ids = fields.Many2many(
        "billing.forecast.snapshot", string="Forecast and Reality", compute="_compute_snapshot_ids"
    )

    _company_uniq = models.Constraint("UNIQUE (company_id)", "A company has one cash forecast.")

    def _compute_period_ids(self):
        """This week and the next, this month and the next."""
        periods = self.env["billing.forecast.period"]
        for outlook in self:
            weeks, months = (
                periods.search(
                    [
                        ("company_id", "=", outlook.company_id.id),
                        ("granularity", "=", granularity),
                    ],
                    limit=2,
                )
                for granularity in ("week", "month")
            )
            outlook.period_ids = weeks | months

    def _compute_snapshot_ids(self):
        for outlook in self:
            outlook.snapshot_ids = self.env["billing.forecast.snapshot"].search(
                [("company_id", "=", outlook.company_id.id)], limit=MONTHS_SHOWN
            )

    @api.depends("company_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for outlook in self:
            outlook.display_name = self.env._("Cash Forecast of %s", outlook.company_id.name)

    @api.model
    def action_open_mine(self):
        """Open the forecast of the current company; form it if that was never done."""
        company = self.env.company
        outlook = self.search([("company_id", "=", company.id)])
        if not outlook:
            self.check_access("read")
            self.env["billing.forecast"].sudo().with_context(billing_as_of=False)._refresh(company)
            outlook = self.search([("company_id", "=", company.id)])
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_crm.action_billing_cash_outlook"
            ),
            "res_id": outlook.id,
        }

    def action_refresh(self):
        """Form the forecast anew, as of now."""
        return self.env["billing.forecast"].action_refresh()

    def action_open_flows(self):
        return self._open("billing_crm.action_billing_forecast")

    def action_open_periods(self):
        return self._open("billing_crm.action_billing_forecast_period")

    def action_open_curve(self):
        return self._open("billing_crm.action_billing_forecast_curve")

    def action_open_snapshots(self):
        return self._open("billing_crm.action_billing_forecast_snapshot")

    def action_open_planned(self):
        return self._open("billing_crm.action_billing_planned_cash")

    def _open(self, action):
        """Return an action on what belongs to this company."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "domain": [("company_id", "=", self.company_id.id)],
        }

    @api.model
    def _refresh(self, company, today):
        """Note what is there, and look for a gap in the periods, which are rebuilt already."""
        outlook = self.search([("company_id", "=", company.id)])
        values = {
            "date": today,
            "refreshed_on": fields.Datetime.now(),
            **self._get_balances(company, today),
            "disputed": self._get_disputed(company),
        }
        if outlook:
            outlook.write(values)
        else:
            quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            outlook = quiet.create({"company_id": company.id, **values}).with_env(self.env)
        outlook._look_for_gap()

    @api.model
    def _get_disputed(self, company):
        [(disputed,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(disputed_currency * rate), 0) FROM billing_forecast
                 WHERE company_id = %s AND direction = 'in'
                """,
                company.id,
            )
        )
        return company.currency_id.round(float(disputed))

    @api.model
    def _get_balances(self, company, today):
        """Return ``balance_bank``, ``balance_underway`` and ``balance`` at the end of a day."""
        accounts = self._get_liquid_accounts(company)
        sums = {"balance_bank": 0, "balance_underway": 0}
        self.env.flush_all()
        for account_type, amount in self.env.execute_query(
            SQL(
                """
                SELECT account.account_type, SUM(line.balance)
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.account_id IN %s
                   AND line.company_id = %s
                   AND line.parent_state = 'posted'
                   AND line.date <= %s
              GROUP BY account.account_type
                """,
                tuple(accounts) or (0,),
                company.id,
                today,
            )
        ):
            kind = "balance_bank" if account_type == "asset_cash" else "balance_underway"
            sums[kind] += float(amount)
        sums = {name: company.currency_id.round(amount) for name, amount in sums.items()}
        return {**sums, "balance": company.currency_id.round(sum(sums.values()))}

    @api.model
    def _get_liquid_accounts(self, company):
        """Return the ids of the accounts of bank and cash, and of money on its way to or from them.

        The latter are the outstanding accounts of the methods of payment, the one that Odoo takes
        where a method has none, and the one for transfers between banks.
        """
        accounts = self.env["account.account"].with_company(company)
        cash = accounts.with_context(active_test=False).search(
            [
                *accounts._check_company_domain(company),
                ("account_type", "=", "asset_cash"),
            ]
        )
        journals = self.env["account.journal"].with_context(active_test=False)
        lines = self.env["account.payment.method.line"].search(
            [
                (
                    "journal_id",
                    "in",
                    journals._search(
                        [
                            *journals._check_company_domain(company),
                            ("type", "in", ("bank", "cash")),
                        ]
                    ),
                )
            ]
        )
        chart = self.env["account.chart.template"].with_context(
            allowed_company_ids=company.root_id.ids
        )
        usual = accounts.browse()
        for name in ("debit", "credit"):
            found = chart.ref(
                f"account_journal_payment_{name}_account_id", raise_if_not_found=False
            )
            usual |= accounts.browse(found.id if found else [])
        underway = lines.payment_account_id | usual | company.transfer_account_id
        owed = ("asset_receivable", "liability_payable")
        return (cash | underway.filtered(lambda account: account.account_type not in owed)).ids
