from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..models.documents.timesheet.account_analytic_line_billing import GROUPINGS


class BillingTimesheetInvoice(models.TransientModel):
    """Bill unbilled hours: drafts one invoice for each customer."""

    _name = "billing.timesheet.invoice"
    _description = "Invoice Hours"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    selected_hour_ids = fields.Many2many(
        "account.analytic.line",
        string="Selected Hours",
        relation="billing_timesheet_invoice_hour_rel",
        help="Only these are billed. Empty: all unbilled hours of the customers.",
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", check_company=True)
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        required=True,
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('behavior', '=', 'timesheet')]",
        check_company=True,
    )
    grouping = fields.Selection(GROUPINGS, string="One Line per", required=True, default="person")
    invoice_date = fields.Date(help="Empty: the day on which the invoice is posted.")
    currency_id = fields.Many2one(
        "res.currency",
        help="Empty: the currency of the customer's rates if they all have the same, else the "
        "company's. Other rates are converted at the date of each entry.",
    )

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': from a list of hours, or of customers
        values = super().default_get(fields)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        if model == "account.analytic.line" and ids:
            hours = self.env["account.analytic.line"].browse(ids)
            if len(hours.company_id) > 1:
                raise UserError(self.env._("Choose hours of one company at a time."))
            values["company_id"] = hours.company_id.id
            values["selected_hour_ids"] = [Command.set(hours.ids)]
        elif model == "res.partner" and ids:
            partners = self.env["res.partner"].browse(ids).commercial_partner_id
            values["partner_ids"] = [Command.set(partners.ids)]
        return values

    @api.depends("company_id")
    def _compute_billing_type_id(self):
        types = self.env["billing.invoice.type"]
        for wizard in self:
            wizard.billing_type_id = types._get_default(wizard.company_id, "timesheet")

    # -- What is billed ----------------------------------------------------------------------

    def _get_hours(self):
        """Return the unbilled hours that the user asks for."""
        self.ensure_one()
        hours = self.env["account.analytic.line"]
        domain = hours._get_billing_unbilled_domain() & Domain(
            "company_id", "=", self.company_id.id
        )
        if self.selected_hour_ids:
            domain &= Domain("id", "in", self.selected_hour_ids.ids)
        if self.partner_ids or not self.selected_hour_ids:
            domain &= Domain(
                "partner_id.commercial_partner_id", "in", self.partner_ids.commercial_partner_id.ids
            )
        if self.date_from:
            domain &= Domain("date", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("date", "<=", self.date_to)
        return hours.search(domain)

    def _prepare_invoices(self, hours):
        """Return what to bill to whom: a list of (customer, currency, lines).

        :param hours: unbilled ones without problems
        :return: lines as `_get_billing_invoice_lines` has them, in the customer's language
        """
        prepared = []
        by_customer = hours.grouped(lambda line: line.partner_id.commercial_partner_id)
        for customer, theirs in sorted(by_customer.items(), key=lambda item: item[0].display_name):
            currency = self.currency_id or theirs._get_billing_currency()
            localized = theirs.with_context(lang=customer.lang or self.env.lang)
            lines = localized._get_billing_invoice_lines(self.grouping, currency)
            prepared.append((customer, currency, lines))
        return prepared

    # -- The invoices ------------------------------------------------------------------------

    def action_create_invoices(self):
        """Draft one invoice for each customer, and open them.

        :raise UserError: if something cannot be billed; then nothing is
        """
        self.ensure_one()
        if not self.partner_ids and not self.selected_hour_ids:
            raise UserError(self.env._("Choose whom to bill."))
        self._check_period_is_open()
        hours = self._get_hours()._lock_for_billing()
        if not hours:
            raise UserError(self._get_nothing_message())
        problems = hours._get_billing_problems()
        if problems:
            raise UserError("\n".join(problems))
        moves = self._create_invoices(self._prepare_invoices(hours))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        if len(moves) == 1:
            return {**action, "views": [(False, "form")], "res_id": moves.id}
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}

    def _check_period_is_open(self):
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(self.company_id),
             ("type", "=", "sale")],
            limit=1,
        )  # fmt: skip
        locked = self.invoice_date and self.company_id._get_violated_lock_dates(
            self.invoice_date, True, journal
        )
        if locked:
            raise UserError(
                self.env._(
                    "The books are closed up to %s. Choose a later invoice date.",
                    format_date(self.env, locked[-1][0]),
                )
            )

    def _create_invoices(self, prepared):
        """Draft the invoices, and note on the hours where they are."""
        hour = self.env["account.analytic.line"]._get_hour_unit()
        moves = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                [
                    {
                        "move_type": "out_invoice",
                        "company_id": self.company_id.id,
                        "billing_type_id": self.billing_type_id.id,
                        "partner_id": customer.address_get(["invoice"])["invoice"],
                        "currency_id": currency.id,
                        "invoice_date": self.invoice_date,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "sequence": position,
                                    "name": line["name"],
                                    "product_id": line["product"].id,
                                    "product_uom_id": hour.id,
                                    "quantity": line["quantity"],
                                    "price_unit": line["rate"],
                                    "billing_hours": line["quantity"],
                                }
                            )
                            for position, line in enumerate(lines)
                        ],
                    }
                    for customer, currency, lines in prepared
                ]
            )
        )
        for move, (_customer, _currency, lines) in zip(moves, prepared, strict=True):
            move_lines = move.invoice_line_ids.sorted("sequence")
            for move_line, line in zip(move_lines, lines, strict=True):
                line["hours"]._take_for_invoice(move_line)
        return moves
