import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

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

# A digit would be read as a part of the year or of the number by Odoo's sequences.
NUMBER_PREFIX = re.compile(r"[^\W\d_]([^\W\d_]|[-/])*", re.ASCII)
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
    number_prefix = fields.Char(
        copy=False,
        help="Documents of this type are numbered on their own, for example RET/2026/00001. "
        "Empty: they take the next number of their journal.",
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

    _number_prefix_uniq = models.UniqueIndex(
        "(company_id, number_prefix) WHERE number_prefix IS NOT NULL",
        "Another invoice type of this company has the same number prefix.",
    )

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

    @api.constrains("number_prefix", "company_id")
    def _check_number_prefix(self):
        for invoice_type in self.filtered("number_prefix"):
            prefix = invoice_type.number_prefix
            if not NUMBER_PREFIX.fullmatch(prefix):
                raise ValidationError(
                    self.env._(
                        "The number prefix «%s» cannot be used. It starts with a letter, and has "
                        "letters, hyphens and slashes only.",
                        prefix,
                    )
                )
            journals = (
                self.env["account.journal"]
                .sudo()
                .search(
                    [
                        ("company_id", "child_of", invoice_type.company_id.id),
                        ("type", "in", ("sale", "purchase")),
                    ]
                )
            )
            # Odoo puts an R before credit notes and a D before debit notes
            taken = {letter + code for code in journals.mapped("code") for letter in ("", "R", "D")}
            if prefix in taken:
                raise ValidationError(
                    self.env._(
                        "The number prefix «%s» is that of a journal. Two documents would get the "
                        "same number.",
                        prefix,
                    )
                )

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
        return super().create([self._without_empty_prefix(vals) for vals in vals_list])

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
        vals = self._without_empty_prefix(vals)
        if "number_prefix" in vals:
            self._check_prefix_unused(vals["number_prefix"])
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

    def _check_prefix_unused(self, new_prefix):
        """Raise if documents are numbered with the prefix that is being replaced.

        Odoo goes on from the latest number of a journal: all its documents would be numbered with
        the old prefix from then on.
        """
        for invoice_type in self.filtered(
            lambda one: one.number_prefix and one.number_prefix != new_prefix
        ):
            numbered = Domain("billing_type_id", "=", invoice_type.id) & Domain.OR(
                Domain("name", "=like", f"{letter}{invoice_type.number_prefix}/%")
                for letter in ("", "R", "D")
            )
            if self.env["account.move"].sudo().search_count(numbered, limit=1):
                raise UserError(
                    self.env._(
                        "Documents are numbered with «%(prefix)s»: the prefix of «%(type)s» "
                        "stays. Archive this type and create another one instead.",
                        prefix=invoice_type.number_prefix,
                        type=invoice_type.name,
                    )
                )

    @api.model
    def _without_empty_prefix(self, vals):
        """An emptied field of the form is an empty text; the index knows only NULL."""
        if "number_prefix" in vals:
            return {**vals, "number_prefix": (vals["number_prefix"] or "").strip() or False}
        return vals

    def _is_used(self):
        """Whether there is a document of this type, in any company and of any state."""
        self.ensure_one()
        return bool(
            self.env["account.move"]
            .sudo()
            .search_count([("billing_type_id", "=", self.id)], limit=1)
        )
