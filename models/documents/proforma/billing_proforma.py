from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# How long an estimate stands unless its author says otherwise.
VALID_DAYS = 30

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("cancel", "Cancelled"),
]


class BillingProforma(models.Model):
    """An estimate in the dress of an invoice.

    It is no journal entry: nothing is owed because of it, so it cannot be posted, paid, chased or
    aged. Invoices are made from it, and it shows what became of what was estimated.
    """

    _name = "billing.proforma"
    _description = "Pro Forma"
    _inherit = ["billing.agreement.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _billing_behavior = "proforma"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    state = fields.Selection(
        selection=STATES,
        string="Answer",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(ondelete="restrict")
    billing_type_id = fields.Many2one(string="Type", required=True, index=True, tracking=True)
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition", copy=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False, tracking=True)
    validity_date = fields.Date(
        string="Valid Until",
        compute="_compute_validity_date",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
        help="The customer can accept until the end of this day. Empty: without end.",
    )
    payment_term_id = fields.Many2one(help="Of the invoices that are made from it.")
    currency_rate = fields.Float(compute="_compute_currency_rate", digits=0)
    company_price_include = fields.Selection(related="company_id.account_price_include")
    tax_country_id = fields.Many2one("res.country", compute="_compute_tax_country_id")
    line_ids = fields.One2many("billing.proforma.line", "proforma_id", string="Lines", copy=True)
    note = fields.Html(string="Terms and Conditions")

    tax_totals = fields.Binary(compute="_compute_tax_totals", exportable=False)
    amount_untaxed = fields.Monetary(
        string="Estimated", compute="_compute_amounts", store=True, tracking=True
    )
    amount_tax = fields.Monetary(string="Taxes", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(string="Total", compute="_compute_amounts", store=True)

    _company_name_uniq = models.UniqueIndex(
        "(company_id, name)", "Another pro forma of this company has the same number."
    )

    # -- Defaults --------------------------------------------------------------------------------

    @api.depends("date")
    def _compute_validity_date(self):
        for proforma in self:
            start = proforma.date or fields.Date.context_today(proforma)
            proforma.validity_date = start + timedelta(days=VALID_DAYS)

    @api.depends("currency_id", "company_id", "date")
    def _compute_currency_rate(self):
        for proforma in self:
            proforma.currency_rate = self.env["res.currency"]._get_conversion_rate(
                proforma.company_id.currency_id,
                proforma.currency_id or proforma.company_id.currency_id,
                proforma.company_id,
                proforma.date or fields.Date.context_today(proforma),
            )

    @api.depends("company_id", "fiscal_position_id")
    def _compute_tax_country_id(self):
        for proforma in self:
            position = proforma.fiscal_position_id
            proforma.tax_country_id = (
                position.country_id
                if position.foreign_vat
                else proforma.company_id.account_fiscal_country_id
            )

    @api.onchange("fiscal_position_id")
    def _onchange_fiscal_position_id(self):
        """Another fiscal position means other taxes on the lines that are there already."""
        self.line_ids._compute_tax_ids()

    # -- Totals ----------------------------------------------------------------------------------

    def _get_base_lines(self):
        """Return the lines as Odoo's tax engine wants them, with their rounded tax details."""
        self.ensure_one()
        engine = self.env["account.tax"]
        company = self.company_id or self.env.company
        base_lines = [
            line._prepare_base_line_for_taxes_computation()
            for line in self.line_ids
            if not line.display_type
        ]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        return base_lines

    def _get_tax_totals(self):
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.env["account.tax"]._get_tax_totals_summary(
            base_lines=self._get_base_lines(),
            currency=self.currency_id or company.currency_id,
            company=company,
        )

    @api.depends("line_ids.price_subtotal", "line_ids.price_total", "currency_id", "company_id")
    def _compute_amounts(self):
        for proforma in self:
            totals = proforma._get_tax_totals()
            proforma.amount_untaxed = totals["base_amount_currency"]
            proforma.amount_tax = totals["tax_amount_currency"]
            proforma.amount_total = totals["total_amount_currency"]

    @api.depends_context("lang")
    @api.depends("line_ids.price_subtotal", "line_ids.price_total", "currency_id", "company_id")
    def _compute_tax_totals(self):
        for proforma in self:
            proforma.tax_totals = proforma._get_tax_totals()

    # -- Life ------------------------------------------------------------------------------------

    @api.constrains("date", "validity_date")
    def _check_validity_date(self):
        for proforma in self:
            if proforma.validity_date and proforma.validity_date < proforma.date:
                raise ValidationError(
                    self.env._("%s would be valid until a day before its date.", proforma.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The number is given at once: a draft that is talked about on the phone has a name."""
        types = self.env["billing.invoice.type"]
        for vals in vals_list:
            if not vals.get("name"):
                company = self.env["res.company"].browse(
                    vals.get("company_id") or self.default_get(["company_id"])["company_id"]
                )
                invoice_type = types.browse(vals.get("billing_type_id")) or types._get_default(
                    company, "proforma"
                )
                day = fields.Date.to_date(vals.get("date")) or fields.Date.context_today(self)
                sequence = invoice_type._get_proforma_sequence(company)
                vals["name"] = sequence.next_by_id(sequence_date=day)
        return super().create(vals_list)

    def write(self, vals):
        # what a customer has seen, or answered, is not changed behind their back
        if CONTENT.intersection(vals):
            self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        for proforma in self:
            if proforma.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is no draft any more. Set it back to draft first.", proforma.name
                    )
                )
        # the invoice of a draft was cancelled once, and is not any more
        self._check_not_invoiced()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for proforma in self:
            if proforma.sudo().invoice_ids:
                raise UserError(
                    self.env._("%s cannot be deleted: invoices were made from it.", proforma.name)
                )
            if proforma.state not in ("draft", "cancel"):
                raise UserError(
                    self.env._("%s was sent. Cancel it before you delete it.", proforma.name)
                )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for proforma in self:
            proforma.display_name = proforma.name or self.env._("New Pro Forma")


# What makes up the estimate, as the customer sees it.
CONTENT = {
    "partner_id",
    "company_id",
    "billing_type_id",
    "date",
    "fiscal_position_id",
    "currency_id",
    "line_ids",
    "note",
}
