from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_charge import ChargeCommon


@tagged("post_install", "-at_install")
class TestLateCharge(ChargeCommon):
    """Proposed, approved, charged: never twice."""

    def test_proposals_become_a_posted_debit_note(self):
        invoice = self.bill(amount=3650.0, due=-20)
        proposals = self.propose(invoice)
        self.assertEqual(
            self.charges(invoice), [("fee", "proposed", 40.0), ("interest", "proposed", 20.0)]
        )
        action = proposals.action_approve()
        note = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((note.state, note.debit_origin_id), ("posted", invoice))
        self.assertEqual((note.billing_type, note.amount_total), ("past_due", 60.0))
        self.assertEqual(note.invoice_date_due, self.today)
        self.assertEqual(sorted(note.invoice_line_ids.mapped("price_unit")), [20.0, 40.0])
        self.assertFalse(note.invoice_line_ids.tax_ids)
        self.assertEqual(proposals.mapped("move_id"), note)
        self.assertEqual(set(proposals.mapped("state")), {"charged"})
        self.assertEqual(proposals.decided_by_id, self.env.user)
        self.assertEqual(invoice.amount_residual, 3650.0, "the original stays as it is")

    def test_what_was_charged_is_not_charged_again(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.charge(invoice)
        self.assertFalse(self.propose(invoice))
        with self.assertRaisesRegex(UserError, "nothing to charge"):
            invoice.action_billing_charge_late()

    def test_later_only_the_increment(self):
        invoice = self.bill(amount=3650.0, due=-20)
        self.charge(invoice)
        self.pay(invoice, on=9)  # nine days more, on a day yet to come
        with self.on_day(30):
            proposal = self.propose(invoice)
            self.assertEqual((proposal.kind, proposal.amount), ("interest", 9.0))
            self.assertEqual((proposal.date_from, proposal.date_to), (self.day(1), self.day(9)))
            self.assertEqual(proposal.calculation["earlier"], 20.0)
            proposal.action_approve()
            self.assertFalse(self.propose(invoice))
        self.assertEqual(proposal.number, 2)

    def test_a_new_proposal_replaces_the_old_one(self):
        invoice = self.bill(amount=3650.0, due=-20)
        first = self.propose(invoice)
        with self.on_day(5):
            second = self.propose(invoice)
        self.assertEqual(first, second)
        self.assertEqual(
            self.charges(invoice), [("fee", "proposed", 40.0), ("interest", "proposed", 25.0)]
        )

    def test_one_that_cannot_be_calculated_does_not_stop_the_others(self):
        good = self.bill(amount=3650.0, due=-20)
        bad = self.bill(amount=3650.0, due=-20, partner=self.partner_b)
        reference = self.env["billing.interest.reference"].create({"name": "Unknown"})
        self.partner_b.billing_late_fee_policy_id = self.make_policy(
            applies="chosen", reference_id=reference.id
        )
        action = (good | bad).action_billing_charge_late()
        self.assertIn(bad.name, action["params"]["message"])
        self.assertEqual(
            self.charges(good, bad), [("fee", "proposed", 40.0), ("interest", "proposed", 20.0)]
        )
        with self.assertRaisesRegex(UserError, bad.name):
            bad.action_billing_charge_late()
        self.partner_b.billing_late_fee_policy_id = False
        proposals = self.propose(bad)
        self.partner_b.billing_late_fee_policy_id = self.env["billing.late.fee.policy"].search(
            [("reference_id", "=", reference.id)]
        )
        with self.assertRaises(UserError):
            bad.action_billing_charge_late()
        self.assertTrue(proposals.exists(), "what was proposed before stays")

    def test_no_interest_on_late_charges(self):
        note = self.charge(self.bill(amount=3650.0, due=-20))
        with self.on_day(100):
            self.assertFalse(self.propose(note))
            self.assertFalse(self.env["billing.accrual"]._accrue(note._get_billing_late_lines()))
            # nor if somebody gives it another type
            note.billing_type = "debit"
            self.assertFalse(self.env["billing.accrual"]._accrue(note._get_billing_late_lines()))

    def test_one_debit_note_for_each_invoice(self):
        one, other = self.bill(amount=3650.0, due=-20), self.bill(amount=365.0, due=-10)
        notes = self.charge(one, other)
        self.assertEqual(notes.debit_origin_id, one | other)
        self.assertEqual(sorted(notes.mapped("amount_total")), [41.0, 60.0])

    def test_in_the_currency_of_the_invoice(self):
        self.policy.tier_ids.unlink()
        currency = self.setup_other_currency("EUR")
        invoice = self.bill(amount=3650.0, due=-20, currency_id=currency.id)
        note = self.charge(invoice)
        self.assertEqual((note.currency_id, note.amount_total), (currency, 20.0))

    def test_what_changed_since_it_was_proposed_is_not_charged(self):
        invoice = self.bill(amount=3650.0, due=-20)
        proposals = self.propose(invoice)
        self.pay(invoice, on=-15)
        action = proposals.action_approve()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(
            self.charges(invoice), [("fee", "charged", 40.0), ("interest", "proposed", 5.0)]
        )

    def test_what_is_not_justified_any_more_is_dropped(self):
        invoice = self.bill(amount=3650.0, due=-20)
        proposals = self.propose(invoice)
        self.pay(invoice, on=-20)
        proposals.action_approve()
        self.assertEqual(self.charges(invoice), [])

    def test_a_closed_period(self):
        proposals = self.propose(self.bill(amount=3650.0, due=-20))
        self.company.fiscalyear_lock_date = self.day(1)
        with self.assertRaisesRegex(UserError, "closed"), self.env.cr.savepoint():
            proposals.action_approve()
        self.assertEqual(set(proposals.mapped("state")), {"proposed"})
        self.assertFalse(self.env["account.move"].search([("billing_type", "=", "past_due")]))

    def test_taxed_if_the_policy_says_so(self):
        tax = self.tax(20)
        self.policy.write(
            {
                "is_taxed": True,
                "product_id": self.env["product.product"]
                .create({"name": "Late fees", "type": "service", "taxes_id": tax.ids})
                .id,
                "account_id": self.company_data["default_account_revenue"].copy().id,
            }
        )
        note = self.charge(self.bill(amount=3650.0, due=-20))
        self.assertEqual((note.amount_untaxed, note.amount_tax), (60.0, 12.0))
        self.assertEqual(note.invoice_line_ids.account_id, self.policy.account_id)

    def test_terms_of_the_type_win(self):
        terms = self.env.ref("account.account_payment_term_15days")
        self.env["billing.invoice.type"]._get_default(
            self.company, "past_due"
        ).payment_term_id = terms
        note = self.charge(self.bill(amount=3650.0, due=-20))
        self.assertEqual(note.invoice_date_due, self.day(15))

    def test_installments_are_charged_one_by_one_with_one_note(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    self.command(0, 50), self.command(10, 50),
                ],
            }
        )  # fmt: skip
        invoice = self.bill(
            amount=7300.0, invoice_date=self.day(-20), invoice_payment_term_id=terms.id
        )
        note = self.charge(invoice)
        self.assertEqual(sorted(note.invoice_line_ids.mapped("price_unit")), [10.0, 20.0, 40.0])

    def test_the_journal_and_the_chatter_know(self):
        invoice = self.bill(amount=3650.0, due=-20)
        note = self.charge(invoice)
        event = self.env["billing.event"].search([("move_id", "=", invoice.id)])
        self.assertEqual(event.kind, "late_charged")
        self.assertIn("60.00", event.note)
        self.assertIn(note.name, str(invoice.message_ids.mapped("body")))
        self.assertIn(invoice.name, str(note.message_ids.mapped("body")))

    def test_approving_many_reads_no_more_than_approving_few(self):
        def reads(count):
            proposals = self.propose(*(self.bill(due=-20) for _i in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            changed = proposals._refresh_changed()
            self.assertFalse(changed)
            return self.cr.sql_log_count - before

        reads(2)
        self.assertLessEqual(reads(20), reads(4) + 3)
