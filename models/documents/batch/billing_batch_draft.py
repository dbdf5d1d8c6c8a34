from odoo import fields, models


class BillingBatchLine(models.Model):
    """Writing drafts: one invoice for each customer of a batch."""

    _inherit = "billing.batch.line"

    def _create_drafts(self):
        """Write the drafts of these lines, all of one batch."""
        batch = self.batch_id
        moves = self._with_starter()["account.move"].create(
            [batch._get_draft_values(partner) for partner in self._get_partners()]
        )
        for line, move in zip(self, moves, strict=True):
            line.write({"move_id": move.id, "state": "done"})

    def _get_partners(self):
        """Return the customers as who started the batch sees them."""
        return self._with_starter()["res.partner"].browse(self.partner_id.ids)


class BillingBatch(models.Model):
    _inherit = "billing.batch"

    def _get_draft_values(self, partner):
        """Return the values of the draft for one customer.

        Everything that is not said here is for Odoo to work out from the customer: terms,
        salesperson, language of texts, account. A price was typed with the taxes beside it; where
        the customer's fiscal position replaces included ones, it is adapted as Odoo does it.

        :param partner: `res.partner`, in the environment the draft is made in
        :rtype: dict
        """
        env = partner.env
        said = self.sudo().draft_values
        delivery = env["res.partner"].browse(partner.address_get(["delivery"])["delivery"])
        position = env["account.fiscal.position"]._get_fiscal_position(partner, delivery=delivery)
        lines = []
        for line in said["lines"]:
            product = env["product.product"].browse(line.get("product_id") or ())
            taxes = env["account.tax"].browse(line["tax_ids"])
            mapped = position.map_tax(taxes)
            values = {
                "quantity": line["quantity"],
                "price_unit": product._get_tax_included_unit_price_from_price(
                    line["price_unit"], taxes, product_taxes_after_fp=mapped
                ),
                "tax_ids": [fields.Command.set(mapped.ids)],
            }
            for fname in ("product_id", "product_uom_id", "name"):
                if line.get(fname):
                    values[fname] = line[fname]
            lines.append(fields.Command.create(values))
        return {
            **said["move"],
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "fiscal_position_id": position.id,
            "invoice_line_ids": lines,
        }
