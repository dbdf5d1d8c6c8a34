from odoo import api, fields, models
from odoo.tools import SQL


class BillingCustomerPolicyMixin(models.AbstractModel):
    """A policy that customers get by conditions: their country, their tags, and what is added.

    The company's own come before those of its parents, from the nearest up, and those before the
    ones of all companies; the default comes last.
    """

    _name = "billing.customer.policy.mixin"
    _description = "Policy That Customers Get by Conditions"

    country_ids = fields.Many2many("res.country", string="Countries")
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Tags",
        help="Customers who have one of these tags, or a tag below them.",
    )

    @api.model
    def _select_usable(self, company, *columns):
        """Return, as SQL, the policies a company may use, in the order they are tried (``rank``).

        Each with the ids that its conditions speak of, as arrays; NULL where it does not care.

        :param columns: further columns of ``policy``, as SQL
        """
        countries, tags = self._fields["country_ids"], self._fields["category_ids"]
        return SQL(
            """
            SELECT policy.id, policy.applies, %(columns)s,
                   ROW_NUMBER() OVER (
                       ORDER BY policy.applies = 'default',
                                array_position(%(nearest)s, COALESCE(policy.company_id, 0)),
                                policy.sequence, policy.id
                   ) AS rank,
                   NULLIF(ARRAY(
                       SELECT wanted.%(country)s FROM %(countries)s wanted
                        WHERE wanted.%(of_country)s = policy.id), '{}') AS countries,
                   NULLIF(ARRAY(
                       SELECT tag.id
                         FROM %(tags)s wanted
                         JOIN res_partner_category top ON top.id = wanted.%(tag)s
                         JOIN res_partner_category tag
                           ON tag.parent_path LIKE top.parent_path || '%%'
                        WHERE wanted.%(of_tag)s = policy.id), '{}') AS tags
              FROM %(table)s policy
             WHERE policy.active AND COALESCE(policy.company_id, 0) = ANY(%(nearest)s)
            """,
            columns=SQL(", ").join(columns),
            nearest=[*reversed(company.parent_ids.ids), 0],
            table=SQL.identifier(self._table),
            countries=SQL.identifier(countries.relation),
            of_country=SQL.identifier(countries.column1),
            country=SQL.identifier(countries.column2),
            tags=SQL.identifier(tags.relation),
            of_tag=SQL.identifier(tags.column1),
            tag=SQL.identifier(tags.column2),
        )

    @api.model
    def _meets_to_sql(self):
        """Return, as SQL, whether ``customer`` meets the conditions of a row of `_select_usable`
        named ``policy``."""
        return SQL(
            """(policy.countries IS NULL OR customer.country_id = ANY(policy.countries))
               AND (policy.tags IS NULL OR EXISTS (
                    SELECT FROM res_partner_res_partner_category_rel tagged
                     WHERE tagged.partner_id = customer.id
                       AND tagged.category_id = ANY(policy.tags)))"""
        )
