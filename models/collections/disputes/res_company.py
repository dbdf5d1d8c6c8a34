from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from pytz import timezone


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_dispute_days = fields.Integer(
        string="Days to Answer Disputes",
        default=5,
        help="Working days of the company within which a dispute is to be answered.",
    )
    billing_dispute_user_id = fields.Many2one(
        "res.users",
        string="Responsible for Disputes",
        domain="[('share', '=', False)]",
        help="If the invoice has no salesperson who could see to it.",
    )

    @api.constrains("billing_dispute_days")
    def _check_billing_dispute_days(self):
        if any(company.billing_dispute_days < 1 for company in self):
            raise ValidationError(self.env._("A dispute needs at least one day to be answered."))

    def _get_billing_dispute_deadline(self, day):
        """Return the day by which a dispute that was raised on ``day`` is to be answered.

        In working days of the company's calendar, which knows its holidays; the day itself does
        not count. Without a calendar, from Monday to Friday.
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        zone = timezone(self._get_billing_zone() or "UTC")
        begin = zone.localize(datetime.combine(day + timedelta(days=1), time.min))
        end = calendar and calendar.plan_days(self.billing_dispute_days, begin, compute_leaves=True)
        if end:
            return end.astimezone(zone).date()
        left = self.billing_dispute_days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day

    def _get_billing_responsible(self, *preferred):
        """Return who sees to what a customer says: the first who works here and may see disputes.

        One of those ``preferred``, else the one whom the company says, else a billing manager.
        Empty if there is none.
        """
        self.ensure_one()
        chosen = self.env["res.users"].union(*preferred, self.sudo().billing_dispute_user_id)
        users = self._get_billing_staff(chosen) | self._get_billing_managers()
        return users.filtered(
            lambda user: (
                user.has_group("billing_crm.group_billing_user")
                or user.has_group("sales_team.group_sale_salesman")
            )
        )[:1]
