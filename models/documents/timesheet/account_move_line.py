from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_hours = fields.Float(
        string="Hours Behind This Line",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="The billed hours of the entries that make up this line.",
    )
    billing_hour_ids = fields.One2many(
        "account.analytic.line",
        "billing_move_line_id",
        string="Hours",
        groups="billing_crm.group_billing_user",
    )
    billing_past_hour_ids = fields.One2many(
        "account.analytic.line",
        "billing_past_line_id",
        string="Former Hours",
        groups="billing_crm.group_billing_user",
    )
    billing_hours_source_id = fields.Many2one(
        "account.move.line",
        string="Copied From",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The line with hours that this line credits or replaces.",
    )

    def _copy_data_extend_business_fields(self, values):
        # EXTENDS 'account': what credits or replaces a line with hours knows it
        result = super()._copy_data_extend_business_fields(values)
        if self._has_hours():
            values["billing_hours_source_id"] = self.id
        return result

    def _has_hours(self):
        """Return whether hours stand behind this line, or did until they were freed."""
        line = self.sudo()
        return bool(line.billing_hour_ids or line.billing_past_hour_ids)

    @api.constrains("quantity", "product_uom_id", "billing_hours")
    def _check_billing_hours(self):
        """The quantity of a line is that of its hours, or the annex would contradict it."""
        hour = self.env["account.analytic.line"]._get_hour_unit()
        for line in self.filtered("billing_hours"):
            precision = self._fields["quantity"].get_digits(self.env)[1]
            if line.product_uom_id != hour or round(line.quantity - line.billing_hours, precision):
                raise ValidationError(
                    self.env._(
                        "«%(line)s» bills %(hours)s hours: its quantity and unit stay. Remove "
                        "hours from the invoice, or give a discount.",
                        line=line.name,
                        hours=line.billing_hours,
                    )
                )

    def _check_customer_of_hours(self):
        """Raise a UserError if these invoice lines bill hours that were worked for someone else."""
        for line in self.sudo():
            customer = line.move_id.commercial_partner_id
            others = line.billing_hour_ids.partner_id.commercial_partner_id - customer
            if others:
                raise UserError(
                    self.env._(
                        "The hours of «%(line)s» were worked for %(client)s, not for %(customer)s. "
                        "Remove them from this invoice, or give it back its customer.",
                        line=line.name,
                        client=others[0].name,
                        customer=customer.name,
                    )
                )

    def _take_hours_back(self, get_source):
        """Bill the hours that other lines, or these themselves before, gave up.

        :param get_source: from one of these lines to the line that gave up its hours
        :raise UserError: if some were billed elsewhere, changed or deleted since
        """
        analytic_lines = self.env["account.analytic.line"].sudo()
        for line in self.sudo():
            source = get_source(line)
            hours = source.billing_past_hour_ids | source.billing_hour_ids
            free = hours.try_lock_for_update(allow_referencing=True).filtered(
                lambda entry: not entry.billing_move_line_id and entry.billing_billable
            )
            if analytic_lines._sum_hours(free.mapped("billing_hours")) != source.billing_hours:
                elsewhere = hours.billing_move_id[:1]
                raise UserError(
                    self.env._(
                        "The hours of «%(line)s» have been billed on %(invoice)s meanwhile. Bill "
                        "what is left with «Invoice Hours» instead.",
                        line=line.name,
                        invoice=elsewhere._get_move_display_name(),
                    )
                    if elsewhere
                    else self.env._(
                        "The hours of «%s» have been changed or deleted meanwhile. Bill them with "
                        "«Invoice Hours» instead.",
                        line.name,
                    )
                )
            free._take_for_invoice(line)
            line.billing_hours = source.billing_hours
