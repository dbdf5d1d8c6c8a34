from odoo import api, models
from odoo.tools import SQL


class BillingReceivable(models.Model):
    _inherit = "billing.receivable"

    _depends = {
        "billing.pause": [
            "company_id",
            "date_end",
            "date_start",
            "ended_on",
            "move_id",
            "partner_id",
        ],
    }

    @api.model
    def _get_hold_sources(self, as_of):
        # EXTENDS: of a paused customer every installment waits, else those of one invoice
        active = self.env["billing.pause"]._active_to_sql("pause", as_of)
        is_past = self.env.context.get("billing_as_of")
        return [
            *super()._get_hold_sources(as_of),
            SQL(
                """
                SELECT line.id, 'pause', pause.date_end, 0.0
                  FROM billing_pause pause
                  JOIN account_move_line line ON line.move_id = pause.move_id
                 WHERE %s AND line.display_type = 'payment_term'
                """,
                active,
            ),
            SQL(
                """
                SELECT line.id, 'pause', pause.date_end, 0.0
                  FROM billing_pause pause
                  JOIN res_partner partner ON partner.commercial_partner_id = pause.partner_id
                  JOIN account_move_line line
                    ON line.partner_id = partner.id AND line.company_id = pause.company_id
                 WHERE %s AND pause.move_id IS NULL
                   AND line.display_type = 'payment_term'
                   AND line.parent_state = 'posted'
                   AND %s
                """,
                active,
                SQL("TRUE") if is_past else SQL("line.reconciled IS NOT TRUE"),
            ),
        ]
