from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The kinds of document that typed lines are enough for. The others are about something else: hours,
# expenses, a plan, an original.
BEHAVIORS = ("standard", "credit", "mixed", "recurring", "past_due")
# As many are written while the user waits; more are left to the background job.
AT_ONCE = 200
SHOWN = 20


class BillingBatchCreate(models.TransientModel):
    """One draft for each of many customers, all with the same lines."""

    _name = "billing.batch.create"
    _description = "Create Invoices for Many Customers"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        context={"active_test": False},
        default=lambda self: self._get_selected_partners(),
    )
    invoice_partner_ids = fields.Many2many(
        "res.partner",
        "billing_batch_create_invoice_partner_rel",
        string="Customers to Invoice",
        compute="_compute_invoice_partner_ids",
        context={"active_test": False},
    )
    invoice_count = fields.Integer(
        string="Number of Drafts", compute="_compute_invoice_partner_ids"
    )
    left_out = fields.Html(compute="_compute_invoice_partner_ids", sanitize=False)
    remark = fields.Char(compute="_compute_remark")
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        required=True,
        check_company=True,
        domain=[("behavior", "in", BEHAVIORS)],
        default=lambda self: (
            self.env["billing.invoice.type"]
            .sudo()
            ._get_default(self.env.company, "standard")
            .sudo(False)
        ),
    )
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    invoice_date = fields.Date(help="Empty: the day each of them is posted.")
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Empty: those of the invoice type, else those agreed with each customer.",
    )
    ref = fields.Char(string="Reference", help="Printed on every invoice.")
    line_ids = fields.One2many("billing.batch.create.line", "wizard_id", string="Lines")
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount of Each", compute="_compute_amount_untaxed"
    )

    def _get_selected_partners(self):
        context = self.env.context
        if context.get("active_model") != "res.partner":
            return False
        return [fields.Command.set(context.get("active_ids", []))]

    @api.constrains("billing_type_id")
    def _check_billing_type(self):
        for wizard in self:
            chosen = wizard.billing_type_id.sudo()
            if chosen.behavior not in BEHAVIORS:
                raise ValidationError(
                    self.env._("Typed lines are not enough for a «%s».", chosen.name)
                )

    @api.depends("line_ids.amount")
    def _compute_amount_untaxed(self):
        for wizard in self:
            wizard.amount_untaxed = sum(wizard.line_ids.mapped("amount"))

    # -- Who gets one ------------------------------------------------------------------------

    @api.depends("partner_ids", "company_id")
    def _compute_invoice_partner_ids(self):
        for wizard in self:
            chosen, left_out = wizard._get_customers()
            wizard.invoice_partner_ids = chosen
            wizard.invoice_count = len(chosen)
            wizard.left_out = left_out and wizard._render_left_out(left_out)

    @api.depends("partner_ids", "company_id")
    def _compute_remark(self):
        for wizard in self:
            without = wizard.invoice_partner_ids.filtered(
                lambda partner: not (partner.street or partner.city or partner.country_id)
            )
            wizard.remark = bool(without) and self.env._(
                "%(count)s of them have no address, which belongs on an invoice: %(names)s.",
                count=len(without),
                names=self._shorten(without.mapped("display_name")),
            )

    def _get_customers(self):
        """Return who gets an invoice, and who is left out with the reason.

        Two contacts of one company are one customer: it would pay twice for the same thing. The
        company itself is invoiced if it was chosen, else the contact chosen first.

        :return: `res.partner`, and a list of (`res.partner`, str)
        """
        self.ensure_one()
        partners = self.partner_ids._origin
        by_customer, left_out = {}, []
        # stable: the company first, then its contacts as they were chosen
        for partner in partners.sorted(lambda partner: partner != partner.commercial_partner_id):
            customer = partner.commercial_partner_id
            if not partner.active:
                left_out.append((partner, self.env._("archived")))
            elif partner.company_id and partner.company_id not in self.company_id.parent_ids:
                left_out.append((partner, self.env._("a customer of another company")))
            elif customer in by_customer:
                twin = by_customer[customer].display_name
                left_out.append((partner, self.env._("the same customer as %s", twin)))
            else:
                by_customer[customer] = partner
        chosen = {partner.id for partner in by_customer.values()}
        return partners.filtered(lambda partner: partner.id in chosen), left_out

    def _render_left_out(self, left_out):
        items = Markup().join(
            Markup("<li>%s: %s</li>") % (partner.display_name, reason)
            for partner, reason in left_out[:SHOWN]
        )
        if len(left_out) > SHOWN:
            items += Markup("<li>%s</li>") % self.env._("and %s more", len(left_out) - SHOWN)
        return Markup("<ul class='mb-0'>%s</ul>") % items

    def _shorten(self, names):
        more = len(names) - SHOWN
        texts = names[:SHOWN] + ([self.env._("and %s more", more)] if more > 0 else [])
        return ", ".join(texts)

    # -- Doing it ----------------------------------------------------------------------------

    def action_create(self):
        """Write the drafts, and show the result."""
        self.ensure_one()
        customers, left_out = self._get_customers()
        if not customers:
            raise UserError(self.env._("Choose at least one customer to invoice."))
        if not self.line_ids:
            raise UserError(self.env._("Add at least one line: what is to be invoiced?"))
        batch = (
            self.env["billing.batch"]
            .sudo()
            .create(
                {
                    "kind": "create",
                    "company_id": self.company_id.id,
                    "draft_values": self._get_draft_values(),
                    "line_ids": [
                        fields.Command.create({"partner_id": partner.id}) for partner in customers
                    ]
                    + [
                        fields.Command.create(
                            {
                                "partner_id": partner.id,
                                "state": "skipped",
                                "reason": self.env._("Left out: %s.", reason),
                            }
                        )
                        for partner, reason in left_out
                    ],
                }
            )
        )
        if len(customers) <= AT_ONCE:
            waiting = batch.line_ids.filtered(lambda line: line.state == "waiting")
            batch._work_on(waiting)
            batch._finish_if_done()
        else:
            batch._trigger()
        return batch.sudo(False)._get_action()

    def _get_draft_values(self):
        """Return what every draft gets, as JSON: the customer may come to it later, in a job."""
        is_credit = self.billing_type_id.behavior == "credit"
        move = {
            "move_type": "out_refund" if is_credit else "out_invoice",
            "billing_type_id": self.billing_type_id.id,
            "currency_id": self.currency_id.id,
        }
        if self.invoice_date:
            move["invoice_date"] = fields.Date.to_string(self.invoice_date)
        if self.payment_term_id:
            move["invoice_payment_term_id"] = self.payment_term_id.id
        if self.ref:
            move["ref"] = self.ref
        if self.billing_properties:
            move["billing_properties"] = self.read(["billing_properties"])[0]["billing_properties"]
        return {"move": move, "lines": [line._get_values() for line in self.line_ids]}
