from odoo import api, fields, models
from odoo.exceptions import AccessError

KINDS = [
    ("interest", "Interest"),
    ("fee", "Fixed fee"),
    ("percentage", "Percentage fee"),
]

# What counts as asked for: it is not asked for again.
COUNTED = ("charged", "waived")


class BillingLateCharge(models.Model):
    """What a customer is charged for paying an installment late, and how it was calculated.

    Proposed first, which can be taken back without a trace; then charged with a debit note, or
    waived. What was charged or waived is never charged again: the next proposal is the increment.
    """

    _name = "billing.late.charge"
    _description = "Late Charge"
    _order = "date_to desc, move_origin_id desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_origin_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="What was paid late.",
    )
    date_maturity = fields.Date(related="line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    number = fields.Integer(
        readonly=True, help="Which charge of its kind on the installment this is, from 1."
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    amount = fields.Monetary(
        required=True, readonly=True, help="In the currency of the invoice, without taxes."
    )
    calculation = fields.Json(
        readonly=True,
        help="How the amount was found, as it stood then: periods, days, amounts, rates, sources.",
    )
    policy_id = fields.Many2one(
        "billing.late.fee.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The conditions by which it was calculated.",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "To Approve"),
            ("charged", "Charged"),
            ("waived", "Waived"),
            ("reversed", "Reversed"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
        help="Waived: the customer need not pay it, now or later. Reversed: it was charged and "
        "taken back; what is still justified can be charged again.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Debit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line of the Debit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What took it back after it had been charged.",
    )
    reminder_id = fields.Many2one(
        "billing.reminder", readonly=True, index="btree_not_null", ondelete="set null"
    )
    reason = fields.Char(readonly=True, help="Why it was waived or reversed.")
    decided_by_id = fields.Many2one("res.users", readonly=True, help="Who decided about it.")
    decided_on = fields.Datetime(readonly=True)

    # one proposal at a time, and each number once: whatever runs at the same time
    _one_proposal_uniq = models.UniqueIndex("(line_id, kind) WHERE state = 'proposed'")
    _charged_once_uniq = models.UniqueIndex("(line_id, kind, number) WHERE state = 'charged'")
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A late charge cannot be zero or negative."
    )

    @api.depends("move_origin_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for charge in self:
            invoice = charge.sudo().move_origin_id.name or ""
            charge.display_name = f"{invoice}: {kinds.get(charge.kind)}"

    def _for_clerk(self):
        """Return these charges with the right to change them, for those who may press a button.

        Nobody may write on them otherwise: they say what was charged.
        """
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        return self.sudo()

    def _decided(self, state, **values):
        """Note what was decided about these charges, when, and by whom."""
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                **values,
            }
        )

    def _log_decision(self):
        """Write what was decided about these charges into the journal of their invoices."""
        for (invoice, state), charges in self.grouped(
            lambda charge: (charge.move_origin_id, charge.state)
        ).items():
            amount = charges.currency_id.format(sum(charges.mapped("amount")))
            reason = charges[:1].reason
            self.env["billing.event"]._log(
                invoice, f"late_{state}", note=f"{amount}, {reason}" if reason else amount
            )

    # -- Screens -----------------------------------------------------------------------------------

    def action_waive(self):
        """Ask why, and how much, the customer need not pay."""
        waivable = self.filtered(lambda charge: charge.state in ("proposed", "charged"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive"),
            "res_model": "billing.late.charge.waive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_charge_ids": waivable.ids},
        }

    def action_view_invoice(self):
        """Open the invoice that was paid late."""
        self.ensure_one()
        return self.move_origin_id._get_records_action()

    def action_view_debit_note(self):
        """Open the debit note with which this was charged."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_print_calculation(self):
        """Print how these charges were calculated."""
        self.check_access("read")
        return self.env.ref("billing_crm.report_late_charge").report_action(self.ids)

    @api.model
    def _get_list_action(self, domain, **context):
        """Open the late charges of ``domain``, whatever became of them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_late_charge"
        )
        return {**action, "domain": domain, "context": context}
