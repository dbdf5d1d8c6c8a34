from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class BillingLateFeePolicy(models.Model):
    """Whose policy this is: chosen on the customer, by a rule, or for everybody else.

    A policy chosen on the customer wins; then that of the reminder level which the installment has
    reached; then the first whose conditions the customer meets; then the default. The company's own
    come before those of its parents, and those before the ones of all companies.
    """

    _inherit = "billing.late.fee.policy"

    applies = fields.Selection(
        selection=[
            ("default", "All customers without another policy"),
            ("rule", "Customers who meet conditions"),
            ("chosen", "Only where it is chosen"),
        ],
        string="Applies to",
        required=True,
        default="chosen",
        help="You can choose any policy on a customer, and on a level of the reminders; that wins.",
    )
    customer_kind = fields.Selection(
        selection=[("business", "Businesses"), ("consumer", "Consumers")],
        string="Only",
        help="Whom the conditions, or the default, are about. Empty: both.",
    )

    @api.constrains("applies", "customer_kind", "country_ids", "category_ids")
    def _check_conditions(self):
        for policy in self.filtered(lambda policy: policy.applies == "rule"):
            if not (policy.customer_kind or policy.country_ids or policy.category_ids):
                raise ValidationError(
                    self.env._("Say which customers %s is for.", policy.display_name)
                )

    @api.model
    def _get_customer_policies(self, company, partner_ids):
        """Return the policy that applies to each commercial partner in a company, in one query.

        :param partner_ids: ids of commercial partners
        :return: ids of policies by id of partner; without those for whom there is none
        :rtype: dict[int, int]
        """
        rows = self._get_customer_policy_rows(company, partner_ids)
        return {partner: policy for partner, policy, _chosen in rows if policy}

    @api.model
    def _get_customer_policy_rows(self, company, partner_ids):
        """Return ids of partner and policy, and whether somebody chose it on the customer."""
        self.env.flush_all()
        return self.env.execute_query(self._select_customer_policies(company, partner_ids))

    @api.model
    def _select_customer_policies(self, company, partner_ids):
        partner = self.env["res.partner"].with_company(company).sudo()
        return SQL(
            """
            WITH policy AS (%(policies)s)
            SELECT customer.id, first.policy_id, first.policy_id = %(chosen)s
              FROM res_partner customer
              JOIN LATERAL (
                    SELECT policy.id AS policy_id
                      FROM policy
                     WHERE policy.id = %(chosen)s
                        OR policy.applies IN ('default', 'rule')
                       AND (policy.customer_kind IS NULL
                            OR (policy.customer_kind = 'consumer') = %(is_consumer)s)
                       AND (policy.applies = 'default' OR %(meets)s)
                  ORDER BY policy.id = %(chosen)s DESC NULLS LAST, policy.rank
                     LIMIT 1
                   ) first ON TRUE
             WHERE customer.id = ANY(%(partners)s)
            """,
            policies=self._select_usable(company, SQL("policy.customer_kind")),
            meets=self._meets_to_sql(),
            chosen=partner._field_to_sql("customer", "billing_late_fee_policy_id"),
            is_consumer=partner._is_consumer_to_sql("customer"),
            partners=list(partner_ids),
        )
