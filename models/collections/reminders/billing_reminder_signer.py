from markupsafe import Markup
from odoo import models
from odoo.tools import is_html_empty


class BillingReminder(models.Model):
    """Who writes to the customer."""

    _inherit = "billing.reminder"

    def _get_signer(self):
        """Return the user who signs; none if the company does."""
        self.ensure_one()
        users = {"salesperson": self.partner_id.user_id, "user": self.level_id.signer_id}
        user = users.get(self.level_id.signer, self.env["res.users"]).sudo()
        return user.filtered(lambda one: one.active and one.email)

    def _get_sender(self, rendered):
        """Return the address that the mail comes from: who signs, or what the template says."""
        return (
            self._get_signer().email_formatted
            or rendered["email_from"]
            or self.company_id.email_formatted
        )

    def _get_author(self):
        """Return the contact that the message is from."""
        return self._get_signer().partner_id or self.company_id.partner_id

    def _render_signature(self):
        """Return the end of the message: a person's own signature, or name and company."""
        signer, company = self._get_signer(), self.company_id.name
        if not signer:
            return company
        if not is_html_empty(signer.signature):
            return signer.signature
        return Markup("%s<br/>%s") % (signer.name, company)
