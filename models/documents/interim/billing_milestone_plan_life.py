from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BillingMilestonePlan(models.Model):
    """A plan from draft to confirmed and back, and what may be changed meanwhile."""

    _inherit = "billing.milestone.plan"

    @api.constrains("retention_rate")
    def _check_retention_rate(self):
        for plan in self:
            if not 0 <= plan.retention_rate < 100:
                raise ValidationError(self.env._("A retention is between 0 % and less than 100 %."))

    @api.constrains("milestone_ids")
    def _check_not_too_much(self):
        for plan in self.filtered(lambda plan: plan.state == "draft"):
            plan._check_sum(allow_less=True)

    @api.onchange("line_ids", "currency_id")
    def _onchange_total(self):
        """What was entered as a percentage follows the total of a draft."""
        for milestone in self.milestone_ids:
            if milestone._follows_total():
                milestone.amount = milestone._get_amount_of(milestone.percentage)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = (vals.get("name") or "").strip() or False
            if not vals["name"]:
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = (
                    self.env["ir.sequence"]
                    .with_company(company)
                    .next_by_code("billing.milestone.plan", sequence_date=vals.get("date"))
                )
        return super().create(vals_list)

    def write(self, vals):
        for plan in self.filtered(lambda plan: plan.state in ("confirmed", "done")):
            fixed = [
                fname
                for fname in FIXED.intersection(vals)
                if plan._fields[fname].convert_to_write(plan[fname], plan) != vals[fname]
            ]
            if fixed:
                raise UserError(
                    self.env._(
                        "%(plan)s is confirmed: its %(field)s stays.",
                        plan=plan.name,
                        field=plan._fields[fixed[0]]._description_string(self.env),
                    )
                )
        if "milestone_ids" in vals:  # after the lines, whose total they share
            vals = dict(sorted(vals.items(), key=lambda item: item[0] == "milestone_ids"))
        result = super(BillingMilestonePlan, self.with_context(billing_plan_in_writing=True)).write(
            vals
        )
        if "milestone_ids" in vals:
            self._milestones_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for plan in self:
            if plan.state not in ("draft", "cancel"):
                raise UserError(self.env._("Cancel %s before you delete it.", plan.name))
            if plan.sudo().invoice_ids:
                raise UserError(
                    self.env._("%s cannot be deleted: invoices were made from it.", plan.name)
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            # what a change order added belongs to that contract; the release comes by itself
            vals["line_ids"] = [
                command
                for command in vals.get("line_ids", [])
                if not command[2].get("change_order_id")
            ]
            vals["milestone_ids"] = [
                command
                for command in vals.get("milestone_ids", [])
                if not command[2].get("is_release")
            ]
        return vals_list

    def action_confirm(self):
        """The contract is agreed: its amounts are fixed, its milestones wait for their day."""
        for plan in self:
            if plan.state != "draft":
                continue
            if plan.proforma_id:
                plan.proforma_id._lock_for_plan(plan)
            plan._check_complete()
            plan._absorb_cents()
            plan._check_sum()
            for line, amounts in plan._get_line_amounts().items():
                line.amounts = amounts
            if plan.retention_rate and not plan.milestone_ids.filtered("is_release"):
                plan.with_context(billing_plan_in_writing=True).milestone_ids = [
                    fields.Command.create(plan._prepare_release())
                ]
            plan.state = "confirmed"
            plan._allocate()
            plan._call_cron()

    def _prepare_release(self):
        """Return the values of the last milestone, which bills what was withheld."""
        self.ensure_one()
        return {
            "name": self.with_context(lang=self.partner_id.lang).env._("Release of retention"),
            "sequence": 10000,
            "is_release": True,
            "trigger": "manual",
            "amount": 0.0,
        }

    def action_add_rest(self):
        """Add what is not split yet as the last milestone."""
        for plan in self:
            if (
                plan.state == "draft"
                and plan.currency_id.compare_amounts(plan.amount_missing, 0) > 0
            ):
                plan.milestone_ids = [
                    fields.Command.create(
                        {
                            "name": self.env._("Final invoice"),
                            "amount": plan.amount_missing,
                            "sequence": max(plan.milestone_ids.mapped("sequence"), default=0) + 1,
                        }
                    )
                ]

    def action_draft(self):
        """Set back to draft, as long as nothing is invoiced."""
        for plan in self:
            plan._check_nothing_billed()
            if plan.change_order_ids.filtered(lambda order: order.state == "approved"):
                raise UserError(
                    self.env._(
                        "%s has approved change orders: it cannot be set back to draft.", plan.name
                    )
                )
            plan.state = "draft"
            plan.line_ids.amounts = False
            plan.milestone_ids.filtered("is_release").unlink()

    def action_cancel(self):
        """Nothing is invoiced any more."""
        for plan in self:
            plan._check_nothing_billed()
            plan.state = "cancel"

    def _check_nothing_billed(self):
        for plan in self:
            billed = plan.milestone_ids.filtered("is_billed")
            if billed:
                raise UserError(
                    self.env._(
                        "«%(milestone)s» of %(plan)s is invoiced by %(invoice)s. Cancel or credit "
                        "that invoice first.",
                        milestone=billed[0].name,
                        plan=plan.name,
                        invoice=billed[0].sudo().invoice_id.display_name,
                    )
                )

    def _check_complete(self):
        """Raise if the contract cannot be invoiced as it is."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("%s has no lines: what is sold?", self.name))
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("The total of %s must be more than zero.", self.name))
        if not self.milestone_ids:
            raise UserError(self.env._("%s has no milestones yet.", self.name))
        for milestone in self.milestone_ids.filtered(lambda m: not m.is_release):
            if self.currency_id.compare_amounts(milestone.amount, 0.0) <= 0:
                raise UserError(self.env._("«%s» must be more than zero.", milestone.name))
            if milestone.trigger == "date" and not milestone.date:
                raise UserError(self.env._("«%s» is invoiced on a date: enter it.", milestone.name))
        self._check_currency()

    def _check_currency(self):
        if not self.currency_id.active:
            raise UserError(
                self.env._(
                    "The currency %(currency)s of %(plan)s is archived. Activate it to invoice.",
                    currency=self.currency_id.name,
                    plan=self.name,
                )
            )


# What cannot change any more once the contract is confirmed.
FIXED = {"company_id", "partner_id", "currency_id", "retention_rate"}
