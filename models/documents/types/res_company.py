from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_billing_zone(self):
        """Return the name of the time zone that a company's days are counted in.

        The user's where the company has none; False where that is not known either.
        """
        self.ensure_one()
        return self.sudo().partner_id.tz or self.env.user.tz

    def _get_billing_today(self):
        """Return today's date where the company is; the user's where that is not known."""
        return fields.Date.context_today(self.with_context(tz=self._get_billing_zone()))

    def _get_billing_end_of_day(self, day):
        """Return the moment (UTC, without zone) at which a date is over where the company is."""
        zone = pytz.timezone(self._get_billing_zone() or "UTC")
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def _get_billing_staff(self, users):
        """Return those of ``users``, in their order, who work for this company now."""
        self.ensure_one()
        return users.sudo().filtered(
            lambda user: user.active and user._is_internal() and self in user.company_ids
        )

    def _get_billing_managers(self):
        """Return the billing managers who work for this company now, the oldest user first."""
        group = self.env.ref("billing_crm.group_billing_manager").sudo()
        return self._get_billing_staff(group.all_user_ids.sorted("id"))

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': a new company can bill in all ten ways
        companies = super().create(vals_list)
        self.env["billing.invoice.type"]._create_missing(companies)
        return companies
