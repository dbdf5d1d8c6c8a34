from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class BillingLateCharge(models.Model):
    """Approving proposals: each invoice's are charged with one debit note, posted at once."""

    _inherit = "billing.late.charge"

    def action_approve(self):
        """Charge these proposals, and open the debit notes.

        What the ledger says differently by now is not charged: it is corrected, and stays to be
        approved.

        :raise UserError: if nothing is left to charge, or the period is closed
        """
        proposed = self._for_clerk().filtered(lambda charge: charge.state == "proposed")
        if not proposed:
            raise UserError(self.env._("None of these late charges waits for approval."))
        changed = proposed._refresh_changed()
        moves = (proposed.exists() - changed)._charge()
        return self._tell_charged(moves, changed)

    def _tell_charged(self, moves, changed):
        """Return what is shown after approval: the debit notes, else what has changed."""
        message = self.env._("Debit notes posted: %s.", len(moves))
        if changed:
            message += " " + self.env._(
                "Changed since they were proposed, please look again: %s.", len(changed)
            )
        action = {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if changed else "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
        if len(moves) == 1 and not changed:
            action = moves.sudo(False)._get_records_action(name=self.env._("Debit Note"))
        return action

    def _refresh_changed(self):
        """Ask the ledger once more what these proposals are worth, and correct those that differ.

        :return: those that were corrected; what is not justified at all any more is deleted
        """
        self.move_origin_id._billing_claim()
        changed = self.browse()
        for until, charges in self.grouped(lambda charge: charge.calculation["until"]).items():
            now = self._calculate(charges.line_id, fields.Date.to_date(until))
            for charge in charges:
                vals = now.get((charge.line_id.id, charge.kind))
                if not vals or charge.currency_id.compare_amounts(vals["amount"], charge.amount):
                    changed |= charge
        if changed:
            changed._propose(changed.line_id)
        return changed

    def _charge(self):
        """Charge these proposals with one debit note for each invoice, and return the notes."""
        moves = self.env["account.move"].sudo()
        for company, charges in self.grouped("company_id").items():
            today = company._get_billing_today()
            groups = list(charges.sorted("id").grouped("move_origin_id").items())
            made = (
                moves.with_company(company)
                .with_context(default_move_type="out_invoice", tz=company._get_billing_zone())
                .create([group._prepare_debit_note(origin, today) for origin, group in groups])
            )
            made._billing_check_period(today)
            for move, (_origin, group) in zip(made, groups, strict=True):
                group._link_debit_note(move)
            made._post(soft=False)
            made._billing_tell_charged()
            moves |= made
        return moves

    def _link_debit_note(self, move):
        """Note that these proposals are charged with the lines of ``move``."""
        earlier = self._get_numbers()
        for charge, line in zip(self, move.invoice_line_ids, strict=True):
            charge._decided(
                "charged",
                move_id=move.id,
                move_line_id=line.id,
                number=earlier.get((charge.line_id.id, charge.kind), 0) + 1,
            )
        self._log_decision()

    def _get_numbers(self):
        """Return the number of the last charge by (id of the installment, kind)."""
        rows = self._read_group(
            [("line_id", "in", self.line_id.ids), ("state", "=", "charged")],
            ["line_id", "kind"],
            ["number:max"],
        )
        return {(line.id, kind): number for line, kind, number in rows}

    def _prepare_debit_note(self, origin, today):
        """Return the values of the debit note that charges these, all of one invoice."""
        company = origin.company_id
        invoice_type = self.env["billing.invoice.type"]._require_default(company, "past_due")
        lang = origin.partner_id.lang or self.env.lang
        reason = self.with_context(lang=lang).env._("Late payment")
        terms = invoice_type.payment_term_id
        return {
            "move_type": "out_invoice",
            "billing_type_id": invoice_type.id,
            "debit_origin_id": origin.id,
            "billing_reason": reason,
            "ref": f"{origin.name}, {reason}",
            "company_id": company.id,
            "partner_id": origin.partner_id.id,
            "partner_shipping_id": origin.partner_shipping_id.id,
            "journal_id": origin.journal_id.id,
            "currency_id": origin.currency_id.id,
            "fiscal_position_id": origin.fiscal_position_id.id,
            "invoice_user_id": origin.invoice_user_id.id,
            "partner_bank_id": origin.partner_bank_id.id,
            "invoice_date": today,
            "invoice_payment_term_id": terms.id,
            **({} if terms else {"invoice_date_due": today}),
            "invoice_line_ids": [
                Command.create(charge._prepare_debit_line(lang)) for charge in self
            ],
        }

    def _prepare_debit_line(self, lang):
        """Return the values of the line that charges this."""
        self.ensure_one()
        policy = self.policy_id.with_company(self.company_id)
        taxes = self.env["account.tax"]
        if policy.is_taxed:
            taxes = policy.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        vals = {
            "product_id": policy.product_id.id,
            "name": self.with_context(lang=lang)._describe(),
            "quantity": 1.0,
            "price_unit": self.amount,
            "tax_ids": [Command.set(self.move_origin_id.fiscal_position_id.map_tax(taxes).ids)],
        }
        if policy.account_id:
            vals["account_id"] = policy.account_id.id
        return vals

    def _describe(self):
        """Return in words what this charges, in the language of the context."""
        self.ensure_one()
        due = format_date(self.env, self.calculation["date_maturity"])
        words = {"invoice": self.move_origin_id.name, "due": due}
        if self.kind == "fee":
            return self.env._("Fixed sum for late payment of %(invoice)s, due %(due)s", **words)
        if self.kind == "percentage":
            return self.env._("Fee for late payment of %(invoice)s, due %(due)s", **words)
        return self.env._(
            "Interest on %(invoice)s, due %(due)s, from %(start)s until %(end)s",
            **words,
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
