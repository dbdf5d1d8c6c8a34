from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .placeholders import NAMES, SHIFTS, UnknownPlaceholder, parse


class BillingRecurring(models.Model):
    """A series of bills to one customer, one for each period.

    What was done about a period is a row of `billing.recurring.period`, unique for each series and
    number. ``next_number`` says where to go on; it only ever grows.
    """

    _name = "billing.recurring"
    _description = "Recurring Invoice"
    _inherit = ["billing.document.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "next_date, id"
    _check_company_auto = True
    _billing_behavior = "recurring"

    name = fields.Char(
        required=True, tracking=True, help="What is billed. Printed on each bill as its source."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        string="Status",
        selection=[
            ("draft", "Draft"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
        help="Is told when a bill cannot be made, and signs the e-mails.",
    )
    billing_type_id = fields.Many2one(required=True)
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition", copy=True
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type', '=', 'sale')]",
    )
    invoice_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Empty: those of the invoice type, else those agreed with the customer.",
    )
    ref = fields.Char(
        string="Customer Reference",
        help="Printed on each bill. May have placeholders such as {month}.",
    )
    narration = fields.Html(
        string="Terms and Conditions",
        help="Printed below the lines of each bill instead of the company's terms. May have "
        "placeholders such as {period}.",
    )
    line_ids = fields.One2many("billing.recurring.line", "recurring_id", copy=True)

    on_bill = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("post", "Post"),
            ("send", "Post and send"),
        ],
        string="Each Bill",
        required=True,
        default="post",
        tracking=True,
    )
    catch_up = fields.Selection(
        selection=[
            ("each", "One bill for each"),
            ("one", "One bill for all of them"),
            ("skip", "Skip them, bill the latest"),
        ],
        string="Missed Periods",
        required=True,
        default="each",
        tracking=True,
        help="What is done when several periods have come due since the last run. A bill that "
        "comes late has the date on which it is made.",
    )
    pause_until = fields.Date(readonly=True, copy=False, tracking=True)
    pause_missed = fields.Selection(
        selection=[("skip", "Skip them"), ("catch_up", "Bill them")],
        string="Periods during the Pause",
        readonly=True,
        copy=False,
    )

    next_number = fields.Integer(default=1, required=True, readonly=True, copy=False)
    next_date = fields.Date(
        string="Next Bill",
        compute="_compute_next_date",
        store=True,
        copy=False,
        help="Empty when there is nothing more to bill.",
    )
    is_due = fields.Boolean(compute="_compute_is_due")
    missed_count = fields.Integer(compute="_compute_is_due")
    period_ids = fields.One2many("billing.recurring.period", "recurring_id", readonly=True)
    price_change_ids = fields.One2many("billing.recurring.price.change", "recurring_id")
    failure_reason = fields.Char(compute="_compute_failure_reason")
    invoice_count = fields.Integer(compute="_compute_invoice_count")

    _due_idx = models.Index("(company_id, next_date) WHERE state = 'running'")

    # -- Defaults that a person may change ---------------------------------------------------

    @api.depends("company_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"]
        for series in self:
            if series.journal_id.company_id not in series.company_id.parent_ids:
                series.journal_id = journals.search(
                    [*journals._check_company_domain(series.company_id), ("type", "=", "sale")],
                    limit=1,
                )

    # -- Figures -----------------------------------------------------------------------------

    def _compute_failure_reason(self):
        failed = self.env["billing.recurring.period"].search(
            [("recurring_id", "in", self.ids), ("state", "=", "failed")]
        )
        reasons = {period.recurring_id: period.error for period in failed}
        for series in self:
            series.failure_reason = reasons.get(series, False)

    def _compute_invoice_count(self):
        counts = dict(
            self.env["account.move"]
            .sudo()  # a salesperson sees how many there are
            ._read_group(
                [("billing_recurring_id", "in", self.ids)], ["billing_recurring_id"], ["__count"]
            )
        )
        for series in self:
            series.invoice_count = counts.get(series, 0)

    # -- What cannot be ----------------------------------------------------------------------

    @api.constrains("active", "state")
    def _check_active(self):
        for series in self:
            if not series.active and series.state in ("running", "paused"):
                raise ValidationError(self.env._("End «%s» before you archive it.", series.name))

    @api.constrains("ref", "narration")
    def _check_texts(self):
        for series in self:
            for text in (series.ref, series.narration):
                self._check_placeholders(text)

    @api.model
    def _check_placeholders(self, text):
        """Say which placeholders there are if ``text`` has one that there is not."""
        try:
            parse(text or "")
        except UnknownPlaceholder as unknown:
            known = ", ".join(
                [f"{{{name}}}" for name in NAMES] + [f"{{{name}+1}}" for name in SHIFTS]
            )
            raise ValidationError(
                self.env._(
                    "«%(unknown)s» is not a placeholder. There are: %(known)s. "
                    "Write a brace that is meant as such twice.",
                    unknown=unknown,
                    known=known,
                )
            ) from None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for series in self:
            if series.state != "draft" or series.period_ids:
                raise UserError(
                    self.env._(
                        "«%s» has been started. End it, and archive it if you wish; it cannot be "
                        "deleted.",
                        series.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%s (copy)", series.name)}
            for series, vals in zip(self, vals_list, strict=True)
        ]

    # -- Ways ---------------------------------------------------------------------------------

    def action_view_invoices(self):
        """Open the bills of this series."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {
            **action,
            "domain": [("billing_recurring_id", "in", self.ids)],
            "context": {"default_move_type": "out_invoice", "create": False},
        }
