from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BillingCommon

# Counts requests to pages, by address; nobody but the superuser has access to it.
WITHOUT_COMPANY = {"billing.attempt"}

# What every employee enters for themselves.
OF_EMPLOYEES = ("billing.expense",)


@tagged("post_install", "-at_install")
class TestAccessEverywhere(BillingCommon):
    """What holds for each of our models, also for those that are added later."""

    def each_model(self):
        for name in sorted(self.env.registry):
            model = self.env[name]
            if name.startswith("billing.") and not model._abstract:
                yield name, model

    def test_what_is_kept_belongs_to_a_company_and_is_seen_by_it_alone(self):
        for name, model in self.each_model():
            if model._transient or name in WITHOUT_COMPANY:
                continue
            self.assertIn("company_id", model._fields, name)
            rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", name)])
            kept_apart = rules.filtered(
                lambda rule: not rule.groups and "company_id" in (rule.domain_force or "")
            )
            self.assertTrue(kept_apart, f"{name} has no rule of its company for everybody")

    def test_neither_strangers_nor_customers_reach_a_model(self):
        self.make_people()
        for name, model in self.each_model():
            for user in (self.portal, self.env.ref("base.public_user")):
                for operation in ("read", "write", "create", "unlink"):
                    with self.assertRaises(AccessError, msg=f"{name}: {operation}"):
                        model.with_user(user).check_access(operation)

    def test_an_accountant_outside_the_groups_changes_nothing(self):
        self.make_people()
        for name, model in self.each_model():
            if name.startswith(OF_EMPLOYEES):
                continue
            for operation in ("write", "create", "unlink"):
                self.assertFalse(
                    model.with_user(self.accountant).has_access(operation), f"{name}: {operation}"
                )
