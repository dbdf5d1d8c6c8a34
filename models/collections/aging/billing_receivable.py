from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .billing_aging_mixin import BOUND_KEYS, BUCKET_KEYS

# An item is in another bucket on another date, counted otherwise, or in another company's buckets.
AGED = {
    "readonly": True,
    "depends_context": ("billing_as_of", "billing_aging_by", "company"),
}


def bucket_field(label):
    """What is open in one bucket; the label of all but the credits is the company's."""
    return fields.Monetary(
        string=label, currency_field="company_currency_id", aggregator="sum", **AGED
    )


class BillingReceivable(models.Model):
    """The age of what is owed, in the buckets of the current company.

    Counted from the due date or, with ``billing_aging_by`` in the context or by the company's
    choice, from the invoice date, to the date that is asked about. Open credits stand apart.
    """

    _name = "billing.receivable"
    _inherit = ["billing.receivable", "billing.aging.mixin"]

    _billing_bucket_field = "amount_%s"

    bucket = fields.Selection(
        selection=lambda self: [*self._get_aging_buckets().items()], string="Age", **AGED
    )
    age = fields.Integer(
        string="Days",
        aggregator="max",
        help="Since the due date, or the invoice date, whichever age is counted from. Credits have "
        "no age.",
        **AGED,
    )
    amount_current = bucket_field("Current")
    amount_30 = bucket_field("Bucket 1")
    amount_60 = bucket_field("Bucket 2")
    amount_90 = bucket_field("Bucket 3")
    amount_120 = bucket_field("Bucket 4")
    amount_150 = bucket_field("Bucket 5")
    amount_old = bucket_field("Older")
    amount_credit = bucket_field("Credits")
    standing = fields.Selection(
        selection=[
            ("disputed", "Disputed"),
            ("promised", "Promised"),
            ("plan", "Payment plan"),
            ("paused", "Paused"),
        ],
        help="Why this item is not simply collected: it is disputed in whole or in part, promised, "
        "in a payment plan, or reminders are paused. It is owed and ages like any other.",
        **AGED,
    )

    _depends = {"res.company": ["billing_aging_by", "billing_aging_days"]}

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT aged.*, %s
              FROM (
                SELECT dated.*,
                       CASE WHEN dated.disputed_currency > 0 THEN 'disputed'
                            WHEN dated.promised_until IS NOT NULL THEN 'promised'
                            WHEN dated.share_id != 0 THEN 'plan'
                            WHEN dated.paused_until IS NOT NULL THEN 'paused'
                       END AS standing,
                       CASE WHEN dated.residual <= 0 THEN 'credit' %s ELSE 'old' END AS bucket
                  FROM (
                    SELECT owed.*, CASE WHEN owed.residual > 0 THEN GREATEST(%s - %s, 0) END
                               AS age
                      FROM (%s) owed
                  ) dated
              ) aged
            """,
            SQL(", ").join(
                SQL(
                    "CASE WHEN aged.bucket = %s THEN aged.residual ELSE 0 END AS %s",
                    key,
                    SQL.identifier(self._billing_bucket_field % key),
                )
                for key in BUCKET_KEYS
            ),
            SQL(" ").join(
                SQL("WHEN dated.age <= %s THEN %s", last, key) for key, last in self._get_ends()
            ),
            self._get_as_of(),
            self._age_from_to_sql(),
            super()._table_query,
        )

    @api.model
    def _get_ends(self):
        """Return the buckets that end, each with its last day of age."""
        bounds = self.sudo().env.company._get_billing_aging_bounds()
        return [("current", 0), *zip(BOUND_KEYS, bounds, strict=False)]

    @api.model
    def _get_aging_by(self):
        """Return what age is counted from: ``due`` or ``invoice``."""
        by = self.env.context.get("billing_aging_by")
        return by if by in ("due", "invoice") else self.sudo().env.company.billing_aging_by

    @api.model
    def _age_from_to_sql(self):
        if self._get_aging_by() == "invoice":
            return SQL("COALESCE(owed.invoice_date, owed.date)")
        return SQL("owed.date_maturity")

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        # EXTENDS 'base': buckets from the youngest to the oldest, not by their keys
        if "bucket" not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        ranked = {
            **groupby_terms,
            "bucket": SQL(
                "array_position(%s::varchar[], %s::varchar)",
                list(BUCKET_KEYS),
                groupby_terms["bucket"],
            ),
        }
        result = super()._read_group_orderby(order, ranked, query)
        groupby_terms.update({**ranked, "bucket": groupby_terms["bucket"]})
        return result

    def action_choose_date(self):
        """Ask for the date, and what age is counted from, and show the open items so."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_aging"),
            "context": {
                "default_date": fields.Date.to_string(self._get_as_of()),
                "default_aging_by": self._get_aging_by(),
            },
        }

    @api.model
    def _check_is_now(self):
        """Refuse to act on items that are shown as they were on another date.

        :raise UserError: if they are
        """
        if self.env.context.get("billing_aging_is_past"):
            raise UserError(
                self.env._(
                    "These are the open items of %(date)s. Go back to those of today to do "
                    "something about them.",
                    date=format_date(self.env, self._get_as_of()),
                )
            )

    def action_open_document(self):
        # EXTENDS 'billing_crm': the document itself is that of today
        return {
            **super().action_open_document(),
            "context": {"billing_as_of": False, "billing_aging_is_past": False},
        }
