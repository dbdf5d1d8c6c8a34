from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class BillingReminderPolicy(models.Model):
    """Whose ladder this is: chosen on the customer, by a rule, or for everybody else.

    A policy chosen on the customer wins; then the first whose conditions the customer meets; then
    the default. The company's own come before those of its parents, and those before the ones of
    all companies.
    """

    _inherit = "billing.reminder.policy"

    applies = fields.Selection(
        selection=[
            ("default", "All customers without another policy"),
            ("rule", "Customers who meet conditions"),
            ("chosen", "Only customers for whom it is chosen"),
        ],
        string="Applies to",
        required=True,
        default="default",
        help="You can choose any policy on a customer; that always wins.",
    )
    grade_best = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["grade"].selection,
        string="Best Grade",
        help="Customers who pay better than this are left out, and those of whom little is known.",
    )
    grade_worst = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["grade"].selection,
        string="Worst Grade",
        help="Customers who pay worse than this are left out, and those of whom little is known.",
    )
    minimum_overdue = fields.Monetary(
        string="Overdue from",
        help="Customers who owe at least this, past its due date and before credits, in the "
        "company's currency, all their currencies together.",
    )
    salesperson_ids = fields.Many2many(
        "res.users",
        "billing_reminder_policy_salesperson_rel",
        "policy_id",
        "user_id",
        string="Salespeople",
        domain=[("share", "=", False)],
    )

    _grades_ordered = models.Constraint(
        "CHECK (grade_best <= grade_worst)", "The best grade cannot be worse than the worst one."
    )

    @api.constrains(
        "applies",
        "country_ids",
        "category_ids",
        "grade_best",
        "grade_worst",
        "minimum_overdue",
        "salesperson_ids",
    )
    def _check_conditions(self):
        for policy in self.filtered(lambda policy: policy.applies == "rule"):
            if not (
                policy.country_ids
                or policy.category_ids
                or policy.grade_best
                or policy.grade_worst
                or policy.minimum_overdue > 0
                or policy.salesperson_ids
            ):
                raise ValidationError(
                    self.env._("Say which customers %s is for.", policy.display_name)
                )

    @api.model
    def _get_customer_policies(self, company, partners):
        """Return the policy that applies to each commercial partner in a company.

        :return: ids of policies by id of partner; without those for whom there is none
        :rtype: dict[int, int]
        """
        self.env.flush_all()
        receivable = self.env["billing.receivable"]
        overdue = SQL(
            """
            SELECT partner.id AS partner_id, SUM(item.chased) AS overdue
              FROM res_partner partner
         LEFT JOIN %s item
                ON item.partner_id = partner.id AND item.company_id = %s AND item.can_be_reminded
               AND item.is_overdue AND NOT item.is_left_alone
             WHERE partner.id IN %s
          GROUP BY partner.id
            """,
            receivable._table_sql,
            company.id,
            tuple(partners.ids) or (0,),
        )
        return dict(
            self.env.execute_query(
                SQL(
                    "WITH policy AS (%s), debtor AS (%s) SELECT partner_id, policy_id FROM (%s) x",
                    self._select_policies(company),
                    overdue,
                    self._select_choice(company),
                )
            )
        )

    @api.model
    def _select_policies(self, company):
        """Return, as SQL, the policies a company may use, in the order they are tried in.

        Each with its rungs (``delays``).
        """
        return self._select_usable(
            company,
            SQL(
                """
                policy.mode, policy.grade_best, policy.grade_worst,
                -- a number that nobody has filled in is NULL
                COALESCE(policy.minimum_overdue, 0) AS minimum_overdue,
                COALESCE(policy.minimum_amount, 0) AS minimum_amount,
                COALESCE(policy.minimum_days_between, 0) AS minimum_days_between,
                COALESCE(policy.maximum_count, 0) AS maximum_count,
                COALESCE(policy.holdout_percent, 0) AS holdout_percent,
                ARRAY(SELECT delay_days FROM billing_reminder_level
                       WHERE policy_id = policy.id) AS delays,
                NULLIF(ARRAY(
                    SELECT user_id FROM billing_reminder_policy_salesperson_rel
                     WHERE policy_id = policy.id), '{}') AS salespeople
                """
            ),
        )

    @api.model
    def _select_choice(self, company):
        """Return, as SQL, which row of ``policy`` applies to each row of ``debtor``.

        ``policy`` is what `_select_policies` returns; ``debtor`` has ``partner_id`` and
        ``overdue``, in the company's currency. Also tells whether somebody has to approve.
        """
        partner = self.env["res.partner"].with_company(company).sudo()
        return SQL(
            """
            SELECT debtor.partner_id,
                   first.policy_id,
                   COALESCE(%(mode)s, first.mode) AS mode
              FROM debtor
              JOIN res_partner customer ON customer.id = debtor.partner_id
         LEFT JOIN billing_score score
                ON score.partner_id = customer.id AND score.company_id = %(company)s
               -- little history tells how others pay: it chooses no ladder, gentle or harsh
               AND score.confidence IS DISTINCT FROM 'low'
              JOIN LATERAL (
                    SELECT policy.id AS policy_id, policy.mode
                      FROM policy
                     WHERE policy.id = %(chosen)s
                        OR policy.applies = 'default'
                        OR policy.applies = 'rule'
                       AND %(meets)s
                       AND (policy.salespeople IS NULL
                            OR customer.user_id = ANY(policy.salespeople))
                       AND (policy.grade_best IS NULL OR score.grade >= policy.grade_best)
                       AND (policy.grade_worst IS NULL OR score.grade <= policy.grade_worst)
                       AND COALESCE(debtor.overdue, 0) >= policy.minimum_overdue
                  ORDER BY policy.id = %(chosen)s DESC NULLS LAST, policy.rank
                     LIMIT 1
                   ) first ON TRUE
            """,
            company=company.id,
            meets=self._meets_to_sql(),
            chosen=partner._field_to_sql("customer", "billing_reminder_policy_id"),
            mode=partner._field_to_sql("customer", "billing_reminder_mode"),
        )
