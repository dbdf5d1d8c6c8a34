from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

# A week is what most people mean by "soon".
USUAL_DAYS = 7


class BillingPromiseWizard(models.TransientModel):
    """Writes down what a customer promised, on the phone, in a meeting or in a mail."""

    _name = "billing.promise.wizard"
    _description = "Record a Promise to Pay"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    available_line_ids = fields.Many2many(
        "account.move.line", compute="_compute_available_line_ids"
    )
    available_currency_ids = fields.Many2many("res.currency", compute="_compute_available_line_ids")
    currency_id = fields.Many2one("res.currency", required=True)
    line_ids = fields.Many2many(
        "account.move.line",
        string="Installments",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_line_ids)]",
        help="No part of these is asked for until the days of grace are over.",
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    date_promised = fields.Date(string="Promised for", required=True)
    contact_id = fields.Many2one(
        "res.partner",
        string="Promised by",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    source = fields.Selection(
        selection=[("clerk", "Told us"), ("reply", "Reply by e-mail")],
        string="How",
        required=True,
        default="clerk",
    )
    reply_id = fields.Many2one("mail.message", readonly=True)
    reply_body = fields.Html(related="reply_id.body", string="Their Reply")
    note = fields.Char()
    rank = fields.Integer(readonly=True)
    is_over_limit = fields.Boolean(readonly=True)

    @api.model
    def _open(self, records):
        """Return the action that shows this form for what ``records`` are about.

        :param records: invoices, open items, a customer (of the current company) or a reminder
        :raise UserError: if they are of several customers, or nothing of them can be promised
        """
        self.check_access("create")
        records.check_access("read")
        company, partner, currency = self._get_parties(records)
        if len(company) != 1 or len(partner) != 1:
            raise UserError(self.env._("A promise is about one customer and one company."))
        rows = self.env["billing.promise"]._get_promisable(company, partner)
        chosen = self._choose_rows(records, rows, currency)
        if not chosen:
            raise UserError(
                self.env._("Nothing is open here that is not promised or being paid already.")
            )
        reply = self._find_reply(records, partner)
        rank = self.env["billing.promise"]._get_next_rank(company, partner)
        wizard = self.create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": chosen.currency_id.id,
                "line_ids": [Command.set(chosen.line_id.ids)],
                "contact_id": reply.author_id.id or partner.id,
                "source": "reply" if reply else "clerk",
                "reply_id": reply.id,
                "date_promised": company._get_billing_today() + timedelta(days=USUAL_DAYS),
                "rank": rank,
                "is_over_limit": 0 < company.billing_promise_limit < rank,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Promise"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _get_parties(self, records):
        """Return the company, the customer and the currency (or none) that these are about."""
        if records._name == "res.partner":
            return self.env.company, records.commercial_partner_id, self.env["res.currency"]
        if records._name == "account.move":
            return records.company_id, records.commercial_partner_id, records.currency_id[:1]
        return records.company_id, records.partner_id, records.currency_id[:1]

    @api.model
    def _choose_rows(self, records, rows, currency):
        """Return what is proposed: the chosen items, else what is due, else all that is open.

        Of one currency: that of the records, else the company's, else the first there is.
        """
        if records._name == "account.move":
            rows = rows.filtered(lambda row: row.move_id in records)
        elif records._name == "billing.receivable":
            return rows.filtered(
                lambda row: row.line_id in records.line_id and row.currency_id == currency
            )
        if not rows:
            return rows
        for wanted in (currency, rows.company_id.currency_id, rows.currency_id[:1]):
            same = rows.filtered(lambda row, wanted=wanted: row.currency_id == wanted)
            if same:
                break
        today = rows.company_id._get_billing_today()
        return same.filtered(lambda row: row.date_maturity <= today) or same

    @api.model
    def _find_reply(self, records, partner):
        """Return the mail in which the customer may have promised, if there is one."""
        documents = records.move_id if records._name == "billing.receivable" else records
        if documents._name == "res.partner":
            return self.env["mail.message"]
        return self.env["billing.reply"]._find(documents, partner)

    @api.depends("company_id", "partner_id", "currency_id")
    def _compute_available_line_ids(self):
        for wizard in self:
            rows = self.env["billing.promise"]._get_promisable(wizard.company_id, wizard.partner_id)
            wizard.available_currency_ids = rows.currency_id
            wizard.available_line_ids = rows.filtered(
                lambda row, wizard=wizard: row.currency_id == wizard.currency_id
            ).line_id

    @api.depends("currency_id")
    def _compute_line_ids(self):
        for wizard in self:
            if wizard.line_ids.currency_id != wizard.currency_id:
                today = wizard.company_id._get_billing_today()
                lines = wizard.available_line_ids
                wizard.line_ids = (
                    lines.filtered(lambda line, today=today: line.date_maturity <= today) or lines
                )

    @api.depends("line_ids")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.amount_open = sum(wizard.line_ids.mapped("amount_residual_currency"))

    @api.depends("line_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_open

    def action_record(self):
        """Write the promise down.

        :raise UserError: if it cannot be promised (any more)
        """
        self.ensure_one()
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not yours."))
        promises = self.env["billing.promise"]
        self.line_ids.move_id._billing_claim()
        rows = promises._get_promisable(
            self.company_id, self.partner_id, [("line_id", "in", self.line_ids.ids)]
        )
        if rows.line_id != self.line_ids:
            raise UserError(self.env._("This has changed. Please look again."))
        promise = promises._record(
            rows,
            self.amount,
            self.date_promised,
            source=self.source,
            contact_id=self.contact_id.id,
            user_id=self.env.uid,
            note=self.note,
            reply_id=self.reply_id.id if self.source == "reply" else False,
        )
        if promise.reply_id:
            document = self.env[promise.reply_id.model].browse(promise.reply_id.res_id)
            document.sudo().activity_feedback(["billing_crm.mail_activity_type_reply"])
        return {"type": "ir.actions.act_window_close"}
