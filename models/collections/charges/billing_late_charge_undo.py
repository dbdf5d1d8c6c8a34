import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...documents.interim import split
from .billing_late_charge import COUNTED

_logger = logging.getLogger(__name__)


class BillingLateCharge(models.Model):
    """Taking late charges back: waived by grace, or reversed because they were not justified.

    What was charged is taken back with a posted credit note, set against the debit note.
    """

    _inherit = "billing.late.charge"

    # -- Waiving -----------------------------------------------------------------------------------

    def _waive(self, reason, amounts=None):
        """Let customers off: these charges are not to be paid, now or later.

        :param reason: why
        :param amounts: by charge, how much of it; all of it if not said
        """
        amounts = amounts or {}
        self.move_origin_id._billing_claim()
        if any(charge.state not in ("proposed", "charged") for charge in self):
            raise UserError(self.env._("Only what is proposed or charged can be waived."))
        waived = self.browse()
        for charge in self:
            waived |= charge._split_off(amounts.get(charge, charge.amount))
        waived.filtered("move_id")._credit(reason)
        waived._decided("waived", reason=reason, number=0)
        waived._log_decision()

    def _split_off(self, amount):
        """Return a charge over ``amount`` of this one, which keeps the rest.

        :raise UserError: if there is not as much
        """
        self.ensure_one()
        compared = self.currency_id.compare_amounts(amount, self.amount)
        if compared > 0 or self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(
                self.env._(
                    "Waive more than zero and at most %s.", self.currency_id.format(self.amount)
                )
            )
        if not compared:
            return self
        # the indexes allow one proposal, and each number once; what is waived is neither
        part = self.copy({"amount": amount, "state": "waived", "number": 0})
        self.amount = self.currency_id.round(self.amount - amount)
        return part

    # -- Reversing ---------------------------------------------------------------------------------

    def action_reverse(self):
        """Take back what was charged, because the payment turned out to be in time.

        Credit notes are posted and set against the debit notes. What the ledger still justifies is
        proposed anew.
        """
        charged = self._for_clerk().filtered(lambda charge: charge.state == "charged")
        if not charged:
            raise UserError(self.env._("None of these late charges has been charged."))
        charged._reverse(self.env._("Not justified: the payment was in time"))
        return charged.credit_move_id.sudo(False)._get_records_action(
            name=self.env._("Credit Notes")
        )

    def _reverse(self, reason):
        """Credit these charges and propose what is still justified."""
        self.move_origin_id._billing_claim()
        self._credit(reason)
        self._decided("reversed", reason=reason)
        self._log_decision()
        try:
            with self.env.cr.savepoint():
                self._propose(self.line_id)
        except UserError as error:
            # a missing rate is no reason to leave charged what is not justified
            _logger.info("Not proposed anew after a reversal: %s", error)

    # -- Credit notes ------------------------------------------------------------------------------

    def _credit(self, reason):
        """Post a credit note over these charges for each debit note, and set it against that.

        :raise UserError: if the period is closed, or the debit note is not posted
        """
        for debit_note, charges in self.grouped("move_id").items():
            if debit_note.state != "posted":
                raise UserError(
                    self.env._("%s is not posted: cancel it instead.", debit_note.display_name)
                )
            company = debit_note.company_id
            today = company._get_billing_today()
            debit_note = debit_note.with_company(company).with_context(
                tz=company._get_billing_zone()
            )
            credit_note = debit_note._reverse_moves(
                [
                    {
                        "invoice_date": today,
                        "date": today,
                        "billing_reason": reason,
                        "ref": f"{debit_note.name}, {reason}",
                        "invoice_payment_term_id": False,
                        "invoice_date_due": today,
                        "invoice_user_id": debit_note.invoice_user_id.id,
                    }
                ]
            )
            credit_note.invoice_line_ids = charges._prepare_credit_lines(credit_note)
            credit_note._billing_check_period(today)
            charges.credit_move_id = credit_note
            credit_note._post(soft=False)
            credit_note._billing_set_against(debit_note)

    def _prepare_credit_lines(self, credit_note):
        """Return what is to change on a copy of the debit note so that it credits these charges.

        What credit notes over parts of a line credit adds up to the line, taxes too, to the cent.
        """
        debit_note = self.move_id
        amounts = debit_note._get_billing_line_amounts()
        copies = dict(
            zip(
                debit_note.invoice_line_ids.sorted("id"),
                credit_note.invoice_line_ids.sorted("id"),
                strict=True,
            )
        )
        commands = [
            Command.delete(copy.id)
            for line, copy in copies.items()
            if line not in self.move_line_id
        ]
        for line, charges in self.grouped("move_line_id").items():
            credited = charges._get_credited_before()
            wanted = sum(charges.mapped("amount"))
            rounding = self.currency_id.rounding
            price = split.price_of(amounts[line])
            parts = split.split_lines(
                [amounts[line]], [credited, wanted, max(price - credited - wanted, 0)], rounding
            )
            commands.append(Command.update(copies[line].id, _prepare_credit(line, parts[0][1])))
        return commands

    def _get_credited_before(self):
        """Return what posted credit notes have taken back of the line that charges these."""
        return sum(
            self.search(
                [
                    ("move_line_id", "in", self.move_line_id.ids),
                    ("credit_move_id.state", "=", "posted"),
                    ("id", "not in", self.ids),
                ]
            ).mapped("amount")
        )

    def _return_to_charged(self):
        """What had taken these charges back is gone: they are charged again.

        :raise UserError: if they were charged anew in the meantime
        """
        self.filtered(lambda charge: charge.state == "reversed")._check_not_charged_anew()
        numbers = self._get_numbers()
        for charge in self:
            key = (charge.line_id.id, charge.kind)
            numbers[key] = numbers.get(key, 0) + 1
            charge._decided("charged", number=numbers[key], credit_move_id=False, reason=False)
        self._log_decision()

    def _check_not_charged_anew(self):
        """Refuse if something was charged or waived since these were reversed."""
        others = self.search([("line_id", "in", self.line_id.ids), ("state", "in", COUNTED)])
        for charge in self:
            if others.filtered(
                lambda other, charge=charge: (
                    (other.line_id, other.kind) == (charge.line_id, charge.kind)
                    and other.move_id != charge.move_id
                    and other.id > charge.id
                )
            ):
                raise UserError(
                    self.env._(
                        "%s was charged anew in the meantime. Take that back first.",
                        charge.display_name,
                    )
                )


def _prepare_credit(line, part):
    """Return what is to change on a copy of a line of which only a part is credited."""
    shown = {"quantity": 1.0, "price_unit": split.price_of(part), "discount": 0.0}
    key = f"billing_late_charge,{line.id},0"
    return {
        **shown,
        "extra_tax_data": split.fix_amounts(part, line.currency_id.id, key, shown),
    }
