from datetime import datetime, time

from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestAnalysisOrigin(BillingCommon):
    """Each invoice is put down to one campaign, source and medium, and counts once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.fair, cls.ads = cls.env["utm.campaign"].create([{"name": "Fair"}, {"name": "Ads"}])
        cls.leads = cls.env["crm.lead"].sudo()

    def win(self, campaign, on, partner=None, **values):
        lead = self.leads.create(
            {
                "type": "opportunity",
                "name": "Opportunity",
                "partner_id": (partner or self.partner_a).id,
                "campaign_id": campaign.id,
                "stage_id": self.won.id,
                **values,
            }
        )
        self.close(lead, on)
        return lead

    def close(self, lead, on):
        lead.date_closed = datetime.combine(self.day(on), time(12))

    def campaigns(self, model="billing.sales.analysis", measure="revenue:sum", field="campaign_id"):
        rows = self.env[model]._read_group(
            [("company_id", "=", self.company.id)], [field], [measure]
        )
        return dict(rows)

    def test_it_is_the_opportunity_won_last_before_the_invoice(self):
        self.win(self.fair, on=-60)
        self.win(self.ads, on=-20)
        self.bill(1.0, invoice_date=self.day(-70), due=0)
        self.bill(10.0, invoice_date=self.day(-40), due=0)
        self.bill(100.0, invoice_date=self.day(-10), due=0)
        none = self.env["utm.campaign"]
        self.assertEqual(self.campaigns(), {none: 1.0, self.fair: 10.0, self.ads: 100.0})
        self.assertEqual(self.campaigns(field="origin"), {False: 1.0, "customer": 110.0})

    def test_it_was_won_on_the_day_of_the_invoice_where_the_company_is(self):
        lead = self.win(self.fair, on=0)
        lead.date_closed = datetime.combine(self.day(0), time(2))
        self.bill(10.0, invoice_date=self.day(-1), due=0)
        self.assertEqual(self.campaigns(), {self.env["utm.campaign"]: 10.0})
        self.company.partner_id.tz = "America/New_York"  # yesterday evening
        self.assertEqual(self.campaigns(), {self.fair: 10.0})

    def test_two_opportunities_do_not_count_an_invoice_twice(self):
        for _number in range(3):
            self.win(self.fair, on=-30)
        self.win(self.ads, on=-30)
        invoice = self.bill(100.0, invoice_date=self.day(-10), due=0)
        self.pay(invoice, 40.0)
        self.pay(invoice)
        self.assertEqual(self.campaigns(), {self.ads: 100.0}, "of one day, the one made last")
        paid = self.campaigns("billing.payment.analysis", "paid:sum")
        self.assertEqual(paid, {self.ads: 100.0})

    def test_what_was_not_won_or_says_nothing_does_not_count(self):
        self.win(self.fair, on=-30)
        self.win(self.env["utm.campaign"], on=-20)
        pending = self.win(self.ads, on=-20)
        pending.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.close(pending, on=-20)
        lost = self.win(self.ads, on=-20)
        lost.stage_id = pending.stage_id
        lost.action_set_lost()
        self.close(lost, on=-20)
        self.bill(100.0, invoice_date=self.day(-10), due=0)
        self.assertEqual(self.campaigns(), {self.fair: 100.0})

    def test_campaign_and_source_are_of_one_opportunity(self):
        source = self.env["utm.source"].create({"name": "Search"})
        self.win(self.fair, on=-30, source_id=source.id)
        self.win(self.ads, on=-20)
        self.bill(100.0, invoice_date=self.day(-10), due=0)
        self.assertEqual(self.campaigns(field="source_id"), {self.env["utm.source"]: 100.0})

    def test_contacts_and_their_company_are_one_customer(self):
        ann, bert = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.partner_a.id} for name in ("Ann", "Bert")]
        )
        self.win(self.fair, on=-30, partner=ann)
        self.bill(100.0, due=0, partner=bert)
        self.bill(7.0, due=0, partner=self.partner_b)
        self.assertEqual(self.campaigns(), {self.fair: 100.0, self.env["utm.campaign"]: 7.0})

    def test_the_opportunity_a_document_was_made_from_comes_first(self):
        self.win(self.ads, on=-20)
        own = self.leads.create(
            {"name": "Own", "partner_id": self.partner_a.id, "campaign_id": self.fair.id}
        )
        proforma = self.env["billing.proforma"].create(
            {
                "partner_id": self.partner_a.id,
                "lead_id": own.id,
                "line_ids": [(0, 0, {"name": "Work", "price_unit": 100.0, "tax_ids": []})],
            }
        )
        invoice = self.bill(100.0, invoice_date=self.day(-10), due=0)
        invoice.billing_proforma_id = proforma
        self.assertEqual(self.campaigns(), {self.fair: 100.0})
        self.assertEqual(self.campaigns(field="origin"), {"document": 100.0})
        own.campaign_id = False
        self.assertEqual(self.campaigns(), {self.ads: 100.0}, "it says nothing: the customer's")

    def test_a_credit_note_follows_its_invoice(self):
        self.win(self.fair, on=-30)
        invoice = self.bill(100.0, invoice_date=self.day(-20), due=0)
        self.win(self.ads, on=-10)
        self._reverse_invoice(invoice, post=True, date=self.day(0), reason="Wrong")
        self.assertEqual(self.campaigns(), {self.fair: 0.0})

    def test_an_opportunity_of_another_company_does_not_count(self):
        other = self.setup_other_company()["company"]
        lead = self.win(self.ads, on=-10)
        self.win(self.fair, on=-30)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET company_id = %s WHERE id = %s", [other.id, lead.id]
        )
        self.bill(100.0, invoice_date=self.day(-5), due=0)
        self.assertEqual(self.campaigns(), {self.fair: 100.0})

    def test_the_sum_over_campaigns_is_the_sum_of_the_invoices(self):
        for number in range(6):
            partner = (self.partner_a, self.partner_b)[number % 2]
            self.win((self.fair, self.ads)[number % 3 % 2], on=-50 + 7 * number, partner=partner)
            invoice = self.bill(100.01 + number, partner=partner, due=-45 + 8 * number)
            self.pay(invoice, 10 + number, on=-number)
        posted = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")]
        )
        self.assertAlmostEqual(
            sum(self.campaigns().values()), sum(posted.mapped("amount_untaxed")), 2
        )
        paid = self.campaigns("billing.payment.analysis", "paid_revenue:sum")
        self.assertAlmostEqual(sum(paid.values()), sum(10 + number for number in range(6)), 2)
        rows = self.env["billing.sales.analysis"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), len(posted.invoice_line_ids))
