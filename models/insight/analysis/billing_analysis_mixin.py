from odoo import api, fields, models
from odoo.tools import SQL


class BillingAnalysisMixin(models.AbstractModel):
    """What both sales and payments are looked at by: who, where, which document.

    Everything that is joined here is found by a unique key, and joined from the left: PostgreSQL
    leaves out what a question does not ask for, so that more dimensions cost nothing.
    """

    _name = "billing.analysis.mixin"
    _inherit = ["billing.figure.mixin"]
    _description = "Analysis of Customer Documents"
    _figure_currency = "company_currency_id"

    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    move_type = fields.Selection(
        [
            ("out_invoice", "Invoice"),
            ("out_refund", "Credit Note"),
            ("out_receipt", "Receipt"),
        ],
        string="Kind",
        readonly=True,
    )
    billing_type_id = fields.Many2one("billing.invoice.type", string="Invoice Type", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    invoice_date = fields.Date(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="The company of the contact billed."
    )
    salesperson_id = fields.Many2one(
        "res.users", readonly=True, help="The salesperson of the customer."
    )
    invoice_user_id = fields.Many2one("res.users", string="Invoiced by", readonly=True)
    country_id = fields.Many2one(
        "res.country",
        readonly=True,
        help="The place is that of the contact on the document; of a contact without an address, "
        "that of their company.",
    )
    state_id = fields.Many2one("res.country.state", readonly=True)
    city = fields.Char(readonly=True)
    zip = fields.Char(string="ZIP", readonly=True)

    _depends = {
        "account.move": [
            "billing_type_id",
            "invoice_date",
            "invoice_user_id",
            "move_type",
            "partner_id",
        ],
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "display_type",
            "move_id",
            "parent_state",
        ],
        "res.company": ["currency_id"],
        "res.partner": [
            "city",
            "commercial_partner_id",
            "country_id",
            "state_id",
            "user_id",
            "zip",
        ],
    }

    @api.model
    def _select_dimensions(self):
        """Return the columns of the fields above; they need `_join_dimensions`."""
        return SQL(
            """
                   line.move_id,
                   move.move_type,
                   move.billing_type_id,
                   line.company_id,
                   line.company_currency_id,
                   move.invoice_date,
                   contact.commercial_partner_id AS partner_id,
                   customer.user_id AS salesperson_id,
                   move.invoice_user_id,
                   %(place)s
            """,
            place=SQL(", ").join(
                self._select_of_place(name) for name in ("country_id", "state_id", "city", "zip")
            ),
        )

    @api.model
    def _select_of_place(self, name):
        """A part of an address: of one and the same address, not the city here and the country
        there."""
        return SQL(
            """
            CASE WHEN COALESCE(contact.country_id::text, NULLIF(contact.city, '')) IS NOT NULL
                 THEN %(here)s ELSE %(there)s
            END AS %(name)s
            """,
            here=self._place_to_sql("contact", name),
            there=self._place_to_sql("customer", name),
            name=SQL.identifier(name),
        )

    @api.model
    def _place_to_sql(self, alias, name):
        column = SQL.identifier(alias, name)
        return SQL("NULLIF(btrim(%s), '')", column) if name in ("city", "zip") else column

    @api.model
    def _join_dimensions(self):
        """Return the joins to ``line`` of ``move`` that `_select_dimensions` needs."""
        return SQL(
            """
            LEFT JOIN res_partner contact ON contact.id = move.partner_id
            LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            """
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        # EXTENDS 'base': lists, groups and pivots all begin here. Of so many joins PostgreSQL
        # expects more work than there is, and would spend longer on compiling than on running.
        self.env.cr.execute("SET LOCAL jit = off")
        return super()._search(domain, *args, **kwargs)

    def action_open_document(self):
        """Open the document that a row belongs to."""
        self.ensure_one()
        return self.move_id._get_records_action()
