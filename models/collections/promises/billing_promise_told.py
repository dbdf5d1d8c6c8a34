from odoo import models
from odoo.tools.misc import format_amount, format_date

ACTIVITY = "billing_crm.mail_activity_type_promise_broken"


class BillingPromise(models.Model):
    """Telling people of promises: a note on each invoice, an activity where one was broken."""

    _inherit = "billing.promise"

    def _tell_recorded(self):
        """Note on the invoices who promised what."""
        for promise in self:
            author = promise.contact_id if promise.source == "page" else None
            promise._note(promise._describe_made(), author)

    def _tell_decided(self, author=None):
        """Note on the invoices what became of each promise, and ask somebody to act if broken.

        :param author: the contact who withdrew it on the customer page
        """
        for promise in self:
            promise._note(promise._describe_verdict(), author)
        self._close_activities()
        self.filtered(lambda promise: promise.state == "broken")._leave_activities()

    def _describe_made(self):
        self.ensure_one()
        return self.env._("Promised %(amount)s for %(day)s by %(who)s", **self._get_words())

    def _describe_verdict(self):
        self.ensure_one()
        words = self._get_words()
        if self.state == "open":
            return self.env._(
                "The payment was taken back; promised again: %(amount)s for %(day)s", **words
            )
        if self.state == "kept":
            return self.env._("Promise kept: %(amount)s for %(day)s", **words)
        if self.state == "partly":
            return self.env._("Promise partly kept: %(paid)s of %(amount)s for %(day)s", **words)
        if self.state == "broken":
            return self.env._("Promise broken: %(amount)s for %(day)s", **words)
        if self.is_moot:
            return self.env._(
                "Nothing is left to pay of what was promised: %(amount)s for %(day)s", **words
            )
        return self.env._("Promise withdrawn: %(amount)s for %(day)s", **words)

    def _get_words(self):
        """Return the parts of a sentence about a promise, in the language of the context."""
        self.ensure_one()
        return {
            "who": (self.contact_id or self.partner_id).sudo().name,
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "paid": format_amount(self.env, self.amount_paid, self.currency_id),
            "day": format_date(self.env, self.date_promised),
        }

    def _note(self, text, author=None):
        moves = self.item_ids.move_id
        values = {"author_id": author.id} if author else {}
        moves._message_log_batch(dict.fromkeys(moves.ids, text), **values)

    # -- Activities -------------------------------------------------------------

    def _leave_activities(self):
        """Ask whoever looks after the customer to act; on the invoice that was due first."""
        activity_type = self.env.ref(ACTIVITY, raise_if_not_found=False)
        rows = []
        for promise in self if activity_type else ():
            user, move = promise._get_responsible(), promise._get_first_move()
            if user and move:
                promise = promise.with_context(lang=user.lang or self.env.lang)
                rows.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("account.move"),
                        "res_id": move.id,
                        "activity_type_id": activity_type.id,
                        "summary": promise._describe_verdict(),
                        "date_deadline": promise.company_id._get_billing_today(),
                        "user_id": user.id,
                        "automated": True,
                    }
                )
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(rows)

    def _close_activities(self):
        """Remove the activities about these invoices: whatever was to be done is decided anew."""
        self.item_ids.move_id.sudo().activity_unlink([ACTIVITY])

    def _get_first_move(self):
        self.ensure_one()
        items = self.item_ids.sorted(lambda item: (item.date_maturity, item.id))
        return items[:1].move_id

    def _get_responsible(self):
        """Return who is to act: who wrote the promise down, else who looks after the customer.

        Empty if none of them works here any more.
        """
        self.ensure_one()
        users = self.user_id | self._get_first_move().invoice_user_id | self.partner_id.user_id
        return self.company_id._get_billing_staff(users)[:1]
