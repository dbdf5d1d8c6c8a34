from .common import BillingCommon


class WorklistCommon(BillingCommon):
    """A worklist, and the words to ask it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.foreign = cls.setup_other_currency("EUR", rates=[("2020-01-01", 3.0)])
        cls.Collection = cls.env["billing.collection"]

    def refresh(self):
        """Refresh the company's list and return its rows, in order."""
        self.Collection.sudo()._refresh(self.company)
        return self.Collection.search([("company_id", "=", self.company.id)])

    def row(self, partner=None):
        """Refresh, and return the row of a customer."""
        partner = partner or self.partner_a
        return self.refresh().filtered(lambda row: row.partner_id == partner)
