from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from . import split


class BillingMilestone(models.Model):
    """From a milestone to its invoice."""

    _inherit = "billing.milestone"

    def action_done(self):
        """The work is done: what waits for that is invoiced at once."""
        self.filtered(lambda milestone: not milestone.done).done = True
        return self.action_invoice()

    def action_invoice(self):
        """Invoice these milestones now, whatever they wait for; open the invoices."""
        invoices = self._invoice()
        if len(invoices) == 1:
            return invoices._get_records_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Interim Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", invoices.ids)],
        }

    def action_view_invoice(self):
        """Open the invoice of this milestone."""
        self.ensure_one()
        return self.invoice_id._get_records_action()

    def _invoice(self):
        """Create the invoices of these milestones, and post and send them if the plan says so.

        :return: `account.move`, one for each milestone
        """
        # the rows are locked before they are read: whoever comes second finds them billed
        if len(self.try_lock_for_update()) != len(self):
            raise UserError(
                self.env._("These milestones are being invoiced by someone else at this moment.")
            )
        self.invalidate_recordset(["invoice_id"])
        invoices = self.env["account.move"]
        for milestone in self.sorted(lambda milestone: (milestone.sequence, milestone.id)):
            milestone._check_billable()
            invoice = milestone._create_invoice()
            invoices += invoice
            mode = milestone.plan_id.invoicing_mode
            if mode in ("post", "send"):
                invoice._post(soft=False)
            if mode == "send":
                invoice.sending_data = {
                    "author_user_id": self.env.user.id,
                    "author_partner_id": self.env.user.partner_id.id,
                }
                self.env.ref("account.ir_cron_account_move_send").sudo()._trigger()
        return invoices

    def _check_billable(self):
        """Raise one clear message if this milestone cannot be invoiced."""
        self.ensure_one()
        plan = self.plan_id
        if plan.state not in ("confirmed", "done"):
            raise UserError(
                self.env._("%s is not confirmed: its milestones cannot be invoiced yet.", plan.name)
            )
        if self.is_billed:
            raise UserError(
                self.env._(
                    "«%(milestone)s» of %(plan)s is invoiced already, by %(invoice)s.",
                    milestone=self.name,
                    plan=plan.name,
                    invoice=self.sudo().invoice_id.display_name,
                )
            )
        plan._check_currency()
        if self.is_release:
            others = plan.milestone_ids - self
            waiting = others.filtered(lambda milestone: not milestone.is_billed)
            if waiting:
                raise UserError(
                    self.env._(
                        "«%(milestone)s» is still to be invoiced: the retention is released after "
                        "the other milestones.",
                        milestone=waiting[0].name,
                    )
                )

    def _create_invoice(self):
        """Create the draft invoice of this milestone."""
        self.ensure_one()
        plan = self.plan_id
        rate = self._get_retention_rate()
        if self.is_release:
            self.allocation = plan._get_withheld(plan.milestone_ids - self)
        self.write({"retention_rate": rate, "was_invoiced": True, "error": False})
        invoice = (
            self.env["account.move"]
            .with_company(plan.company_id)
            .create(self._prepare_invoice(rate))
        )
        self.invoice_id = invoice
        invoice.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": invoice, "origin": plan},
            subtype_xmlid="mail.mt_note",
        )
        return invoice

    def _prepare_invoice(self, rate):
        """Return the values of the invoice of this milestone.

        :param rate: the percentage of it that is withheld
        """
        self.ensure_one()
        plan = self.plan_id
        return {
            "move_type": "out_invoice",
            "billing_type_id": plan.billing_type_id.id,
            "billing_milestone_id": self.id,
            "billing_proforma_id": plan.proforma_id.id,
            "company_id": plan.company_id.id,
            "partner_id": plan.partner_id.id,
            "currency_id": plan.currency_id.id,
            "fiscal_position_id": plan.fiscal_position_id.id,
            "invoice_payment_term_id": plan.payment_term_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_user_id": plan.user_id.id,
            "invoice_origin": plan.name,
            "ref": plan.reference,
            "invoice_line_ids": [
                Command.create({**values, "sequence": 10 + index})
                for index, values in enumerate(self._prepare_invoice_lines(rate))
            ],
        }

    def _prepare_invoice_lines(self, rate):
        """Return the values of the invoice's lines: the work, then what is withheld of it."""
        self.ensure_one()
        rounding = self.currency_id.rounding
        parts = self._get_parts()
        heading = "\n".join(filter(None, (self.name, self.description)))
        is_single = len(parts) == 1
        prepared = []
        if not is_single:
            prepared.append({"display_type": "line_section", "name": self.name})
            if self.description:
                prepared.append({"display_type": "line_note", "name": self.description})
        withheld = []
        for line, part in parts:
            name = f"{heading}\n{line.name}" if is_single else line.name
            prepared.append(self._prepare_invoice_line(line, name, part))
            if rate:
                kept = split.rounded(part, rounding, -rate / 100.0)
                if not _is_empty(kept, self.currency_id):
                    name = self._get_retention_name(rate)
                    name = name if is_single else f"{name}\n{line.name}"
                    withheld.append(self._prepare_invoice_line(line, name, kept))
        return prepared + withheld

    def _get_parts(self):
        """Return what this milestone bills: pairs of a line of the contract and its amounts."""
        self.ensure_one()
        allocation = self.allocation or {}
        return [
            (line, allocation[str(line.id)])
            for line in self.plan_id.line_ids
            if str(line.id) in allocation
            and not _is_empty(allocation[str(line.id)], self.currency_id)
        ]

    def _get_retention_name(self, rate):
        """Return what the line of the retention says, in the customer's language."""
        translated = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return translated.env._("Retention %s %%", f"{rate:g}")

    def _prepare_invoice_line(self, line, name, part):
        """Return the values of the invoice line that bills a part of a line of the contract.

        Odoo's tax engine takes base and taxes from `extra_tax_data`, and drops it by itself when
        someone changes the price or the taxes.
        """
        price = self.currency_id.round(split.price_of(part))
        values = {
            "display_type": "product",
            "billing_plan_line_id": line.id,
            "product_id": line.product_id.id,
            "name": name,
            "quantity": 1.0,
            "product_uom_id": line.product_id.uom_id.id,
            "price_unit": price,
            "discount": 0.0,
            "tax_ids": [Command.set(line.tax_ids.ids)],
        }
        if line.proforma_line_id:
            whole = split.price_of(line.amounts)
            values["billing_proforma_line_id"] = line.proforma_line_id.id
            values["billing_proforma_factor"] = (
                line.proforma_line_id.quantity * price / whole if whole else 0.0
            )
        if part["taxes"]:
            values["extra_tax_data"] = split.fix_amounts(
                part,
                self.currency_id.id,
                f"billing_milestone,{self.id},{line.id},{price < 0:d}",
                {"quantity": 1.0, "price_unit": price, "discount": 0.0},
            )
        return values


def _is_empty(part, currency):
    """Whether a part of a line has neither a base nor taxes."""
    return currency.is_zero(part["base"]) and all(
        currency.is_zero(tax["tax"]) for tax in part["taxes"].values()
    )
