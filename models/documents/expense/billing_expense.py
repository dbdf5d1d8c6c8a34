from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

BILLING_USER = "billing_crm.group_billing_user"


class BillingExpense(models.Model):
    """One receipt: what was spent on one day, in the currency it was paid in."""

    _name = "billing.expense"
    _description = "Expense"
    _order = "date, id"
    _check_company_auto = True

    report_id = fields.Many2one(
        "billing.expense.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="report_id.partner_id", store=True, string="Spent By", index=True
    )
    state = fields.Selection(related="report_id.state", string="Status")
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char(string="Description", required=True)
    product_id = fields.Many2one(
        "product.product",
        string="Category",
        check_company=True,
        ondelete="restrict",
        domain="[('billing_expense_ok', '=', True)]",
    )
    account_id = fields.Many2one(
        "account.account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable'))]",
        groups=BILLING_USER,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="The currency of the receipt.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    total_amount_currency = fields.Monetary(
        string="Amount", required=True, help="As on the receipt, taxes included."
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase')]",
        help="Those the company can deduct. Empty: the whole amount is a cost.",
    )
    untaxed_amount_currency = fields.Monetary(
        string="Net on the Receipt", compute="_compute_untaxed_amounts", store=True
    )
    total_amount = fields.Monetary(
        string="In Company Currency",
        compute="_compute_total_amount",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the day of the receipt.",
    )
    untaxed_amount = fields.Monetary(
        string="Net Cost",
        compute="_compute_untaxed_amounts",
        store=True,
        currency_field="company_currency_id",
    )
    receipt_ids = fields.Many2many(
        "ir.attachment",
        "billing_expense_receipt_rel",
        "expense_id",
        "attachment_id",
        string="Receipts",
        copy=False,
        bypass_search_access=True,
    )
    missing_receipt = fields.Boolean(
        string="No Receipt",
        compute="_compute_missing_receipt",
        search="_search_missing_receipt",
        compute_sudo=True,
    )

    _amount_positive = models.Constraint(
        "CHECK(total_amount_currency > 0)", "The amount of an expense must be more than zero."
    )

    @api.depends("product_id", "company_id")
    def _compute_account_id(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            account = product and product.product_tmpl_id._get_product_accounts()["expense"]
            line.account_id = account or line._get_bill_journal().default_account_id

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for line in self:
            line.tax_ids = line.product_id.supplier_taxes_id._filter_taxes_by_company(
                line.company_id
            )

    @api.depends("total_amount_currency", "currency_id", "date", "company_id")
    def _compute_total_amount(self):
        for line in self:
            if not (line.currency_id and line.company_id and line.date):
                line.total_amount = 0.0
                continue
            line.total_amount = line.currency_id._convert(
                line.total_amount_currency, line.company_currency_id, line.company_id, line.date
            )

    @api.depends("total_amount_currency", "currency_id", "total_amount", "tax_ids", "company_id")
    def _compute_untaxed_amounts(self):
        for line in self:
            line.untaxed_amount_currency = line._get_untaxed(
                line.total_amount_currency, line.currency_id
            )
            line.untaxed_amount = line._get_untaxed(line.total_amount, line.company_currency_id)

    def _get_untaxed(self, total, currency):
        """Return what is left of ``total``, an amount in ``currency``, without the taxes in it."""
        self.ensure_one()
        if not (self.tax_ids and self.company_id and currency):
            return total
        AccountTax = self.env["account.tax"]
        base_line = AccountTax._prepare_base_line_for_taxes_computation(
            self,
            price_unit=total,
            quantity=1.0,
            currency_id=currency,
            product_id=self.product_id,
            tax_ids=self.tax_ids,
            partner_id=self.partner_id,
            special_mode="total_included",
            billing_is_receipt=True,
        )
        AccountTax._add_tax_details_in_base_line(base_line, self.company_id)
        AccountTax._round_base_lines_tax_details([base_line], self.company_id)
        return base_line["tax_details"]["total_excluded_currency"]

    @api.depends("receipt_ids")
    def _compute_missing_receipt(self):
        for line in self:
            line.missing_receipt = not line.receipt_ids

    def _search_missing_receipt(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("receipt_ids", "=" if True in value else "!=", False)

    @api.constrains("date")
    def _check_date(self):
        for line in self:
            if line.date > fields.Date.context_today(line):
                raise ValidationError(
                    self.env._("«%s» lies in the future: nothing can be spent then.", line.name)
                )

    def _check_submission(self):
        """Raise a UserError for what would make a wrong bill.

        Without a rate on or before the day Odoo takes a later one, or 1.
        """
        for line in self.sudo():
            if line.currency_id == line.company_currency_id:
                continue
            if (
                not self.env["res.currency.rate"]
                .sudo()
                .search_count(
                    [
                        ("currency_id", "=", line.currency_id.id),
                        ("name", "<=", line.date),
                        ("company_id", "in", (False, line.company_id.root_id.id)),
                    ],
                    limit=1,
                )
            ):
                raise UserError(
                    self.env._(
                        "«%(expense)s»: there is no exchange rate of %(currency)s for its date. "
                        "Ask accounting to enter one.",
                        expense=line.name,
                        currency=line.currency_id.name,
                    )
                )
            line._compute_total_amount()  # rates may have been entered since

    # -- The bill ----------------------------------------------------------------------------

    def _get_bill_journal(self):
        """Return the journal that bills of the expense's company go to."""
        return (
            self.env["account.journal"]
            .sudo()
            .search(
                [
                    *self.env["account.journal"]._check_company_domain(
                        self.company_id or self.env.company
                    ),
                    ("type", "=", "purchase"),
                ],
                limit=1,
            )
        )

    def _prepare_bill_line(self):
        """Return the values of the bill's line: the amount in company currency, taxes included."""
        self.ensure_one()
        return {
            "name": self.name,
            "product_id": self.product_id.id,
            "account_id": self.account_id.id,
            "quantity": 1.0,
            "price_unit": self.total_amount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "billing_expense_id": self.id,
        }
