from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("create", "Create Drafts"),
    ("post", "Post"),
    ("send", "Post and Send"),
]


class BillingBatch(models.Model):
    """One job for many invoices: what was asked for, how far it is, and what became of each.

    Only code writes here. The rows are committed before the work begins, so that a job survives
    whatever kills the process that works on it.
    """

    _name = "billing.batch"
    _description = "Batch of Invoices"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        help="The work is done with this person's rights, and mails go out in their name.",
    )
    create_date = fields.Datetime(string="Started on")
    finished_on = fields.Datetime(string="Finished on", readonly=True)
    draft_values = fields.Json(
        readonly=True, groups="base.group_system", help="What every draft of this batch gets."
    )
    line_ids = fields.One2many("billing.batch.line", "batch_id", string="Results", readonly=True)

    line_count = fields.Integer(string="Invoices", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    skipped_count = fields.Integer(string="Left Out", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    move_count = fields.Integer(string="Documents", compute="_compute_counts")
    draft_count = fields.Integer(string="Drafts", compute="_compute_draft_count")
    progress = fields.Float(
        compute="_compute_counts", help="Share of the invoices that are dealt with, in percent."
    )

    @api.depends("kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for batch in self:
            batch.display_name = f"{kinds.get(batch.kind, '')} {batch.id or ''}".strip()

    @api.depends("line_ids.state", "line_ids.move_id")
    def _compute_counts(self):
        counts = {
            (batch.id, state): (count, moves)
            for batch, state, count, moves in self.env["billing.batch.line"]._read_group(
                [("batch_id", "in", self.ids)],
                ["batch_id", "state"],
                ["__count", "move_id:count_distinct"],
            )
        }
        for batch in self:
            total = documents = 0
            for state in ("waiting", "done", "failed", "skipped"):
                count, moves = counts.get((batch.id, state), (0, 0))
                batch[f"{state}_count"] = count
                total += count
                documents += moves
            batch.line_count = total
            batch.move_count = documents
            batch.progress = 100.0 * (total - batch.waiting_count) / total if total else 0.0

    @api.depends("line_ids.move_id.state")
    def _compute_draft_count(self):
        counts = dict(
            self.env["billing.batch.line"]._read_group(
                [("batch_id", "in", self.ids), ("move_id.state", "=", "draft")],
                ["batch_id"],
                ["move_id:count_distinct"],
            )
        )
        for batch in self:
            batch.draft_count = counts.get(batch, 0)

    # -- Starting ----------------------------------------------------------------------------

    @api.model
    def _check_may_start(self):
        if not self.env.su and not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may work on many invoices at once."))

    @api.model
    def _start(self, kind, moves):
        """Put invoices on a list to be posted, or posted and sent, in the background.

        Those with nothing to do are on the list too, with the reason.

        :param str kind: ``post`` or ``send``
        :param moves: `account.move`, of any companies the user may work in
        :return: the batches, one for each company
        :raise UserError: if there is nothing to do for any of them
        """
        self._check_may_start()
        moves.check_access("write")
        lines = self.env["billing.batch.line"].sudo()
        busy = {
            line.move_id.id: line.batch_id
            for line in lines.search([("move_id", "in", moves.ids), ("state", "=", "waiting")])
        }
        values_list, reasons = [], set()
        for company, documents in moves.grouped("company_id").items():
            rows = []
            for move in documents:
                reason = lines._get_reason_to_skip(move, kind, starting=True)
                if move.id in busy:
                    reason = self.env._("It waits in «%s» already.", busy[move.id].display_name)
                reasons.add(reason)
                rows.append(
                    fields.Command.create(
                        {
                            "move_id": move.id,
                            "partner_id": move.partner_id.id,
                            "state": "skipped" if reason else "waiting",
                            "reason": reason,
                        }
                    )
                )
            values_list.append({"kind": kind, "company_id": company.id, "line_ids": rows})
        if False not in reasons:
            texts = "\n".join(sorted(reasons))
            raise UserError(self.env._("There is nothing to do for these documents.\n%s", texts))
        batches = self.sudo().create(values_list)
        batches._finish_if_done()
        self._trigger()
        return batches.sudo(False)

    @api.model
    def _trigger(self):
        self.env.ref("billing_crm.ir_cron_batch").sudo()._trigger()

    # -- Buttons -----------------------------------------------------------------------------

    def _for_clerk(self):
        """Return these batches with the right to change them, for those who may press a button."""
        self.check_access("read")
        self._check_may_start()
        return self.sudo()

    def action_retry(self):
        """Try once more what failed. It is done in the name of who presses the button."""
        batches = self._for_clerk()
        failed = batches.line_ids.filtered(lambda line: line.state == "failed")
        busy = (
            self.env["billing.batch.line"]
            .sudo()
            .search([("move_id", "in", failed.move_id.ids), ("state", "=", "waiting")])
        )
        again = failed.filtered(lambda line: line.move_id not in busy.move_id)
        if not again:
            raise UserError(self.env._("Nothing here failed that does not wait in another batch."))
        again.write({"state": "waiting", "reason": False})
        again.batch_id.write({"state": "waiting", "finished_on": False, "user_id": self.env.uid})
        self._trigger()

    def action_stop(self):
        """Leave alone what has not been worked on. What is done stays done."""
        lines = self._for_clerk().line_ids.filtered(lambda line: line.state == "waiting")
        lines.lock_for_update()
        lines.write(
            {"state": "skipped", "reason": self.env._("Stopped by %s.", self.env.user.name)}
        )
        lines.batch_id._finish_if_done()

    def action_refresh(self):
        """Show how far it is: the form is read anew after a button."""

    def action_post(self):
        """Post the drafts that this batch made."""
        return self._start_next("post")

    def action_send(self):
        """Post and send the drafts that this batch made, or send those it posted."""
        return self._start_next("send")

    def _start_next(self, kind):
        self.ensure_one()
        batches = self._start(kind, self._for_clerk().line_ids.move_id.sudo(False))
        return batches._get_action()

    def action_view_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.line_ids.move_id.ids)]
        action["context"] = {"create": False}
        return action

    def _get_action(self):
        """Return the action that shows these batches."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_batch")
        if len(self) == 1:
            action.update(views=[(False, "form")], view_mode="form", res_id=self.id, context={})
        else:
            action["domain"] = [("id", "in", self.ids)]
        return action
