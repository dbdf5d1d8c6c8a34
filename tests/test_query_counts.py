from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestQueryCounts(BillingCommon):
    """What our additions cost in queries, whatever the number of records."""

    def test_the_status_of_a_page_of_invoices_is_one_query(self):
        invoices = self.env["account.move"]
        for due in range(-5, 5):
            invoices |= self.bill(due=due)
        self.env.invalidate_all()
        invoices.fetch(["billing_status"])  # what it depends on, as for a list
        self.env["account.move"].search([("billing_status", "=", "overdue")])  # Odoo's own caches
        with self.assertQueryCount(1):
            invoices.mapped("billing_status")

    def test_the_figures_of_a_page_of_customers_are_two_queries(self):
        partners = self.env["res.partner"]
        for _i in range(5):
            partners |= self.partner_a.copy({"name": "Customer"})
        for partner in partners:
            self.bill(due=-10, partner=partner)
        self.env["billing.score"]._refresh(self.company)
        self.env.flush_all()
        self.env.invalidate_all()
        partners.mapped("commercial_partner_id")
        self.partner_a.billing_score_id, self.partner_a.billing_due  # noqa: B018, Odoo's caches
        with self.assertQueryCount(2):  # open items, and scores
            partners.mapped("billing_overdue")
            partners.mapped("billing_score")
            partners.mapped("billing_grade")
            partners.mapped("billing_trend")
            partners.mapped("billing_confidence")

    def test_posting_costs_no_query_more(self):
        """The type is computed before the insert: nothing of ours runs when posting."""
        invoice = self._create_invoice_one_line(price_unit=10.0, invoice_date=self.today)
        queries = []
        execute = self.env.cr.execute

        def recorder(query, params=None, log_exceptions=True):
            queries.append(str(query.code if hasattr(query, "code") else query))
            return execute(query, params, log_exceptions)

        self.patch(self.env.cr, "execute", recorder)
        invoice.action_post()
        self.env.flush_all()
        self.assertTrue(queries)
        self.assertFalse(
            [query for query in queries if "billing_" in query and "FROM billing_" in query]
        )
