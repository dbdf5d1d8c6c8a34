from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingPaymentPlanWizard(models.TransientModel):
    """Splits what a customer owes into installments; the result is a draft that can be changed."""

    _name = "billing.payment.plan.wizard"
    _description = "Make a Payment Plan"
    _check_company_auto = True

    plan_id = fields.Many2one("billing.payment.plan", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain=["|", ("is_company", "=", True), ("parent_id", "=", False)],
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    line_ids = fields.Many2many(
        "account.move.line",
        string="What Is Owed",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted'),"
        " ('reconciled', '=', False), ('amount_residual_currency', '>', 0),"
        " ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
        " ('partner_id', 'child_of', partner_id)]",
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    method = fields.Selection(
        selection=[("count", "A number of installments"), ("amount", "An amount each")],
        string="Split into",
        required=True,
        default="count",
    )
    count = fields.Integer(string="Installments", default=6)
    amount = fields.Monetary(string="Amount of Each")
    date_first = fields.Date(
        string="First Due Date",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
    )
    interval = fields.Selection(
        selection=[("week", "Week"), ("two_weeks", "Two weeks"), ("month", "Month")],
        string="One Every",
        required=True,
        default="month",
    )
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': from a customer, invoices, open items, or a draft to be split anew
        values = super().default_get(fields)
        records = self.env[self.env.context.get("active_model") or "res.partner"].browse(
            self.env.context.get("active_ids") or self.env.context.get("active_id")
        )
        if records:
            values.update(getattr(self, f"_default_from_{records._table}")(records))
        return values

    @api.model
    def _default_from_billing_payment_plan(self, plan):
        return {
            "plan_id": plan.id,
            **self._get_one_customer(plan),
            "line_ids": [fields.Command.set(plan.item_ids.line_id.ids)],
        }

    @api.model
    def _default_from_res_partner(self, partner):
        customer = partner.commercial_partner_id
        if len(customer) > 1:
            raise UserError(self.env._("A payment plan is made with one customer."))
        owed = self.env["billing.receivable"]._read_group(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
                ("residual_currency", ">", 0),
            ],
            ["currency_id"],
            ["residual:sum"],
        )
        currency = max(owed, key=lambda row: row[1])[0] if owed else self.env.company.currency_id
        return {
            "partner_id": customer.id,
            "company_id": self.env.company.id,
            "currency_id": currency.id,
        }

    @api.model
    def _default_from_account_move(self, moves):
        lines = moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return self._default_from_account_move_line(lines)

    @api.model
    def _default_from_billing_receivable(self, rows):
        rows._check_is_now()
        return self._default_from_account_move_line(
            rows.filtered(lambda row: row.residual_currency > 0).line_id
        )

    @api.model
    def _default_from_account_move_line(self, lines):
        lines = lines.filtered(lambda line: line.amount_residual_currency > 0)
        if not lines:
            raise UserError(self.env._("Nothing is open of this."))
        return {**self._get_one_customer(lines), "line_ids": [fields.Command.set(lines.ids)]}

    @api.model
    def _get_one_customer(self, records):
        """Return customer, company and currency of what is to be planned.

        :raise UserError: if there are several
        """
        customer = records.partner_id.commercial_partner_id
        if len(customer) != 1 or len(records.company_id) != 1 or len(records.currency_id) != 1:
            raise UserError(
                self.env._("A payment plan is made with one customer, in one company and currency.")
            )
        return {
            "partner_id": customer.id,
            "company_id": records.company_id.id,
            "currency_id": records.currency_id.id,
        }

    @api.depends("partner_id", "currency_id", "company_id")
    def _compute_line_ids(self):
        """Offer all that the customer owes, except what is disputed or planned already."""
        for wizard in self:
            rows = self.env["billing.receivable"].search(
                [
                    ("partner_id", "=", wizard.partner_id.commercial_partner_id.id),
                    ("company_id", "=", wizard.company_id.id),
                    ("currency_id", "=", wizard.currency_id.id),
                    ("residual_currency", ">", 0),
                    ("kind", "in", ("invoice", "entry")),
                    ("disputed_currency", "=", 0),
                ]
            )
            planned = rows.filtered("share_id").line_id
            wizard.line_ids = rows.line_id - planned

    @api.depends("line_ids")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.amount_open = sum(wizard.line_ids.mapped("amount_residual_currency"))

    @api.depends("amount_open", "method", "count", "amount", "date_first", "interval")
    def _compute_summary(self):
        """Say in words what the installments will be, or what is wrong."""
        for wizard in self:
            wizard.summary = False
            if not (wizard.amount_open and wizard.date_first and wizard.interval):
                continue
            try:
                schedule = wizard._get_schedule()
            except UserError as refusal:
                wizard.summary = str(refusal)
                continue
            (first, each), (last, rest) = schedule[0], schedule[-1]
            texts = {
                "count": len(schedule),
                "each": wizard.currency_id.format(each),
                "rest": wizard.currency_id.format(rest),
                "first": self.env["ir.qweb.field.date"].value_to_html(first, {}),
                "last": self.env["ir.qweb.field.date"].value_to_html(last, {}),
            }
            if len(schedule) == 1:
                wizard.summary = self.env._("%(rest)s on %(last)s.", **texts)
            elif wizard.currency_id.compare_amounts(each, rest):
                wizard.summary = self.env._(
                    "%(count)s installments of %(each)s from %(first)s, the last of %(rest)s on "
                    "%(last)s.",
                    **texts,
                )
            else:
                wizard.summary = self.env._(
                    "%(count)s installments of %(each)s from %(first)s to %(last)s.", **texts
                )

    def _get_schedule(self):
        self.ensure_one()
        by_count = self.method == "count"
        return self.env["billing.payment.plan"]._get_schedule(
            self.currency_id,
            self.amount_open,
            first=self.date_first,
            interval=self.interval,
            count=max(self.count, 0) if by_count else 0,
            amount=0.0 if by_count else self.amount,
        )

    def action_apply(self):
        """Make the draft, or split the one this began from anew, and open it."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose what the plan is about."))
        schedule = self._get_schedule()
        plan = self.plan_id or self.env["billing.payment.plan"].create(
            {
                "partner_id": self.partner_id.commercial_partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
            }
        )
        plan._set_items(self.line_ids)
        plan._set_schedule(schedule)
        return plan._get_records_action(name=self.env._("Payment Plan"))
