from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

# Whoever never wants to be reminded is marked No Follow-Up; a pause is for a while.
MOST_DAYS = 366


class BillingPause(models.Model):
    """No reminders to a customer, or of one invoice, until a day; then they go on by themselves.

    Nobody edits a pause: it may be ended early, and stays as history.
    """

    _name = "billing.pause"
    _description = "Pause of Reminders"
    _order = "date_end desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id), ('state', '=', 'posted'), "
        "('move_type', 'in', ('out_invoice', 'out_receipt'))]",
        help="Empty: all invoices of the customer in this company, those to come too.",
    )
    reason = fields.Selection(
        selection=[
            ("clearing", "Something is being cleared up"),
            ("agreed", "Agreed with the customer"),
            ("hardship", "Illness or hardship"),
            ("holiday", "Closed or on holiday"),
            ("insolvency", "Insolvency or legal proceedings"),
            ("other", "Other"),
        ],
        required=True,
    )
    note = fields.Char(help="In your own words; the customer does not see it.")
    date_start = fields.Date(
        string="From",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._get_billing_today(),
    )
    date_end = fields.Date(
        string="Until",
        required=True,
        help="The last day without reminders. They go on by themselves on the day after.",
    )
    ended_on = fields.Date(string="Ended Early on", readonly=True)
    ended_by_id = fields.Many2one("res.users", string="Ended by", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Paused by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        selection=[("active", "Paused"), ("ended", "Over")],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("date_start", "date_end", "ended_on")
    def _compute_state(self):
        for pause in self:
            today = (pause.company_id or self.env.company)._get_billing_today()
            is_over = pause.ended_on or (pause.date_end and pause.date_end < today)
            pause.state = "ended" if is_over else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        active = Domain("ended_on", "=", False) & Domain(
            "date_end", ">=", self.env.company._get_billing_today()
        )
        choices = {"active": active, "ended": ~active}
        return Domain.OR(choices[state] for state in value if state in choices)

    @api.model
    def _active_to_sql(self, alias, as_of):
        """Return, as SQL, whether the pause in ``alias`` holds on a date."""
        return SQL(
            "%(start)s <= %(as_of)s AND %(end)s >= %(as_of)s"
            " AND (%(ended)s IS NULL OR %(ended)s > %(as_of)s)",
            start=SQL.identifier(alias, "date_start"),
            end=SQL.identifier(alias, "date_end"),
            ended=SQL.identifier(alias, "ended_on"),
            as_of=as_of,
        )

    @api.model
    def _find_active(self, partners, companies):
        """Return the pauses in force of these commercial partners, the longest first."""
        domain = Domain("partner_id", "in", partners.ids) & Domain(
            "company_id", "in", companies.ids
        )
        return self.search(domain & Domain("state", "=", "active"), order="date_end desc, id desc")

    @api.model
    def _open_form(self, company, partner, move=None):
        """Return the action that asks until when to pause, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Reminders"),
            "res_model": self._name,
            "views": [(self.env.ref("billing_crm.billing_pause_view_form_dialog").id, "form")],
            "target": "new",
            "context": {
                "default_company_id": company.id,
                "default_partner_id": partner.id,
                "default_move_id": move.id if move else False,
            },
        }

    @api.constrains("date_end", "date_start")
    def _check_dates(self):
        for pause in self:
            if pause.date_end < pause.date_start:
                raise ValidationError(self.env._("The day until which to wait is over already."))
            if pause.date_end > pause.date_start + timedelta(days=MOST_DAYS):
                raise ValidationError(
                    self.env._("A pause lasts a year at most. Mark invoices No Follow-Up instead.")
                )

    @api.constrains("move_id", "partner_id")
    def _check_customer(self):
        for pause in self:
            if pause.partner_id != pause.partner_id.commercial_partner_id or (
                pause.move_id and pause.move_id.commercial_partner_id != pause.partner_id
            ):
                raise ValidationError(self.env._("This is an invoice of another customer."))

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS: a contact's company is what is reminded; who set it and since when is not said
        partners = self.env["res.partner"]
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = partners.browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals.update(
                user_id=self.env.uid,
                date_start=company._get_billing_today(),
                ended_on=False,
                ended_by_id=False,
            )
        pauses = super().create(vals_list)
        self.env["billing.receivable"].invalidate_model()
        pauses._note(lambda pause: pause._describe())
        return pauses

    def action_end(self):
        """Let reminders go on from today."""
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        active = self.sudo().filtered(lambda pause: pause.state == "active")
        for company, pauses in active.grouped("company_id").items():
            pauses.write({"ended_on": company._get_billing_today(), "ended_by_id": self.env.uid})
        self.env["billing.receivable"].invalidate_model()
        active._note(lambda pause: self.env._("The pause of reminders was ended."))

    def _describe(self):
        """Say, for a note, until when and why."""
        self.ensure_one()
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        return self.env._(
            "Reminders are paused until %(day)s: %(reason)s",
            day=format_date(self.env, self.date_end),
            reason=f"{reason} ({self.note})" if self.note else reason,
        )

    def _note(self, say):
        """Write a note on the paused invoices.

        Not on a paused customer: other companies may share the contact and read its notes.
        """
        pauses = self.sudo().filtered("move_id")
        pauses.move_id._message_log_batch({pause.move_id.id: say(pause) for pause in pauses})
