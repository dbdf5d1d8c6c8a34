from odoo import api, fields, models
from odoo.tools import SQL

ORIGINS = [
    ("document", "The Opportunity It Came From"),
    ("order", "The Sales Order"),
    ("customer", "The Customer's Opportunity"),
]


class BillingAnalysisMixin(models.AbstractModel):
    """Which campaign, source and medium an invoice is put down to: one of each, all of one origin.

    Of what names a campaign, a source or a medium, the first of these:

    1. the opportunity that the document was made from, through its pro forma, milestone plan, or
       sales order,
    2. the campaign of its sales order, which Odoo writes on the invoice,
    3. the customer's opportunity that was won last, on or before the date of the invoice.

    A credit or debit note is put down to what its invoice is.
    """

    _inherit = "billing.analysis.mixin"

    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        groups="sales_team.group_sale_salesman",
        help="The opportunity whose campaign, source and medium these are.",
    )
    origin = fields.Selection(
        ORIGINS,
        string="Known From",
        readonly=True,
        help="Where campaign, source and medium were found. What a document was made from, an "
        "opportunity or a sales order, comes first. Otherwise it is the customer's opportunity "
        "that was won last, on or before the date of the invoice. Each invoice counts once.",
    )

    _depends = {
        "account.move": [
            "billing_milestone_id",
            "billing_proforma_id",
            "debit_origin_id",
            "reversed_entry_id",
        ],
        "billing.milestone": ["plan_id"],
        "billing.milestone.plan": ["lead_id"],
        "billing.proforma": ["lead_id"],
        "crm.lead": [
            "campaign_id",
            "company_id",
            "date_closed",
            "medium_id",
            "partner_id",
            "source_id",
            "won_status",
        ],
        "res.partner": ["tz"],
    }

    @api.model
    def _select_dimensions(self):
        # EXTENDS 'billing.analysis.mixin'
        return SQL(
            """
            %s, origin.campaign_id, origin.source_id, origin.medium_id, origin.lead_id,
                origin.origin
            """,
            super()._select_dimensions(),
        )

    @api.model
    def _join_dimensions(self):
        # EXTENDS 'billing.analysis.mixin'
        return SQL(
            """
            %(others)s
            LEFT JOIN (
                -- of one document one row, so that PostgreSQL works it out only if it is asked for
                SELECT DISTINCT ON (move_id)
                       move_id, campaign_id, source_id, medium_id, lead_id, origin
                  FROM (%(candidates)s) candidate
                 WHERE COALESCE(campaign_id, source_id, medium_id) IS NOT NULL
              ORDER BY move_id, rank, since DESC, lead_id DESC
            ) origin ON origin.move_id
                      = COALESCE(move.reversed_entry_id, move.debit_origin_id, move.id)
            """,
            others=super()._join_dimensions(),
            candidates=SQL(" UNION ALL ").join(self._get_origin_candidates()),
        )

    @api.model
    def _get_origin_candidates(self):
        """Return queries of what an invoice may be put down to; the lowest rank, then the latest
        ``since``, wins."""
        candidates = [
            self._select_own_lead(
                SQL("JOIN billing_proforma agreement ON agreement.id = move.billing_proforma_id"),
                SQL("agreement.lead_id"),
            ),
            self._select_own_lead(
                SQL(
                    """
                    JOIN billing_milestone milestone ON milestone.id = move.billing_milestone_id
                    JOIN billing_milestone_plan agreement ON agreement.id = milestone.plan_id
                    """
                ),
                SQL("agreement.lead_id"),
            ),
            self._select_customers_leads(),
        ]
        moves = self.env["account.move"]._fields
        orders = self.env.get("sale.order")
        if orders is not None and "opportunity_id" in orders._fields:  # Odoo's `sale_crm`
            candidates.append(
                self._select_own_lead(
                    SQL(
                        """
                        JOIN account_move_line line ON line.move_id = move.id
                        JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                        JOIN sale_order_line ordered ON ordered.id = rel.order_line_id
                        JOIN sale_order agreement ON agreement.id = ordered.order_id
                        """,
                        to_flush=orders._fields["opportunity_id"],
                    ),
                    SQL("agreement.opportunity_id"),
                )
            )
        names = ("campaign_id", "source_id", "medium_id")
        if all(name in moves for name in names):  # Odoo's `sale`
            candidates.append(
                SQL(
                    """
                    SELECT move.id AS move_id, NULL::int AS lead_id, 'order' AS origin, 2 AS rank,
                           NULL::timestamp AS since, campaign_id, source_id, medium_id
                      FROM account_move move
                     WHERE COALESCE(campaign_id, source_id, medium_id) IS NOT NULL
                       AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                    """,
                    to_flush=[moves[name] for name in names],
                )
            )
        return candidates

    @api.model
    def _select_own_lead(self, joins, lead):
        return SQL(
            """
            SELECT move.id AS move_id, lead.id AS lead_id, 'document' AS origin, 1 AS rank,
                   lead.create_date AS since, lead.campaign_id, lead.source_id, lead.medium_id
              FROM account_move move
                   %s
              JOIN crm_lead lead ON lead.id = %s
            """,
            joins,
            lead,
        )

    @api.model
    def _select_customers_leads(self):
        return SQL(
            """
            SELECT move.id AS move_id, lead.id AS lead_id, 'customer' AS origin, 3 AS rank,
                   COALESCE(lead.date_closed, lead.create_date) AS since,
                   lead.campaign_id, lead.source_id, lead.medium_id
              FROM crm_lead lead
              JOIN res_partner asking ON asking.id = lead.partner_id
              JOIN res_partner buyer
                   ON buyer.commercial_partner_id = asking.commercial_partner_id
              JOIN account_move move ON move.partner_id = buyer.id
              JOIN res_company company ON company.id = move.company_id
              JOIN res_partner house ON house.id = company.partner_id
             WHERE lead.won_status = 'won'
               AND COALESCE(lead.campaign_id, lead.source_id, lead.medium_id) IS NOT NULL
               AND (lead.company_id IS NULL OR lead.company_id = move.company_id)
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
               AND (COALESCE(lead.date_closed, lead.create_date)
                       AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date <= move.invoice_date
            """,
            zone=self._zone_to_sql(SQL.identifier("house", "tz")),
        )

    @api.model
    def _zone_to_sql(self, zone):
        """Return the time zone of a company from that of its partner, as `_get_billing_zone`."""
        return SQL("COALESCE(%s, %s, 'UTC')", zone, self.env.user.tz or None)
