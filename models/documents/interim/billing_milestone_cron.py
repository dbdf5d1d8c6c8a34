import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class BillingMilestone(models.Model):
    """Milestones that are reached are invoiced without anybody's help."""

    _inherit = "billing.milestone"

    @api.model
    def _cron_invoice(self):
        """Invoice every milestone that is reached, each in a transaction of its own.

        One that cannot be invoiced says why, on itself and in the messages of its plan, and does
        not stop the others.
        """
        cron = self.env["ir.cron"]
        waiting = self._find_reached()
        cron._commit_progress(remaining=len(waiting))
        for milestone in waiting:
            try:
                milestone._invoice_from_cron()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # someone else has just taken it
                self.env.cr.rollback()
            except Exception as error:
                self.env.cr.rollback()
                _logger.warning("Milestone %s not invoiced: %s", milestone.id, error)
                milestone._try_to_note(error)
            if not cron._commit_progress(1):
                break

    @api.model
    def _find_reached(self):
        """Return the milestones to invoice now, in a list; each is asked for its company's day."""
        domain = Domain("was_invoiced", "=", False) & Domain("plan_id.active", "=", True)
        groups = self._read_group(
            domain & Domain("plan_state", "in", ("confirmed", "done")), ["company_id"]
        )
        reached = []
        for (company,) in groups:
            local = self.with_context(tz=company._get_billing_zone())
            theirs = domain & Domain("company_id", "=", company.id)
            reached += local.search(theirs & Domain("state", "=", "due"), order="date, id")
        return reached

    def _invoice_from_cron(self):
        """Invoice this milestone, unless someone else does, or has done, at this moment."""
        self.ensure_one()
        milestone = self.try_lock_for_update()
        milestone.invalidate_recordset(["invoice_id"])
        if milestone and milestone.state == "due":
            plan = milestone.plan_id
            milestone.with_company(plan.company_id).with_context(
                lang=plan.partner_id.lang or self.env.lang
            )._invoice()
            # what is wrong shows now, where the next one is not concerned
            self.env.flush_all()

    def _try_to_note(self, error):
        """Note why this milestone was not invoiced; where that fails too, the next run does."""
        try:
            self._note_error(error)
            self.env["ir.cron"]._commit_progress()
        except Exception:
            self.env.cr.rollback()
            _logger.warning("Failure of milestone %s cannot be noted", self.id, exc_info=True)

    def _note_error(self, error):
        """Say on the milestone why it was not invoiced; in the plan's messages only once."""
        self.ensure_one()
        text = str(error).strip() or type(error).__name__
        if self.error != text:
            self.error = text
            self.plan_id.message_post(
                body=self.env._("«%(milestone)s» was not invoiced: %(reason)s",
                                milestone=self.name, reason=text)
            )  # fmt: skip
