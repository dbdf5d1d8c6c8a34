from odoo.tests import tagged

from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheet(TimesheetCommon):
    """From entering hours to the draft."""

    def test_hours_need_no_analytic_set_up(self):
        hours = self.work(1.5)
        self.assertEqual(hours.account_id, self.company.billing_hours_account_id)
        self.assertEqual(hours.product_uom_id, self.env.ref("uom.product_uom_hour"))
        self.assertEqual(hours.amount, 0.0, "what is billed is no cost")
        self.assertEqual(hours.billing_state, "to_bill")
        self.assertEqual(self.work().account_id, hours.account_id, "made once")

    def test_entering_nothing_or_less_is_refused(self):
        for hours in (0.0, -1.0):
            with self.assertRefused("Design.*enter the time"):
                self.work(hours)

    def test_from_hours_to_the_draft(self):
        hours = self.work(2.0) | self.work(1.25, user=self.bob) | self.work(3.0)
        move = self.invoice_hours()
        self.assertEqual(move.billing_type, "timesheet")
        self.assertEqual(move.state, "draft")
        self.assertEqual(self.lines(move), [(5.0, 100.0), (1.25, 100.0)])
        self.assertEqual(move.invoice_line_ids.sorted("sequence").mapped("name"), ["Ann", "Bob"])
        self.assertEqual(move.amount_untaxed, 625.0)
        self.assertEqual(hours.billing_move_id, move)
        self.assertEqual(self.states(hours), ["draft"] * 3)
        self.assertEqual(move.billing_hour_count, 3)
        move.invoice_date = self.today
        move.action_post()
        self.assertEqual(self.states(hours), ["billed"] * 3)

    def test_the_preview_is_what_is_made(self):
        self.partner_a.child_ids = [(0, 0, {"name": "Desk", "type": "contact"})]
        self.work(1.1)
        self.work(0.33, user=self.bob, partner=self.partner_a.child_ids)
        self.work(4.0, partner=self.partner_b)
        wizard = self.wizard(self.partner_a | self.partner_b, grouping="one")
        self.assertEqual(wizard.line_ids.mapped("quantity"), [1.43, 4.0])
        self.assertIn("5.43", wizard.total)
        self.assertIn("543.00", wizard.total)
        wizard.action_create_invoices()
        moves = self.Hours.search([("billing_move_line_id", "!=", False)]).billing_move_id
        self.assertEqual(moves.partner_id, self.partner_a | self.partner_b)
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [143.0, 400.0])

    def test_grouping(self):
        self.work(1.0, on="2026-03-02", name="Design")
        self.work(2.0, on="2026-03-03", name="Design", user=self.bob)
        self.work(4.0, on="2026-03-03", name="Build")
        expected = {
            "person": [("Ann", 5.0), ("Bob", 2.0)],
            "day": [("03/02/2026", 1.0), ("03/03/2026", 6.0)],
            "task": [("Build", 4.0), ("Design", 3.0)],
            "one": [("03/02/2026 to 03/03/2026", 7.0)],
        }
        for grouping, lines in expected.items():
            preview = self.wizard(grouping=grouping).line_ids
            self.assertEqual([(line.name, line.quantity) for line in preview], lines, grouping)

    def test_different_rates_never_share_a_line(self):
        self.Rate.create({"user_id": self.bob.id, "rate": 80.0})
        self.work(1.0)
        self.work(2.0, user=self.bob)
        move = self.invoice_hours(grouping="one")
        self.assertEqual(sorted(self.lines(move)), [(1.0, 100.0), (2.0, 80.0)])

    def test_the_customers_language_is_spoken(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.work(on="2026-03-02")
        move = self.invoice_hours(grouping="day")
        self.assertEqual(move.invoice_line_ids.name, "02/03/2026")

    def test_period_and_selection(self):
        early, late = self.work(on="2026-02-28"), self.work(on="2026-03-01")
        wizard = self.wizard(date_from="2026-03-01", date_to="2026-03-31")
        self.assertEqual(wizard._get_hours(), late)
        wizard = (
            self.env["billing.timesheet.invoice"]
            .with_context(active_model="account.analytic.line", active_ids=early.ids)
            .create({})
        )
        self.assertEqual(wizard._get_hours(), early)

    def test_nothing_to_bill_says_so_and_makes_nothing(self):
        before = self.env["account.move"].search_count([])
        self.assertFalse(self.wizard().can_create)
        with self.assertRefused("no unbilled hours"):
            self.invoice_hours()
        self.work(billing_billable=False)
        with self.assertRefused("no unbilled hours"):
            self.invoice_hours()
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_hours_without_customer_or_rate_are_named(self):
        self.rate.active = False
        hours = self.work(name="Travel") | self.work(
            name="Lunch", partner=self.env["res.partner"], on="2026-03-05"
        )
        wizard = self.env["billing.timesheet.invoice"].create(
            {"selected_hour_ids": [(6, 0, hours.ids)], "company_id": self.company.id}
        )
        self.assertIn("Travel: there is no hourly rate", wizard.notice)
        self.assertIn("03/05/2026 · Ann · Lunch: there is no customer", wizard.notice)
        self.assertFalse(wizard.can_create)
        with self.assertRefused("Travel: there is no hourly rate"):
            wizard.action_create_invoices()
        self.assertEqual(self.states(hours), ["to_bill"] * 2)

    def test_nobody_chosen(self):
        wizard = self.env["billing.timesheet.invoice"].create({"company_id": self.company.id})
        self.work()
        with self.assertRefused("Choose whom"):
            wizard.action_create_invoices()

    def test_a_closed_period(self):
        self.work()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRefused("books are closed"):
            self.invoice_hours(invoice_date="2026-03-15")
        self.assertFalse(self.Hours.search([("billing_move_line_id", "!=", False)]))

    def test_a_backward_period(self):
        self.work()
        with self.assertRefused("ends before"):
            self.invoice_hours(date_from="2026-04-01", date_to="2026-03-01")

    def test_hours_of_another_company(self):
        other = self.setup_other_company()["company"]
        mine = self.work()
        theirs = self.work(company_id=other.id, partner=self.partner_a)
        self.assertEqual(self.wizard()._get_hours(), mine)
        wizard = self.env["billing.timesheet.invoice"].with_context(
            active_model="account.analytic.line", active_ids=(mine | theirs).ids
        )
        with self.assertRefused("one company"):
            wizard.create({})

    def test_an_own_type_of_invoice(self):
        own = self.env["billing.invoice.type"].create(
            {"name": "Consulting", "behavior": "timesheet", "company_id": self.company.id}
        )
        self.work()
        self.assertEqual(self.invoice_hours(billing_type_id=own.id).billing_type_id, own)

    def test_journal_items_are_no_hours(self):
        account = self.company._get_billing_hours_account()
        move = self._create_invoice_one_line(price_unit=10.0, invoice_date=self.today)
        move.invoice_line_ids.analytic_distribution = {str(account.id): 100}
        move.action_post()
        line = move.invoice_line_ids.analytic_line_ids
        self.assertTrue(line)
        self.assertFalse(line.billing_is_hours)
        self.assertFalse(self.wizard()._get_hours())
        self.assertNotIn(line, self.Hours.search([("billing_is_hours", "=", True)]))

    def test_a_customers_unbilled_hours(self):
        contact = self.partner_a.copy({"name": "Desk", "parent_id": self.partner_a.id})
        self.work(1.0)
        self.work(2.0, partner=contact)
        self.work(4.0, billing_billable=False)
        partners = self.partner_a | self.partner_b | contact
        self.assertEqual(partners.mapped("billing_unbilled_hours"), [3.0, 0.0, 3.0])
        self.env.flush_all()
        partners.invalidate_recordset(["billing_unbilled_hours"])
        with self.assertQueryCount(1):
            partners.mapped("billing_unbilled_hours")
        self.invoice_hours()
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.billing_unbilled_hours, 0.0)
        self.assertEqual(
            self.Hours.search(self.partner_a.action_open_billing_unbilled_hours()["domain"]),
            self.Hours,
        )

    def test_states_are_searched_and_grouped_as_they_are_shown(self):
        self.work(1.0)
        self.invoice_hours()
        self.work(2.0)
        self.work(4.0, billing_billable=False)
        hours = self.Hours.search([("billing_is_hours", "=", True)])
        for state in ("to_bill", "not_billable", "draft", "billed"):
            found = hours.search([("billing_state", "=", state), ("id", "in", hours.ids)])
            self.assertEqual(
                found, hours.filtered(lambda line, state=state: line.billing_state == state)
            )
        groups = dict(
            self.Hours._read_group(
                [("id", "in", hours.ids)], ["billing_state"], ["unit_amount:sum"]
            )
        )
        self.assertEqual(groups, {"draft": 1.0, "to_bill": 2.0, "not_billable": 4.0})
