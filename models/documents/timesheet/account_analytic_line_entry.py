from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

# What an invoice and its annex say about hours: it stays while they are on an invoice.
BILLED = {
    "billing_billable",
    "billing_entry",
    "company_id",
    "date",
    "employee_id",
    "move_line_id",
    "name",
    "partner_id",
    "product_id",
    "product_uom_id",
    "project_id",
    "task_id",
    "unit_amount",
    "user_id",
}
# Only Billing itself says on which invoice hours are.
LINKS = {"billing_move_line_id", "billing_past_line_id", "billing_billed_hours"}


class AccountAnalyticLine(models.Model):
    """Entering hours, without any analytic set-up, and not touching them once they are billed."""

    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'analytic': time entered in Billing needs no unit and no analytic account
        default = self.env.context.get("default_billing_entry")
        for vals in vals_list:
            self._check_billing_links_untouched(vals)
            if vals.get("billing_entry", default):
                vals.update(self._prepare_billing_entry(vals))
        lines = super().create(vals_list)
        # a default of the context is not among the values
        for line in lines.sudo():
            self._check_billing_links_untouched({f for f in LINKS if line[f]})
        lines.filtered("billing_entry")._check_no_cost()
        return lines

    @api.model
    def _prepare_billing_entry(self, vals):
        """Return what an entry of hours gets by itself: its unit, and an account to stand on."""
        prepared = {"product_uom_id": self._get_hour_unit().id}
        if not any(vals.get(fname) for fname in self._get_plan_fnames()):
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            prepared["account_id"] = company._get_billing_hours_account().id
        return prepared

    def write(self, vals):
        # EXTENDS 'account'
        self._check_billing_links_untouched(vals)
        if BILLED & vals.keys():
            self._check_not_billed()
        result = super().write(vals)
        if not self.env.su and {"user_id", "move_line_id", "billing_entry"} & vals.keys():
            # nobody may give away what they would then no longer be allowed to change
            self.check_access("write")
        if "amount" in vals:
            self.filtered("billing_entry")._check_no_cost()
        return result

    def _check_no_cost(self):
        """Hours entered in Billing say what took how long; what it costs is not for employees."""
        user = self.env.user
        if self.env.su or user.has_group("billing_crm.group_billing_user"):
            return
        if any(line.amount for line in self):
            raise AccessError(self.env._("The cost of hours is not entered here."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_billing_links_untouched(self, fnames):
        if not self.env.su and LINKS & set(fnames):
            raise UserError(
                self.env._(
                    "Hours get onto an invoice with «Invoice Hours», and off it with «Remove from "
                    "Invoice» only."
                )
            )

    def _check_not_billed(self):
        """Raise if any of these hours are on an invoice."""
        billed = self.sudo().filtered("billing_move_line_id")[:1]
        if billed:
            raise UserError(
                self.env._(
                    "%(entry)s is on %(invoice)s and cannot be changed. Remove it from the draft, "
                    "or cancel or credit the invoice in full, first.",
                    entry=billed._get_billing_entry_name(),
                    invoice=billed.billing_move_id._get_move_display_name(),
                )
            )

    @api.constrains("unit_amount", "billing_entry")
    def _check_billing_entry(self):
        for line in self:
            if line.billing_entry and line.unit_amount <= 0:
                raise ValidationError(
                    self.env._(
                        "%s: enter the time that it took. It cannot be zero or negative.",
                        line._get_billing_entry_name(),
                    )
                )

    def _get_billing_entry_name(self):
        """Return the words by which a person finds this entry: date, person, description."""
        self.ensure_one()
        parts = (format_date(self.env, self.date), self.billing_person, self.name)
        return " · ".join(part for part in parts if part)

    @api.onchange("product_id", "product_uom_id", "unit_amount", "currency_id")
    def on_change_unit_amount(self):
        # OVERRIDE 'account': the product says how hours are billed, not what they cost
        if self.billing_entry:
            return {}
        return super().on_change_unit_amount()
