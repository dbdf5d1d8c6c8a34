from odoo import api, fields, models

# Whoever may see what a customer owes; salespeople see it of their own customers (record rules).
FIGURES_GROUPS = "billing_crm.group_billing_user,sales_team.group_sale_salesman"

# Field on the customer -> the column of `billing.receivable` it sums.
FIGURES = {
    "billing_due": "residual",
    "billing_overdue": "overdue",
    "billing_current": "amount_current",
    "billing_30": "amount_30",
    "billing_60": "amount_60",
    "billing_90": "amount_90",
    "billing_120": "amount_120",
    "billing_150": "amount_150",
    "billing_old": "amount_old",
    "billing_credit": "amount_credit",
}


def figure(label, **attributes):
    """A sum over a customer's open items, in the currency of the current company."""
    return fields.Monetary(
        string=label,
        currency_field="billing_currency_id",
        compute="_compute_billing_figures",
        groups=FIGURES_GROUPS,
        **attributes,
    )


class ResPartner(models.Model):
    """The customer at a glance.

    None of these figures is stored: a stored compute on a partner that depends on invoices makes
    two people who post invoices for one customer block each other.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "billing.aging.mixin"]

    _billing_bucket_field = "billing_%s"

    billing_currency_id = fields.Many2one(
        "res.currency", compute="_compute_billing_figures", groups=FIGURES_GROUPS
    )
    billing_due = figure("Owed", help="All open items, credits deducted.")
    billing_overdue = figure("Overdue", help="What is past its due date, before credits.")
    # the labels of the buckets are the company's
    billing_current = figure("Current")
    billing_30 = figure("Bucket 1")
    billing_60 = figure("Bucket 2")
    billing_90 = figure("Bucket 3")
    billing_120 = figure("Bucket 4")
    billing_150 = figure("Bucket 5")
    billing_old = figure("Older")
    billing_credit = figure(
        "Open Credits",
        help="Credit notes and payments that no invoice has been settled with yet.",
    )
    billing_overdue_days = fields.Integer(
        string="Oldest Overdue", compute="_compute_billing_figures", groups=FIGURES_GROUPS
    )
    billing_receivable_ids = fields.One2many(
        "billing.receivable", "partner_id", string="Open Items", groups=FIGURES_GROUPS
    )
    billing_timeline_ids = fields.One2many(
        "billing.timeline", "partner_id", string="Timeline", groups=FIGURES_GROUPS
    )

    @api.model
    def _get_aging_buckets(self):
        # EXTENDS 'billing.aging.mixin': beside other figures, numbers alone say nothing
        return {
            key: label if key in ("current", "credit") else self.env._("%s Days", label)
            for key, label in super()._get_aging_buckets().items()
        }

    @api.depends_context("company", "uid", "billing_as_of", "billing_aging_by")
    def _compute_billing_figures(self):
        """One query for all customers, through the record rules of whoever looks."""
        groups = self.env["billing.receivable"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id"],
            [*(f"{column}:sum" for column in FIGURES.values()), "days_overdue:max"],
        )
        figures = {partner: values for partner, *values in groups}
        nothing = [0] * (len(FIGURES) + 1)
        for partner in self:
            *amounts, overdue_days = figures.get(partner.commercial_partner_id, nothing)
            partner.billing_currency_id = self.env.company.currency_id
            partner.billing_overdue_days = overdue_days
            partner.update(dict(zip(FIGURES, amounts, strict=True)))

    def action_open_billing_receivables(self):
        """Open what this customer owes, item by item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_receivable"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action

    def action_open_billing_kpis(self):
        """Open the course of the customer's key figures, month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_kpi")
        customer = self.commercial_partner_id
        return {
            **action,
            "views": [(False, "graph"), (False, "list"), (False, "pivot")],
            "domain": [("partner_id", "=", customer.id)],
        }

    def action_open_billing_timeline(self):
        """Open what happened with this customer; of a contact, with its company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_timeline"
        )
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)]}
