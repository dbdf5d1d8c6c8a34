from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.collections.statements.ask import Ask
from ..models.collections.statements.billing_statement import SCOPES, WRITTEN
from ..models.collections.statements.billing_statement_reader import KINDS


class BillingStatementWizard(models.TransientModel):
    """Makes statements of account by hand, for one customer or for many."""

    _name = "billing.statement.wizard"
    _description = "Make Statements of Account"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    kind = fields.Selection(KINDS, required=True, default="open")
    scope = fields.Selection(SCOPES, string="Documents of", required=True, default="customer")
    date_from = fields.Date(
        string="From",
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "month"),
        help="The balance before this day is brought forward. Empty: everything is listed.",
    )
    date_to = fields.Date(
        string="As of", required=True, default=lambda self: fields.Date.context_today(self)
    )
    skip_zero = fields.Boolean(
        string="Skip Zero Balances",
        default=True,
        help="Customers with whom nothing is open get none; of what is past due, those with whom "
        "nothing is.",
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        domain="[('model', '=', 'billing.statement')]",
        default=lambda self: self.env.ref(
            "billing_crm.mail_template_statement", raise_if_not_found=False
        ),
    )
    again = fields.Boolean(
        string="Send Again", help="Send it even to those who got this very statement already."
    )
    sent_count = fields.Integer(compute="_compute_sent_count")

    @api.depends("company_id", "partner_ids", "kind", "scope", "date_from", "date_to")
    def _compute_sent_count(self):
        for wizard in self:
            sent = self.env["billing.statement"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("partner_id", "in", wizard.partner_ids.commercial_partner_id.ids),
                    ("channel", "=", "mail"),
                    ("state", "in", WRITTEN),
                    ("date_to", "=", wizard.date_to),
                    ("kind", "=", wizard.kind),
                ]
            )
            asks = set(wizard._get_asks()) if wizard.date_to else set()
            wizard.sent_count = len({one._to_ask() for one in sent} & asks)

    def _get_asks(self):
        """Return what is asked for, once for each account."""
        asks = {}
        for partner in self.partner_ids:
            ask = Ask(
                company_id=self.company_id.id,
                partner_id=partner._origin.commercial_partner_id.id,
                kind=self.kind,
                date_from=(self.date_from or None) if self.kind == "activity" else None,
                date_to=self.date_to,
                scope=self.scope,
                contact_id=partner._origin.id if self.scope == "contact" else None,
            )
            asks[ask] = True
        return list(asks)

    def _make(self, channel):
        """Write the statements down, as superuser, after checking what this user may see.

        :raise UserError: if there is none to make
        """
        self.ensure_one()
        self.check_access("read")
        self.partner_ids.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You may not see what this company is owed."))
        if self.kind == "activity" and self.date_from and self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        statements = (
            self.env["billing.statement"]
            .sudo()
            ._make(
                self._get_asks(),
                channel=channel,
                skip_zero=self.skip_zero,
                template=self.template_id,
                again=self.again,
            )
        )
        if not statements:
            raise UserError(self._explain_none(channel))
        return statements.sudo(False)

    def _explain_none(self, channel):
        if channel == "mail" and self.sent_count and not self.again:
            return self.env._(
                "This statement was sent before. Tick Send Again to send it once more."
            )
        if self.kind == "overdue":
            return self.env._("Nothing is past due on this day.")
        return self.env._("There is no balance on this day.")

    def action_send(self):
        """Send the statements by e-mail, and show what becomes of them."""
        statements = self._make("mail")
        statements._trigger_sending()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_statement"),
            "domain": [("id", "in", statements.ids)],
            "context": {},
        }

    def action_print(self):
        """Return all statements in one file."""
        return self.env.ref("billing_crm.action_report_statement").report_action(
            self._make("print").ids
        )

    def action_excel(self):
        """Return all statements in one workbook."""
        return self._make("print").action_excel()
