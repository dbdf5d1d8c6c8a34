from odoo import api, fields, models

INVOICES = ("out_invoice", "out_receipt", "out_refund")


class BillingProforma(models.Model):
    """What became of the estimate: read from the ledger each time, never stored."""

    _inherit = "billing.proforma"

    invoice_ids = fields.One2many(
        "account.move",
        "billing_proforma_id",
        string="Invoices",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    invoice_count = fields.Integer(compute="_compute_actual")
    amount_invoiced = fields.Monetary(
        string="Actual",
        compute="_compute_actual",
        help="Posted invoices less credit notes, without taxes, in the currency of the estimate.",
    )
    amount_in_draft = fields.Monetary(
        string="In Draft",
        compute="_compute_actual",
        help="Invoices that are still drafts, without taxes.",
    )
    amount_not_estimated = fields.Monetary(
        string="Not Estimated",
        compute="_compute_actual",
        help="The part of what was invoiced that was not in the estimate.",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_actual",
        help="Actual less estimated, without taxes.",
    )

    unplanned_line_ids = fields.Many2many(
        "account.move.line",
        string="Lines Not Estimated",
        compute="_compute_unplanned_line_ids",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def _compute_unplanned_line_ids(self):
        for proforma in self:
            proforma.unplanned_line_ids = proforma._origin._get_unplanned_lines()

    @api.depends("amount_untaxed")
    def _compute_actual(self):
        actual = self._origin._get_actual()
        moves = self.env["account.move"].sudo()
        counts = dict(
            moves._read_group(
                [("billing_proforma_id", "in", self._origin.ids)],
                ["billing_proforma_id"],
                ["__count"],
            )
        )
        for proforma in self:
            parts = actual.get(proforma._origin, {})
            extra = parts.get(self.env["billing.proforma.line"], {})
            proforma.amount_invoiced = sum(part["posted"] for part in parts.values())
            proforma.amount_in_draft = sum(part["draft"] for part in parts.values())
            proforma.amount_not_estimated = extra.get("posted", 0.0)
            proforma.amount_difference = proforma.amount_invoiced - proforma.amount_untaxed
            proforma.invoice_count = counts.get(proforma._origin.sudo(), 0)

    def _get_actual_lines(self):
        """Return the lines of invoices and credit notes that count, as superuser.

        Drafts count as such, cancelled documents not at all.
        """
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("move_id.billing_proforma_id", "in", self.ids),
                    ("move_id.move_type", "in", INVOICES),
                    ("display_type", "=", "product"),
                    ("parent_state", "in", ("draft", "posted")),
                ],
                order="date, move_id, sequence, id",
            )
        )

    def _get_actual(self):
        """Return what was invoiced of each line of these pro formas.

        :return: ``{proforma: {line: part}}``; the empty line stands for all that was not estimated;
            a part has amounts without taxes in the currency of the pro forma, ``posted`` and
            ``draft``, and quantities in the unit of the estimate, ``posted_quantity`` and
            ``draft_quantity``. Credit notes are deducted.
        :rtype: dict
        """
        actual = {}
        nothing = self.env["billing.proforma.line"]
        for line in self._get_actual_lines():
            move = line.move_id
            proforma = move.billing_proforma_id.sudo(False)
            estimated = line.billing_proforma_line_id.sudo(False)
            if estimated.sudo().proforma_id.id != proforma.id:
                estimated = nothing
            part = actual.setdefault(proforma, {}).setdefault(
                estimated,
                {"posted": 0.0, "draft": 0.0, "posted_quantity": 0.0, "draft_quantity": 0.0},
            )
            state = line.parent_state
            part[state] += line._get_billed_amount(proforma.sudo().currency_id)
            if estimated:
                sign = -1 if move.move_type == "out_refund" else 1
                part[f"{state}_quantity"] += sign * line._get_estimated_quantity()
        return actual

    def _get_comparison(self):
        """Return what a printed comparison shows, in the order of the estimate.

        :return: the lines of the estimate, then those invoiced without having been estimated; each
            with ``display_type``, ``name``, and where they are none of the headings and notes the
            figures ``estimated_quantity``, ``unit``, ``estimated``, ``quantity``, ``actual``,
            ``draft``, ``difference``
        :rtype: list[dict]
        """
        self.ensure_one()
        actual = self._get_actual().get(self, {})
        rows = []
        for line in self.line_ids:
            if line.display_type:
                rows.append({"display_type": line.display_type, "name": line.name})
                continue
            part = actual.get(line, {})
            rows.append(
                {
                    "display_type": False,
                    "name": line.name or line.product_id.display_name,
                    "is_estimated": True,
                    "unit": line.product_uom_id.name,
                    "estimated_quantity": line.quantity,
                    "estimated": line.price_subtotal,
                    "quantity": part.get("posted_quantity", 0.0),
                    "actual": part.get("posted", 0.0),
                    "draft": part.get("draft", 0.0),
                    "difference": part.get("posted", 0.0) - line.price_subtotal,
                }
            )
        for line in self._get_unplanned_lines():
            amount = line._get_billed_amount(self.currency_id)
            posted = line.parent_state == "posted"
            rows.append(
                {
                    "display_type": False,
                    "name": line.name or line.product_id.display_name,
                    "is_estimated": False,
                    "unit": line.product_uom_id.name,
                    "document": line.move_id.name,
                    "estimated_quantity": 0.0,
                    "estimated": 0.0,
                    "quantity": line.quantity if posted else 0.0,
                    "actual": amount if posted else 0.0,
                    "draft": 0.0 if posted else amount,
                    "difference": amount if posted else 0.0,
                }
            )
        return rows

    def _get_unplanned_lines(self):
        """Return the lines of invoices that were not in the estimate, as superuser."""
        return self._get_actual_lines().filtered(
            lambda line: line.billing_proforma_line_id.proforma_id != self.sudo()
        )

    def action_view_invoices(self):
        """Open the invoices and credit notes made from these pro formas."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("billing_proforma_id", "in", self.ids)]
        action["context"] = {"default_move_type": "out_invoice", "create": False}
        invoices = self.invoice_ids
        if len(invoices) == 1:
            action.update(
                view_mode="form", views=[(False, "form")], res_id=invoices.id, domain=False
            )
        return action


class BillingProformaLine(models.Model):
    _inherit = "billing.proforma.line"

    quantity_invoiced = fields.Float(
        string="Actual Qty", compute="_compute_actual", digits="Product Unit"
    )
    amount_invoiced = fields.Monetary(string="Actual", compute="_compute_actual")
    amount_in_draft = fields.Monetary(string="In Draft", compute="_compute_actual")
    price_invoiced = fields.Float(
        string="Actual Price",
        compute="_compute_actual",
        min_display_digits="Product Price",
        help="The average of what was invoiced, without taxes.",
    )
    amount_difference = fields.Monetary(string="Difference", compute="_compute_actual")

    @api.depends("price_subtotal")
    def _compute_actual(self):
        actual = self.proforma_id._origin._get_actual()
        for line in self:
            part = actual.get(line.proforma_id._origin, {}).get(line._origin, {})
            quantity, amount = part.get("posted_quantity", 0.0), part.get("posted", 0.0)
            line.quantity_invoiced = quantity
            line.amount_invoiced = amount
            line.price_invoiced = amount / quantity if quantity else 0.0
            line.amount_in_draft = part.get("draft", 0.0)
            line.amount_difference = amount - line.price_subtotal
