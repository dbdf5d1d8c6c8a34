from odoo import api, fields, models
from odoo.exceptions import UserError

TRIGGERS = [
    ("date", "On its date"),
    ("done", "When its work is done"),
    ("manual", "By hand"),
]


class BillingMilestone(models.Model):
    """A portion of a contract, and what has to happen before it is invoiced."""

    _name = "billing.milestone"
    _description = "Milestone"
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "billing.milestone.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="plan_id.partner_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(related="plan_id.user_id", store=True, precompute=True)
    plan_state = fields.Selection(related="plan_id.state", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Milestone", required=True)
    description = fields.Text(help="Printed on the invoice below the milestone.")
    trigger = fields.Selection(
        selection=TRIGGERS, string="Invoiced When", default="date", required=True
    )
    date = fields.Date(string="Due", help="The day it is invoiced, or planned to be done.")
    done = fields.Boolean(string="Work Done", copy=False)
    is_release = fields.Boolean(
        string="Release of Retention",
        readonly=True,
        help="Bills what the other milestones have withheld.",
    )
    amount = fields.Monetary(
        help="Its share of the contract: with the taxes that are included in prices, without those "
        "that are added to them."
    )
    percentage = fields.Float(
        string="%",
        compute="_compute_percentage",
        inverse="_inverse_percentage",
        store=True,
        aggregator=None,
    )
    allocation = fields.Json(
        copy=False,
        readonly=True,
        help="What it bills of each line of the contract: base and taxes to the cent.",
    )
    retention_rate = fields.Float(
        digits=(5, 2), copy=False, readonly=True, help="The part that its invoice withheld."
    )
    move_ids = fields.One2many(
        "account.move",
        "billing_milestone_id",
        string="Documents",
        help="Every invoice that was made, also those that were cancelled or credited.",
    )
    invoice_id = fields.Many2one(
        "account.move",
        copy=False,
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    was_invoiced = fields.Boolean(
        copy=False,
        readonly=True,
        help="It is invoiced by itself only once. When its invoice is deleted, cancelled or "
        "credited, a person decides when to invoice it again.",
    )
    error = fields.Char(string="Problem", copy=False, readonly=True)

    # one column holds one invoice, and an invoice stands in one row only: a milestone is billed
    # once, whoever tries at the same time
    _invoice_uniq = models.UniqueIndex(
        "(invoice_id) WHERE invoice_id IS NOT NULL",
        "An invoice bills one milestone only.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "A milestone cannot be less than zero."
    )

    @api.depends("amount", "plan_id.amount", "by_percentage")
    def _compute_percentage(self):
        for milestone in self:
            total = milestone.plan_id.amount
            if milestone._follows_total():
                continue
            # what a person typed stays, as long as it comes to the amount: a third is a third
            if not total or not milestone._is_share(milestone.percentage):
                milestone.percentage = 100.0 * milestone.amount / total if total else 0.0

    def _inverse_percentage(self):
        for milestone in self:
            milestone.write(
                {"amount": milestone._get_amount_of(milestone.percentage), "by_percentage": True}
            )

    def _get_amount_of(self, percentage):
        """Return the amount that is a percentage of the contract, rounded."""
        plan = self.plan_id
        currency = plan.currency_id or self.env.company.currency_id
        return currency.round(plan.amount * percentage / 100.0)

    def _is_share(self, percentage):
        """Whether a percentage of the contract comes to the amount of this milestone."""
        currency = self.plan_id.currency_id or self.env.company.currency_id
        return not currency.compare_amounts(self._get_amount_of(percentage), self.amount)

    @api.onchange("percentage")
    def _onchange_percentage(self):
        # the percentage that follows from a typed amount comes to that amount already
        if not self._is_share(self.percentage):
            self.by_percentage = True
            self.amount = self._get_amount_of(self.percentage)

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create([self._prefer_amount(vals) for vals in vals_list])
        for milestone, vals in zip(milestones, vals_list, strict=True):
            milestone._keep_percentage(vals)
        milestones._report_change()
        return milestones

    def write(self, vals):
        given, vals = vals, self._prefer_amount(vals)
        if AGREED.intersection(vals):
            self._check_changeable(vals)
        result = super().write(vals)
        for milestone in self:
            milestone._keep_percentage(given)
        if {"amount", "percentage", "sequence"}.intersection(vals):
            self._report_change()
        if {"done", "date", "trigger"}.intersection(vals):
            ready = self.filtered(lambda milestone: milestone.plan_state == "confirmed")
            if ready:
                ready.plan_id._call_cron()
        return result

    def unlink(self):
        plans = self.plan_id
        self._check_changeable({"plan_id": False})
        result = super().unlink()
        if not self.env.context.get("billing_plan_in_writing"):
            plans.exists()._milestones_changed()
        return result

    @api.model
    def _prefer_amount(self, vals):
        """An amount is exact, the percentage that the form sends with it is rounded."""
        if "amount" in vals and "percentage" in vals:
            return {fname: value for fname, value in vals.items() if fname != "percentage"}
        return vals

    def _keep_percentage(self, vals):
        """Keep the percentage that came with an amount, if they are the same share.

        An amount that is another share was entered as such.
        """
        if "amount" not in vals:
            return
        by_percentage = vals.get("by_percentage", self.by_percentage)
        if vals.get("percentage") and self._is_share(vals["percentage"]):
            self.percentage = vals["percentage"]
        elif "by_percentage" not in vals and not self._is_share(self.percentage):
            by_percentage = False
        if self.by_percentage != by_percentage:
            self.by_percentage = by_percentage

    def _report_change(self):
        """Tell the plan, unless the plan itself is saving several milestones at once."""
        if not self.env.context.get("billing_plan_in_writing"):
            self.plan_id._milestones_changed()

    def _check_changeable(self, vals):
        """Raise if a milestone that is invoiced would change, or one would go to another plan."""
        for milestone in self:
            if vals.get("plan_id", milestone.plan_id.id) not in (False, milestone.plan_id.id):
                raise UserError(
                    self.env._(
                        "«%(milestone)s» is a part of %(plan)s and stays there.",
                        milestone=milestone.name,
                        plan=milestone.plan_id.name,
                    )
                )
            if not milestone.is_billed and not (
                "amount" in vals and milestone.plan_state == "confirmed" and milestone._is_own()
            ):
                continue
            changed = [
                fname
                for fname in AGREED.intersection(vals)
                if milestone._fields[fname].convert_to_write(milestone[fname], milestone)
                != vals[fname]
            ]
            if not changed:
                continue
            if milestone._is_own() and not milestone.is_billed:
                raise UserError(
                    self.env._(
                        "«%s» bills a change order: its amount is changed by another one.",
                        milestone.name,
                    )
                )
            raise UserError(
                self.env._(
                    "«%(milestone)s» is invoiced by %(invoice)s and stays as it is. Cancel or "
                    "credit that invoice first.",
                    milestone=milestone.name,
                    invoice=milestone.sudo().invoice_id.display_name,
                )
            )

    def _is_own(self):
        """Whether this milestone bills a change order, and nothing else."""
        self.ensure_one()
        return self in self.plan_id.line_ids.milestone_id


# What a customer has been billed for, as they read it.
AGREED = {"plan_id", "name", "description", "amount", "percentage"}
