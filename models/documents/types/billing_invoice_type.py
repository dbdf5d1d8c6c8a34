import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The ten ways to bill. What a document of each kind does is code; how it is called, numbered and
# printed is for each company to say (see `billing.invoice.type`).
BEHAVIORS = [
    ("standard", "Standard"),
    ("credit", "Credit"),
    ("debit", "Debit"),
    ("mixed", "Mixed"),
    ("timesheet", "Timesheet"),
    ("expense", "Expense Report"),
    ("proforma", "Pro Forma"),
    ("interim", "Interim"),
    ("past_due", "Past Due"),
    ("recurring", "Recurring"),
]

COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class BillingInvoiceType(models.Model):
    """A kind of document that a company issues: one of ten behaviors, in the company's own dress.

    A branch uses the types of the company it belongs to.
    """

    _name = "billing.invoice.type"
    _description = "Invoice Type"
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
    )
    behavior = fields.Selection(
        selection=BEHAVIORS,
        required=True,
        default="standard",
        help="What documents of this type do. It cannot be changed once the type is used.",
    )
    title = fields.Char(
        string="Printed Title",
        translate=True,
        help="Printed above the document instead of the usual title, for example «Retainer».",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        domain="[('model', '=', mail_template_model)]",
        help="Proposed when a document of this type is sent. Empty: the usual one.",
    )
    mail_template_model = fields.Char(compute="_compute_mail_template_model")
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Terms of every new document of this type. Empty: those agreed with the customer.",
    )
    footer = fields.Html(
        string="Footer Text",
        translate=True,
        help="Printed below the payment terms.",
    )
    logo = fields.Image(
        max_width=1024, max_height=1024, help="Printed instead of the company's logo."
    )
    accent_color = fields.Char(help="Printed instead of the company's colors.")
    properties_definition = fields.PropertiesDefinition("Custom Fields")
    custom_field_names = fields.Char(
        string="Fields of This Type", compute="_compute_custom_field_names"
    )
    document_count = fields.Integer(compute="_compute_document_count")

    @api.depends("behavior")
    def _compute_mail_template_model(self):
        for invoice_type in self:
            invoice_type.mail_template_model = invoice_type._get_document_model()

    @api.depends("properties_definition")
    def _compute_custom_field_names(self):
        for invoice_type in self:
            names = [field.get("string", "") for field in invoice_type.properties_definition or []]
            invoice_type.custom_field_names = ", ".join(names)

    def _compute_document_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("billing_type_id", "in", self.ids)], ["billing_type_id"], ["__count"]
            )
        )
        for invoice_type in self:
            invoice_type.document_count = counts.get(invoice_type, 0)

    def action_view_documents(self):
        """Open the documents of this type."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._get_document_model(),
            "view_mode": "list,form",
            "domain": [("billing_type_id", "=", self.id)],
        }

    def _get_document_model(self):
        """Return the name of the model that documents of this type are records of."""
        return "account.move"

    @api.constrains("accent_color")
    def _check_accent_color(self):
        for invoice_type in self.filtered("accent_color"):
            if not COLOR.fullmatch(invoice_type.accent_color):
                raise ValidationError(
                    self.env._(
                        "An accent color is written like #1a2b3c, not «%s».",
                        invoice_type.accent_color,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        for invoice_type in self:
            for fname in ("behavior", "company_id"):
                changed = fname in vals and vals[fname] != invoice_type._fields[
                    fname
                ].convert_to_write(invoice_type[fname], invoice_type)
                if changed and invoice_type._is_used():
                    raise UserError(
                        self.env._(
                            "«%s» is used by documents: its behavior and company stay. Create "
                            "another type instead.",
                            invoice_type.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.env.registry.clear_cache()
        for invoice_type in self:
            if invoice_type._is_used():
                raise UserError(
                    self.env._(
                        "«%s» is used by documents and cannot be deleted. Archive it instead.",
                        invoice_type.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%s (copy)", invoice_type.name), **(default or {})}
            for invoice_type, vals in zip(self, vals_list, strict=True)
        ]

    def _is_used(self):
        """Whether there is a document of this type, in any company and of any state."""
        self.ensure_one()
        return bool(
            self.env["account.move"]
            .sudo()
            .search_count([("billing_type_id", "=", self.id)], limit=1)
        )
