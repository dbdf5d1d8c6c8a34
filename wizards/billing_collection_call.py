from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ..models.crm.worklist.billing_event import CALL_OUTCOMES

# Days until the next step, by what came of the call. Who was not reached is called again tomorrow;
# who will pay today is looked at when the money should be there; a wrong number is found at once.
NEXT_DAYS = {"reached": 7, "no_answer": 1, "wrong_number": 0, "will_pay": 3}

# Somebody was spoken with.
SPOKEN = ("reached", "promised", "disputed", "will_pay")


class BillingCollectionCall(models.TransientModel):
    """Whom to call, what to say, and what came of it."""

    _name = "billing.collection.call"
    _description = "Call a Customer"

    collection_id = fields.Many2one("billing.collection", required=True, readonly=True)
    partner_id = fields.Many2one(related="collection_id.partner_id")
    company_id = fields.Many2one(related="collection_id.company_id")
    contact_id = fields.Many2one(
        "res.partner",
        string="Spoken With",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    phone = fields.Char(compute="_compute_phone")
    talking_points = fields.Html(related="collection_id.talking_points")
    notes = fields.Html(related="collection_id.notes")
    outcome = fields.Selection(CALL_OUTCOMES, required=True, default="reached")
    note = fields.Text()
    next_on = fields.Date(
        string="Next Step",
        compute="_compute_next_on",
        store=True,
        readonly=False,
        help="You find the customer among your activities on this day.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "billing.collection":
            values["collection_id"] = self.env.context["active_ids"][0]
        return values

    @api.depends("collection_id")
    def _compute_contact_id(self):
        for call in self:
            call.contact_id = call.collection_id.contact_id

    @api.depends("contact_id")
    def _compute_phone(self):
        for call in self:
            call.phone = call.contact_id.phone or call.partner_id.phone

    @api.depends("outcome")
    def _compute_next_on(self):
        for call in self:
            days = NEXT_DAYS.get(call.outcome)
            today = fields.Date.context_today(call)
            call.next_on = days is not None and fields.Date.add(today, days=days)

    def action_log(self):
        """Write the call down, and go on to the promise or the dispute if there is one."""
        self.ensure_one()
        row = self.collection_id
        row.check_access("read")
        if row.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not yours."))
        if self.contact_id.commercial_partner_id != row.partner_id:
            raise UserError(self.env._("Choose a contact of this customer."))
        event = self.env["billing.event"]._log_rows(
            [{"partner_id": row.partner_id.id, "company_id": row.company_id.id}],
            "called",
            outcome=self.outcome,
            user_id=self.env.uid,
            recipient_id=self.contact_id.id,
            note=self.note,
        )
        text = event._describe_call()
        row.message_post(body=text)
        row._mark_contacted("call", self.next_on)
        self._plan_next_step(text)
        if self.env.user.has_group("billing_crm.group_billing_user"):
            if self.outcome == "promised":
                return row.action_promise()
            if self.outcome == "disputed":
                return row.action_dispute()
        return {"type": "ir.actions.act_window_close"}

    def _plan_next_step(self, done):
        """Close the calls that were planned, or that reminders wait for, and plan the next one."""
        row = self.collection_id.sudo()
        if self.outcome in SPOKEN:
            calls = [
                ("state", "=", "waiting"),
                ("activity_id.activity_type_id.category", "=", "phonecall"),
            ]
            reminders = row._search_of_customers("billing.reminder", calls)
            reminders.activity_id.action_feedback(feedback=done)
        call = "mail.mail_activity_data_call"
        row.activity_feedback([call], user_id=self.env.uid, feedback=done, only_automated=False)
        if self.next_on:
            row.activity_schedule(
                call,
                self.next_on,
                user_id=(row.user_id or self.env.user).id,
                note=plaintext2html(self.note) if self.note else False,
            )
