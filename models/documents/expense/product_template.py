from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    billing_expense_ok = fields.Boolean(
        string="Expense Category",
        help="Can be chosen on an expense report. Its expense account and vendor taxes are used to "
        "reimburse, its income account and customer taxes to charge a client.",
    )
