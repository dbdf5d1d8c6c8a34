from odoo import api, fields, models
from odoo.exceptions import UserError

from .billing_invoice_type import BEHAVIORS

# What a document is to Odoo allows these behaviors, and gives it the first one unless a person or a
# feature chose another. A pro forma is a document of its own (see `billing.proforma`).
BEHAVIORS_OF = {
    "out_invoice": ("standard", "mixed", "timesheet", "interim", "past_due", "recurring"),
    "out_receipt": ("standard", "mixed", "timesheet", "interim", "past_due", "recurring"),
    "out_refund": ("credit", "mixed"),
    "debit_note": ("debit", "past_due"),
    "in_invoice": (False, "expense"),
    "in_receipt": (False, "expense"),
}

KEPT_BY_DUPLICATES = ("standard", "credit", "mixed")


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('behavior', 'in', billing_behaviors_allowed)]",
        tracking=True,
    )
    billing_type = fields.Selection(
        selection=BEHAVIORS,
        compute="_compute_billing_type",
        inverse="_inverse_billing_type",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="The kind of bill this is to the customer. Empty on vendor bills and other entries.",
    )
    billing_behaviors_allowed = fields.Json(compute="_compute_billing_behaviors_allowed")
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition"
    )

    def _get_billing_behaviors(self):
        """Return the behaviors this document may have, the usual one first; False is none."""
        self.ensure_one()
        return self._billing_behaviors_of(self.move_type, self.debit_origin_id)

    @api.model
    def _billing_behaviors_of(self, move_type, debit_origin):
        kind = "debit_note" if debit_origin and move_type == "out_invoice" else move_type
        return BEHAVIORS_OF.get(kind, (False,))

    @api.depends("move_type", "debit_origin_id")
    def _compute_billing_behaviors_allowed(self):
        for move in self:
            move.billing_behaviors_allowed = [b for b in move._get_billing_behaviors() if b]

    @api.depends("move_type", "debit_origin_id", "company_id")
    def _compute_billing_type_id(self):
        types = self.env["billing.invoice.type"].sudo()
        for move in self:
            behaviors = move._get_billing_behaviors()
            chosen = move.billing_type_id.sudo()
            if chosen.behavior in behaviors and chosen.company_id in move.company_id.parent_ids:
                continue
            wanted = chosen.behavior if chosen and chosen.behavior in behaviors else behaviors[0]
            move.billing_type_id = wanted and types._get_default(move.company_id, wanted)

    @api.depends("billing_type_id", "move_type", "debit_origin_id")
    def _compute_billing_type(self):
        for move in self:
            move.billing_type = (
                move.billing_type_id.sudo().behavior or move._get_billing_behaviors()[0]
            )

    def _inverse_billing_type(self):
        """Whoever names a behavior gets the company's usual type of that behavior."""
        types = self.env["billing.invoice.type"].sudo()
        for move in self:
            if move.billing_type and move.billing_type != move.billing_type_id.sudo().behavior:
                move.billing_type_id = types._require_default(move.company_id, move.billing_type)

    @api.constrains("billing_type_id", "move_type", "debit_origin_id")
    def _check_billing_type(self):
        for move in self:
            behavior = move.billing_type_id.sudo().behavior
            if behavior and behavior not in move._get_billing_behaviors():
                raise UserError(
                    self.env._(
                        "%(document)s cannot be of the type «%(type)s».",
                        document=move._get_move_display_name(),
                        type=move.billing_type_id.name,
                    )
                )

    def _compute_invoice_payment_term_id(self):
        # EXTENDS 'account': a type may have terms of its own. No `depends` on the type: Odoo would
        # take the fields that depend on the terms with us when the module is uninstalled.
        result = super()._compute_invoice_payment_term_id()
        for move in self:
            terms = move.billing_type_id.sudo().payment_term_id
            if terms and move.move_type != "out_refund":
                move.invoice_payment_term_id = terms
        return result

    def copy_data(self, default=None):
        # EXTENDS 'account': a duplicate keeps the type that a person chose. What was made from
        # something (hours, a milestone, another invoice) was so once, and a credit note or a debit
        # note is another kind of document: the compute says which.
        default = default or {}
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            behaviors = self._billing_behaviors_of(
                vals.get("move_type", move.move_type), vals.get("debit_origin_id")
            )
            keep = (
                move.billing_type in KEPT_BY_DUPLICATES
                and move.billing_type in behaviors
                and not vals.get("reversed_entry_id")
            )
            if not keep and "billing_type_id" not in default:
                vals.pop("billing_type_id", None)
                vals.pop("billing_properties", None)
        return vals_list

    @api.onchange("billing_type_id")
    def _onchange_billing_type_id(self):
        """What depends on the type, see there, follows it on the form."""
        self._compute_invoice_payment_term_id()
        self._compute_name_placeholder()

    @api.depends_context("lang")
    def _compute_amount_total_words(self):
        # EXTENDS 'account': in the language asked for, not in the one that was asked for first
        return super()._compute_amount_total_words()

    def _get_fields_to_copy_recurring_entries(self, values):
        # EXTENDS 'account': what Odoo repeats by itself stays what it is
        values = super()._get_fields_to_copy_recurring_entries(values)
        if self.billing_type_id:
            values.setdefault("billing_type_id", self.billing_type_id.id)
        return values

    def _get_mail_template(self):
        # EXTENDS 'account'
        template = self.billing_type_id.sudo().mail_template_id
        if len(template) == 1 and all(
            move.billing_type_id.sudo().mail_template_id == template for move in self
        ):
            return template.sudo(False)
        return super()._get_mail_template()

    def _get_billing_title(self):
        """Return the printed title, in the language of the context; False for Odoo's own."""
        self.ensure_one()
        title = self.billing_type_id and self.billing_type_id.sudo()._get_title(self.move_type)
        if not title or self.state == "posted":
            return title
        if self.state == "cancel":
            return self.env._("Cancelled %s", title)
        return self.env._("Draft %s", title)

    def _get_billing_custom_fields(self):
        """Return the custom fields to print: (label, text) of those that have a value."""
        self.ensure_one()
        if not self.billing_type_id:
            return []
        return self.env["billing.invoice.type"]._format_properties(self, "billing_properties")
