from odoo import fields, models

# Where a payment started on the page leads back to; it also tells such a payment from others.
LANDING_ROUTE = "/billing/paid"

UNDERWAY = ("pending", "authorized", "done")


class PaymentTransaction(models.Model):
    """A payment started on the page behind a link pays certain items, and is started once.

    Starting another payment of the same invoice replaces one that was only begun. Should the
    customer finish the replaced one after all, its money counts, unless the other was paid too.
    """

    _inherit = "payment.transaction"

    billing_line_ids = fields.Many2many(
        "account.move.line",
        relation="billing_transaction_line_rel",
        column1="transaction_id",
        column2="line_id",
        string="Installments to Pay",
        readonly=True,
        copy=False,
        help="What the customer chose to pay on the payment page.",
    )
    billing_is_replaced = fields.Boolean(
        string="Replaced",
        readonly=True,
        copy=False,
        help="The customer started another payment of the same invoices before finishing this one.",
    )

    def _billing_begun(self, invoices):
        """Return the payments of any of these invoices that were only begun on our page."""
        return self.search(
            [
                ("invoice_ids", "in", invoices.ids),
                ("state", "=", "draft"),
                ("landing_route", "=", LANDING_ROUTE),
            ]
        )

    def _billing_replace(self):
        """Cancel payments that were only begun: the customer has started another one."""
        self.billing_is_replaced = True
        self._set_canceled(state_message=self.env._("Replaced by a newer payment."))

    def _billing_has_rival(self):
        """Whether other money for the same invoices is on its way, or came in since the start."""
        self.ensure_one()
        started = self.create_date.replace(microsecond=0)
        others = self.invoice_ids.transaction_ids - self
        return any(
            tx._billing_is_underway() or (tx.state == "done" and tx.last_state_change >= started)
            for tx in others
        )

    def _billing_is_underway(self):
        """Whether money is on its way: the bank has yet to say so, or Odoo has yet to book it.

        A customer's mere word (a bank transfer chosen on the page) is no payment. The same as
        `_payment_underway_to_sql` of `account.move`.
        """
        self.ensure_one()
        if self.state == "done":
            return not self.is_post_processed
        return self.state in ("pending", "authorized") and self.provider_code not in (
            "none",
            "custom",
        )

    def _update_state(self, allowed_states, target_state, state_message):
        # EXTENDS 'payment': money may still come in through a payment that was replaced
        if target_state not in UNDERWAY:
            return super()._update_state(allowed_states, target_state, state_message)
        late = self.filtered(lambda tx: tx.billing_is_replaced and tx.state == "cancel")
        updated = super(PaymentTransaction, self - late)._update_state(
            allowed_states, target_state, state_message
        )
        for transaction in late:
            if not transaction._billing_has_rival():
                updated += super(PaymentTransaction, transaction)._update_state(
                    (*allowed_states, "cancel"), target_state, state_message
                )
            elif target_state == "done":
                transaction._billing_report_second_payment()
        ours = updated.filtered(lambda tx: tx.landing_route == LANDING_ROUTE)
        if ours:
            (self._billing_begun(ours.invoice_ids) - ours)._billing_replace()
        return updated

    def _billing_report_second_payment(self):
        """Ask a person to look at money that a provider took although it was paid already."""
        self.ensure_one()
        self.billing_is_replaced = False  # said once
        invoice = self.invoice_ids[:1]
        user = invoice.invoice_user_id.filtered(lambda user: user._is_internal())
        invoice.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Paid twice online"),
            note=self.env._(
                "The payment provider reports payment %(reference)s as done, but the customer had "
                "replaced it by another one, which was paid as well. It is not booked. Please "
                "check it with the provider, and refund it or register it by hand.",
                reference=self.reference,
            ),
            user_id=(user or invoice.create_uid).id,
        )

    def _create_payment(self, **extra_create_values):
        # EXTENDS 'account_payment': the chosen installments are settled first
        chosen = (self.source_transaction_id or self).billing_line_ids
        if not chosen:
            return super()._create_payment(**extra_create_values)
        return super(
            PaymentTransaction, self.with_context(billing_pay_line_ids=chosen.ids)
        )._create_payment(**extra_create_values)
