from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, groupby


class BillingReminder(models.Model):
    """Reminders that are held back because a payment seems to have arrived."""

    _inherit = "billing.reminder"

    hold_model = fields.Char(readonly=True)
    hold_res_id = fields.Many2oneReference(
        string="Payment That May Settle It", model_field="hold_model", readonly=True
    )

    def _hold_for_payments(self):
        """Hold back those of these reminders that money in sight may settle, and return them."""
        found = self._find_payments()
        held = self.filtered(lambda reminder: reminder.id in found)
        for reminder in held:
            reminder._hold(*found[reminder.id])
        return held

    def _hold(self, payment, why):
        """Hold this reminder back, and tell the bookkeeper once why."""
        is_told = self.state == "held" and (self.hold_model, self.hold_res_id) == (
            payment._name,
            payment.id,
        )
        if is_told:
            return
        user = self._get_bookkeeper()
        words = self.with_context(lang=user.lang or self.env.lang)
        self.write(
            {
                "state": "held",
                "hold_model": payment._name,
                "hold_res_id": payment.id,
                "hold_reason": words._explain_hold(payment, why),
            }
        )
        self._forget_question()
        self.activity_id = self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=words.env._("Is this payment from %s?", self.partner_id.name),
            note=self.hold_reason,
            user_id=user.id,
        )

    def _explain_hold(self, payment, why):
        """Return in words, in the language of the context, which money may settle this, and why."""
        if payment._name == "payment.transaction":
            return self.env._(
                "the customer chose on the payment page to pay %(amount)s by bank transfer "
                "(%(reference)s, %(date)s).",
                amount=format_amount(self.env, payment.amount, payment.currency_id),
                reference=payment.reference,
                date=format_date(self.env, payment.last_state_change),
            )
        if payment._name == "account.bank.statement.line":
            words = payment.payment_ref or ""
            currency = payment.foreign_currency_id or payment.currency_id
            amount = payment.amount_currency if payment.foreign_currency_id else payment.amount
        else:
            words = payment.memo or payment.name or ""
            currency, amount = payment.currency_id, payment.amount
        what = {
            "amount": format_amount(self.env, amount, currency),
            "date": format_date(self.env, payment.date),
            "words": words,
            "journal": payment.journal_id.name,
        }
        reasons = {
            "number": self.env._(
                "%(amount)s of %(date)s in %(journal)s names one of their invoices (“%(words)s”) "
                "and is not matched with anything yet.",
                **what,
            ),
            "customer": self.env._(
                "%(amount)s of %(date)s in %(journal)s (“%(words)s”) comes from this customer and "
                "is not matched with anything yet.",
                **what,
            ),
            "amount": self.env._(
                "%(amount)s of %(date)s in %(journal)s (“%(words)s”) is exactly the amount, and it "
                "is not known yet who paid.",
                **what,
            ),
        }
        return reasons[why]

    def _get_bookkeeper(self):
        """Return the user who is asked about payments of this reminder's company."""
        company = self.company_id.sudo()
        chosen = company.billing_bookkeeper_id | self.policy_id.user_id
        users = company._get_billing_staff(chosen) or company._get_billing_managers()
        return users[:1] or self.env.user

    @api.model
    def _release_held(self):
        """Look again at held reminders: whose payment was matched, or is gone, is planned anew.

        Whether something is left to be reminded of is asked when it is sent.
        """
        domain = [
            ("state", "=", "held"),
            ("company_id.billing_reminders_enabled", "=", True),
        ]
        held = self.search(domain).try_lock_for_update()
        held -= held._hold_for_payments()
        held._plan_anew()

    def _plan_anew(self):
        self._forget_question()
        self.write(
            {"state": "planned", "hold_model": False, "hold_res_id": False, "hold_reason": False}
        )

    def _forget_question(self):
        """Take back the question to the bookkeeper, unless it was answered."""
        self.activity_id.filtered("active").unlink()
        self.activity_id = False

    def action_open_payment(self):
        """Open the payment that this reminder is held for."""
        self.ensure_one()
        payment = self.env[self.hold_model].browse(self.hold_res_id).exists()
        if not payment:
            raise UserError(self.env._("This payment is gone."))
        if payment._name == "account.bank.statement.line":
            payment = payment.move_id
        return payment._get_records_action()

    def action_not_a_payment(self):
        """Say that the payments these reminders are held for pay something else, and go on."""
        held = self._for_clerk().filtered(lambda reminder: reminder.state == "held")
        known = self.env["billing.reminder.dismissal"].sudo()
        known.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "res_model": model,
                    "res_id": res_id,
                }
                for (company, partner, model, res_id), _reminders in groupby(
                    held,
                    lambda one: (one.company_id, one.partner_id, one.hold_model, one.hold_res_id),
                )
            ]
        )
        held._plan_anew()
