from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountMove(models.Model):
    """What becomes of late charges if somebody takes their debit note back, or the credit note.

    Documents that have nothing to do with late charges cost no query more: their type says so.
    """

    _inherit = "account.move"

    def _billing_check_period(self, day):
        """Refuse to post these documents on a day in a closed period.

        Odoo would post them on the first day that is open.

        :raise UserError: which says which period is closed
        """
        for move in self:
            closed = move._get_violated_lock_dates(day, move._affect_tax_report())
            if closed:
                raise UserError(
                    self.env._(
                        "Nothing can be posted on %(date)s: the books are closed (%(locks)s).",
                        date=format_date(self.env, day),
                        locks=self.env["res.company"]._format_lock_dates(closed),
                    )
                )

    def _billing_tell_charged(self):
        """Say in the chatter of these debit notes, and of their originals, what they charge."""
        bodies = {}
        for move in self:
            origin = move.debit_origin_id
            bodies[move.id] = self.env._("Charged for late payment of %s.", origin._get_html_link())
            bodies[origin.id] = self.env._("Charged for late payment: %s.", move._get_html_link())
        (self | self.debit_origin_id)._message_log_batch(bodies=bodies)

    def _get_billing_charging(self, states, link="move_id"):
        """Return the late charges that these documents charge, or take back.

        :param link: the field of `billing.late.charge` that points at these documents
        """
        charges = self.env["billing.late.charge"].sudo()
        involved = self.filtered(
            lambda move: "past_due" in (move.billing_type, move.reversed_entry_id.billing_type)
        )
        if not involved:
            return charges
        return charges.search([("state", "in", states), (link, "in", involved.ids)])

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        # a debit note that had been cancelled is back
        posted._get_billing_charging(["reversed"]).filtered(
            lambda charge: not charge.credit_move_id
        )._return_to_charged()
        for credit_note in posted.filtered(lambda move: move.move_type == "out_refund"):
            credit_note._billing_reverse_if_credited()
        return posted

    def _billing_reverse_if_credited(self):
        """Somebody credited a debit note in full: it charges nothing any more."""
        debit_note = self.reversed_entry_id
        if debit_note.billing_type != "past_due":
            return
        charges = debit_note._get_billing_charging(["charged"])
        credited = debit_note.reversal_move_ids.filtered(lambda move: move.state == "posted")
        if charges and not debit_note.currency_id.compare_amounts(
            sum(credited.mapped("amount_total")), debit_note.amount_total
        ):
            open_charges = charges.filtered(lambda charge: not charge.credit_move_id)
            open_charges.credit_move_id = self
            open_charges._decided("reversed", reason=self.billing_reason or self.ref)
            open_charges._log_decision()

    def button_draft(self):
        # EXTENDS 'account'
        result = super().button_draft()
        taken_back = self._get_billing_charging(["reversed", "waived"], "credit_move_id")
        if taken_back:
            # Odoo leaves a draft set against the debit note
            taken_back.credit_move_id.line_ids.remove_move_reconcile()
            taken_back._return_to_charged()
        return result

    def button_cancel(self):
        # EXTENDS 'account'
        result = super().button_cancel()
        self._billing_uncharge()
        return result

    @api.ondelete(at_uninstall=False)
    def _billing_uncharge(self):
        """These debit notes are gone: what they charged may be charged anew."""
        charges = self._get_billing_charging(["charged"])
        if charges:
            charges._decided("reversed", reason=self.env._("Debit note cancelled"))
            charges._log_decision()
