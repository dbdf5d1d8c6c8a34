from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang


class BillingLinkShare(models.TransientModel):
    """Makes a payment link to hand over, and shows it once: only its hash stays."""

    _name = "billing.link.share"
    _inherit = "billing.link.mixin"
    _description = "Payment Link"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    purposes = fields.Char(compute="_compute_purposes")
    purpose = fields.Selection(
        selection=[
            ("invoice", "The whole invoice"),
            ("installment", "One installment"),
            ("statement", "Everything the customer owes"),
        ],
        string="Opens",
        required=True,
    )
    line_ids = fields.Many2many("account.move.line", compute="_compute_line_ids")
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        compute="_compute_line_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', line_ids)]",
    )
    recipient_id = fields.Many2one(
        "res.partner",
        required=True,
        help="Whoever you give it to. What is done with the link is shown under this name.",
    )
    still_open = fields.Char(compute="_compute_still_open")
    expires_on = fields.Datetime(string="Works Until", compute="_compute_expires_on")
    url = fields.Char(string="Address", compute="_compute_url")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model, record_id = self.env.context.get("active_model"), self.env.context.get("active_id")
        if model == "account.move":
            invoice = self.env[model].browse(record_id)
            if invoice.state != "posted" or not invoice.is_sale_document(include_receipts=True):
                raise UserError(
                    self.env._("Only a confirmed invoice to a customer has a payment link.")
                )
            values.update(
                move_id=invoice.id,
                company_id=invoice.company_id.id,
                partner_id=invoice.commercial_partner_id.id,
                recipient_id=invoice.partner_id.id,
                purpose="invoice",
            )
        elif model == "res.partner":
            contact = self.env[model].browse(record_id)
            values.update(
                company_id=self.env.company.id,
                partner_id=contact.commercial_partner_id.id,
                recipient_id=contact.id,
                purpose="statement",
            )
        return values

    @api.depends("move_id", "line_ids")
    def _compute_purposes(self):
        """What may be chosen: installments if several are open, everything by those who see it."""
        may_see_all = self.env.user.has_group("billing_crm.group_billing_user")
        for wizard in self:
            purposes = ["invoice"] if wizard.move_id else []
            if len(wizard.line_ids) > 1:
                purposes.append("installment")
            if may_see_all:
                purposes.append("statement")
            wizard.purposes = ",".join(purposes)

    @api.depends("move_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.move_id.line_ids.filtered(
                lambda line: line.display_type == "payment_term" and not line.reconciled
            ).sorted(lambda line: (line.date_maturity, line.id))

    @api.depends("purpose", "line_ids")
    def _compute_line_id(self):
        for wizard in self:
            is_one = wizard.purpose == "installment"
            wizard.line_id = wizard.line_ids[:1] if is_one else wizard.line_ids.browse()

    @api.depends("purpose", "line_id")
    def _compute_still_open(self):
        """What the link asks for; a link to everything may ask for several currencies."""
        for wizard in self:
            if wizard.purpose == "statement":
                amounts = [(line["currency"], line["amount"]) for line in wizard._get_owed()]
            elif wizard.purpose == "installment":
                line = wizard.line_id
                amounts = [(line.currency_id, line.amount_residual_currency)]
            else:
                amounts = [(wizard.move_id.currency_id, wizard.move_id.amount_residual)]
            wizard.still_open = ", ".join(
                formatLang(self.env, amount, currency_obj=currency) for currency, amount in amounts
            )

    @api.depends("purpose", "line_id")
    def _compute_expires_on(self):
        links = self.env["billing.link"].sudo()
        for wizard in self:
            wizard.expires_on = links._prepare_link(wizard)["expires_on"]

    @api.depends_context("billing_link_url")
    def _compute_url(self):
        """The address exists in the answer to the button and nowhere in the database."""
        self.url = self.env.context.get("billing_link_url")

    def _get_owed(self):
        """Return what the customer owes, credits deducted: a currency and an amount each."""
        own = self.company_id.currency_id
        groups = self.env["billing.receivable"]._read_group(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)],
            ["currency_id"],
            ["residual_currency:sum"],
        )
        owed = [{"currency": currency, "amount": amount} for currency, amount in groups]
        return sorted(owed, key=lambda line: (line["currency"] != own, line["currency"].name))

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        if self.purpose == "statement":
            scope = self.env["billing.link"]._get_statement_scope(
                self.company_id, self.partner_id, self.company_id.currency_id
            )
        else:
            scope = self.move_id._billing_link_scope()
        return {
            **scope,
            "line_id": self.line_id._origin.id if self.purpose == "installment" else False,
            "channel": "copy",
        }

    def action_generate(self):
        """Make the link and show its address."""
        self.ensure_one()
        self._check_may_share()
        path = self.env["billing.link"].sudo()._mint(self.sudo(), self.recipient_id)
        document = self.partner_id if self.purpose == "statement" else self.move_id
        document.sudo()._message_log(
            body=self.env._("Payment link made for %s.", self.recipient_id.display_name)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"billing_link_url": self.get_base_url() + path},
        }

    def _check_may_share(self):
        """:raise AccessError: if the user may not see what the link would open"""
        if self.purpose == "statement":
            if not self.env.user.has_group("billing_crm.group_billing_user"):
                raise AccessError(
                    self.env._("Only billing users may give out a link to all that is owed.")
                )
            if self.company_id not in self.env.companies:
                raise AccessError(self.env._("This company is not yours."))
            self.partner_id.check_access("read")
            return
        if not self.move_id or (self.purpose == "installment" and not self.line_id):
            raise UserError(self.env._("Choose what the link opens."))
        self.move_id.check_access("read")
        if self.line_id and self.line_id not in self.line_ids:
            raise UserError(self.env._("Choose an installment of this invoice."))
