from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _check_billing_address(self):
        """Refuse to write where nothing could arrive.

        :raise UserError: which says in words what to correct
        """
        for recipient in self:
            name = recipient.display_name
            if not recipient.email:
                raise UserError(self.env._("%s has no e-mail address.", name))
            if not email_normalize(recipient.email, strict=False):
                raise UserError(
                    self.env._(
                        "%(address)s is no e-mail address (%(customer)s).",
                        address=recipient.email,
                        customer=name,
                    )
                )
            if not recipient.active:
                raise UserError(self.env._("%s is archived and gets no e-mail.", name))
            if recipient.is_blacklisted:
                raise UserError(
                    self.env._(
                        "%(address)s is on the list of addresses that get no mail (%(customer)s).",
                        address=recipient.email,
                        customer=name,
                    )
                )
