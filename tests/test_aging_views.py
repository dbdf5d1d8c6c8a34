import io
import json

from lxml import etree
from odoo import http
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestAgingViews(BillingCommon, HttpCase):
    def columns(self):
        """The bucket columns of the list, with their titles."""
        found = self.env["billing.receivable"].get_views([(False, "list")])
        described = found["models"]["billing.receivable"]["fields"]
        arch = etree.fromstring(found["views"]["list"]["arch"])
        names = [name for name in arch.xpath("//field/@name") if name.startswith("amount_")]
        return [described[name]["string"] for name in names]

    def test_the_list_shows_the_buckets_in_use_under_their_names(self):
        self.assertEqual(
            self.columns(), ["Current", "1-30", "31-60", "61-90", "Over 90", "Credits"]
        )
        self.company.billing_aging_days = "7"
        self.assertEqual(self.columns(), ["Current", "1-7", "Over 7", "Credits"])

    def test_browsers_hear_of_other_buckets(self):
        self.env.registry.registry_invalidated = False
        self.company.billing_aging_days = "30, 60, 90"
        self.assertFalse(self.env.registry.registry_invalidated, "they are the same")
        self.company.billing_aging_days = "7"
        self.assertTrue(self.env.registry.registry_invalidated)

    def test_other_buckets_are_no_measures(self):
        fields = self.env["billing.receivable"].fields_get(["amount_90", "amount_150"])
        self.assertEqual(fields["amount_90"]["aggregator"], "sum")
        self.assertFalse(fields["amount_150"]["aggregator"])

    def test_odoos_own_export_writes_the_aging(self):
        self.bill(50.25, due=-40)
        clerk = self.make_user(
            "exporting", "billing_crm.group_billing_user,base.group_allow_export"
        )
        self.authenticate(clerk.login, clerk.login)
        names = {"partner_id": "Customer", "amount_60": "31-60", "residual": "Open"}
        data = {
            "model": "billing.receivable",
            "fields": [
                {"name": name, "label": label, "type": "monetary"} for name, label in names.items()
            ],
            "ids": False,
            "domain": [("company_id", "=", self.company.id)],
            "groupby": ["partner_id"],
            "context": {"billing_as_of": str(self.day(0))},
            "import_compat": False,
        }
        answer = self.url_open(
            "/web/export/xlsx",
            data={"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)},
        )
        answer.raise_for_status()
        sheet = load_workbook(io.BytesIO(answer.content)).active
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(values[0], ["Customer", "31-60", "Open"])
        self.assertIn(50.25, values[1])
