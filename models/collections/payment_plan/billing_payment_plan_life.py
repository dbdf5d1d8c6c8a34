from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, ormcache
from odoo.tools.sql import table_exists

# What only the buttons change.
PROTECTED = ("state", "date_start", "date_end", "name")
# What is agreed, and stays as it was agreed.
AGREED = ("company_id", "partner_id", "currency_id")


class BillingPaymentPlan(models.Model):
    """From draft to in force, and to its end."""

    _inherit = "billing.payment.plan"

    @api.model
    @ormcache(cache="stable")
    def _has_any(self):
        """Whether a plan was ever in force; who has none does not pay for what splits open items.

        PostgreSQL would take longer to plan those queries than to run them.
        """
        exists = SQL(
            "SELECT EXISTS (SELECT FROM billing_payment_plan WHERE date_start IS NOT NULL)"
        )
        return self.env.execute_query(exists)[0][0]

    def _register_hook(self):
        # EXTENDS 'base': asked once, before anybody waits for it
        super()._register_hook()
        if table_exists(self.env.cr, self._table):  # not before the module is updated
            self._has_any()

    @api.model
    def _forget_there_is_none(self):
        """Let every process look anew. Again after the commit: another thread may have asked."""
        if not self._has_any():
            self.env.registry.clear_cache("stable")
            self.env.cr.postcommit.add(lambda: self.env.registry.clear_cache("stable"))

    def _check_draft(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("What was agreed cannot be changed. Cancel the plan and make another.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': the finished record is looked at; values may come from anywhere
        plans = super().create(vals_list)
        if any(plan.state != "draft" or plan.date_start or plan.date_end for plan in plans):
            raise UserError(self.env._("A payment plan begins as a draft."))
        return plans

    def write(self, vals):
        # EXTENDS 'base'
        if set(vals) & set(AGREED):
            self._check_draft()
        if set(vals) & set(PROTECTED) and not self.env.su:
            raise UserError(self.env._("Use the buttons to change the state of a payment plan."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("Only drafts can be deleted. What was agreed stays on record.")
            )

    # -- Agreeing ----------------------------------------------------------------------------------

    def action_confirm(self):
        """Put the plan in force: from now on its dates count for what it is about."""
        self.check_access("write")
        for plan in self:
            plan._confirm()

    def _confirm(self):
        self.ensure_one()
        self._lock()
        self._check_draft()
        items = self.item_ids.sorted(
            lambda item: (item.line_id.date_maturity or item.line_id.date, item.line_id.id)
        )
        self._check_items(items)
        self._check_lines(items)
        for rank, item in enumerate(items, 1):
            item.write({"rank": rank, "amount": item.amount_open})
        later = 0.0
        for line in reversed(self.line_ids.sorted(lambda line: (line.date, line.id))):
            line.amount_after = self.currency_id.round(later)
            later += line.amount
        self.env["billing.payment.plan.share"].sudo().create(self._prepare_shares(items))
        self.sudo().write({"state": "active", "date_start": fields.Date.context_today(self)})
        self._note("plan_agreed", self.env._("Is paid by the payment plan %s.", self.name))

    def _lock(self):
        """Let nobody pay or plan these items while it is decided what is open of them."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
            self.sudo().item_ids.line_id.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Someone is just paying or planning this. Please try again.")
            ) from error
        self.invalidate_recordset(["state"])
        self.item_ids.invalidate_recordset(["amount_open"])

    def _check_items(self, items):
        """Raise unless every item can be put into this plan.

        :raise UserError: saying which one cannot, and why
        """
        if not items:
            raise UserError(self.env._("Choose what the plan is about."))
        rows = self.env["billing.receivable"].search([("line_id", "in", items.line_id.ids)])
        by_line = rows.grouped("line_id")
        for item in items:
            row = by_line.get(item.line_id, rows.browse())
            name = item.move_id.name
            if len(row) == 1 and not row.share_id:
                self._check_item(row, name)
            elif row:
                raise UserError(self.env._("%s is in another payment plan already.", name))
            else:
                raise UserError(self.env._("Nothing is open of %s any more.", name))

    def _check_item(self, row, name):
        if row.residual_currency <= 0 or row.kind not in ("invoice", "entry"):
            raise UserError(self.env._("%s is nothing that the customer owes.", name))
        if row.partner_id != self.partner_id or row.company_id != self.company_id:
            raise UserError(self.env._("%s is not of this customer and company.", name))
        if row.currency_id != self.currency_id:
            raise UserError(self.env._("%s is in another currency.", name))
        if row.disputed_currency > 0:
            raise UserError(self.env._("%s is disputed. Settle that first, or leave it out.", name))
        if row.kind == "invoice" and row.payment_state not in ("not_paid", "partial"):
            raise UserError(self.env._("%s is being paid.", name))

    def _check_lines(self, items):
        """Raise unless the installments are still to come and add up to what is open."""
        if not self.line_ids:
            raise UserError(self.env._("The plan has no installments yet."))
        if min(self.line_ids.mapped("date")) < fields.Date.context_today(self):
            raise UserError(self.env._("The first installment cannot be due in the past."))
        total, planned = sum(items.mapped("amount_open")), sum(self.line_ids.mapped("amount"))
        if self.currency_id.compare_amounts(total, planned):
            raise UserError(
                self.env._(
                    "%(open)s is open, but the installments come to %(planned)s.",
                    open=self.currency_id.format(total),
                    planned=self.currency_id.format(planned),
                )
            )

    def _prepare_shares(self, items):
        """Return the shares of all installments in all items: the first pays what is due first."""
        round_amount = self.currency_id.round
        left = {item: item.amount_open for item in items}
        shares = []
        for line in self.line_ids.sorted(lambda line: (line.date, line.id)):
            wanted = line.amount
            for item in items:
                taken = round_amount(min(wanted, left[item]))
                wanted = round_amount(wanted - taken)
                left[item] = round_amount(left[item] - taken)
                shares.append(
                    {
                        "plan_id": self.id,
                        "plan_line_id": line.id,
                        "line_id": item.line_id.id,
                        "company_id": self.company_id.id,
                        "amount": taken,
                    }
                )
        return shares

    # -- The end -----------------------------------------------------------------------------------

    def action_cancel(self):
        """Give the plan up: the invoices' own due dates count again."""
        self.check_access("write")
        for plan in self:
            if plan.state not in ("draft", "active"):
                raise UserError(self.env._("%s has ended already.", plan.name))
            plan._close("cancelled")

    def _close(self, state):
        """End the plan; from today on the invoices' own due dates count."""
        self.ensure_one()
        was_active = self.state == "active"
        today = fields.Date.context_today(self)
        self.sudo().write({"state": state, "date_end": today if was_active else False})
        if was_active:
            text = {
                "kept": self.env._("The payment plan %s is paid in full.", self.name),
                "broken": self.env._("The payment plan %s was not kept.", self.name),
                "cancelled": self.env._("The payment plan %s was cancelled.", self.name),
            }[state]
            self._note(f"plan_{state}", text)

    def _note(self, kind, text):
        """Tell the invoices' chatter and the customer's timeline what became of the plan."""
        self.ensure_one()
        moves = self.item_ids.move_id
        # what their pages and lists say follows the plan, but is not stored: SQL reads the plan
        for records in (self, self.item_ids, self.line_ids):
            records.flush_recordset()
        self._forget_there_is_none()
        moves.invalidate_recordset(["billing_status"])
        self.env["billing.receivable"].invalidate_model()
        moves.sudo()._message_log_batch(bodies=dict.fromkeys(moves.ids, text))
        self.env["billing.event"]._log_rows(
            [
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "move_id": moves.id if len(moves) == 1 else False,
                }
            ],
            kind,
            note=self.env._(
                "%(plan)s: %(count)s installments, %(amount)s",
                plan=self.name,
                count=len(self.line_ids),
                amount=self.currency_id.format(self.amount),
            ),
        )
