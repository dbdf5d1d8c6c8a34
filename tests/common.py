from datetime import timedelta

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
class BillingCommon(AccountTestInvoicingCommon):
    """A company whose customers have e-mail addresses, and the words tests need to tell a story."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env.user.group_ids += cls.env.ref("billing_crm.group_billing_manager")
        cls.today = fields.Date.context_today(cls.env["account.move"])
        cls.partner_a.write({"email": "anna@customers.example", "property_payment_term_id": False})
        cls.partner_b.write({"email": "bert@customers.example", "property_payment_term_id": False})

    @classmethod
    def day(cls, offset):
        """The date ``offset`` days from today, negative in the past."""
        return cls.today + timedelta(days=offset)

    @classmethod
    def make_user(cls, login, groups, company=None):
        """Make a user of the company, or of another ``company``, and of no other."""
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )

    @classmethod
    def make_people(cls):
        """Make one person of each kind that has to do with bills, and differs in what they may."""
        cls.clerk = cls.make_user("cleo", "billing_crm.group_billing_user")
        cls.accountant = cls.make_user("ada", "account.group_account_invoice")
        cls.salesperson = cls.make_user("saul", "sales_team.group_sale_salesman")
        cls.portal = cls.make_user("paul", "base.group_portal")

    @classmethod
    def bill(cls, amount=100.0, due=0, partner=None, **values):
        """Post an untaxed invoice that is due ``due`` days from today, 30 days after its date."""
        values = {"invoice_payment_term_id": None, **values}
        values.setdefault("invoice_date", cls.day(due - 30))
        if not values["invoice_payment_term_id"]:
            values["invoice_date_due"] = cls.day(due)
        return cls._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=(partner or cls.partner_a).id,
            post=True,
            **values,
        )

    @classmethod
    def pay(cls, invoice, amount=None, on=0):
        """Pay an invoice ``on`` days from today; all that is open unless ``amount`` says less."""
        values = {"payment_date": cls.day(on)}
        if amount is not None:
            values.update(amount=amount, payment_difference_handling="open")
        return cls._register_payment(invoice, **values)

    @classmethod
    def other_company_invoice(cls, amount=100.0, due=0, partner=None):
        """Post an invoice in a second company that the current user may not see."""
        data = cls.setup_other_company()
        return (
            cls.env["account.move"]
            .with_company(data["company"])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.partner_a).id,
                    "company_id": data["company"].id,
                    "invoice_date": cls.day(due - 30),
                    "invoice_date_due": cls.day(due),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        fields.Command.create({"name": "Work", "price_unit": amount, "tax_ids": []})
                    ],
                }
            )
        )


class ReminderCommon(BillingCommon):
    """Reminders are on, with the ladder that comes with the module: 7, 21 and 35 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_reminders_enabled = True

    def plan(self, as_of=0):
        """Decide about reminders as if today were ``as_of`` days from today."""
        reminders = self.env["billing.reminder"].sudo().with_context(billing_as_of=self.day(as_of))
        return reminders._plan(self.company)

    def remind(self, as_of=0):
        """Decide, and let the mail server take every reminder that was due."""
        reminders = self.plan(as_of)
        for reminder in reminders:
            reminder._send()
            if reminder.state == "queued":
                reminder._billing_log_delivery(
                    reminder._get_recipient(), None, delivered=True, reason=False
                )
        return reminders


class RecurringCommon(BillingCommon):
    """Series of one untaxed line of 100.00, and a clock."""

    def series(self, *, start=True, name_text="Work {month}", price=100.0, **values):
        """Make a series; running unless ``start`` says no."""
        series = self.env["billing.recurring"].create(
            {
                "name": "Series",
                "partner_id": self.partner_a.id,
                "line_ids": [
                    fields.Command.create({"name": name_text, "price_unit": price, "tax_ids": []})
                ],
                **values,
            }
        )
        if start:
            series.state = "running"
        return series

    def wizard(self, kind, series, **values):
        """Fill in and apply a wizard on series: pause, resume, skip or price."""
        model = self.env[f"billing.recurring.{kind}.wizard"]
        context = {"active_ids": series.ids, "active_id": series[:1].id}
        if kind == "resume":
            values["recurring_ids"] = [fields.Command.set(series.ids)]
        return model.with_context(**context).create(values).action_apply()

    def run_on(self, moment):
        """Let the job that bills run as if it were ``moment``."""
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_recurring_bill").method_direct_trigger()
        self.env.invalidate_all()

    def bills(self, series):
        """Return all bills of a series."""
        return self.env["account.move"].search([("billing_recurring_id", "in", series.ids)])
