from odoo import api, models
from odoo.tools import format_date, format_datetime, formatLang


class BillingInvoiceType(models.Model):
    """What a type puts on paper."""

    _inherit = "billing.invoice.type"

    def _get_title(self, move_type=False):
        """Return what is printed above a document, in the language of the context.

        ``move_type`` is what the document is to Odoo, if it is an entry. False where Odoo's own
        title (Invoice, Credit Note) says it already.
        """
        self.ensure_one()
        titles = {
            "debit": self.env._("Debit Note"),
            "mixed": self.env._("Credit Note with Charges")
            if move_type == "out_refund"
            else self.env._("Invoice with Credits"),
            "timesheet": self.env._("Timesheet Invoice"),
            "expense": self.env._("Expense Report"),
            "proforma": self.env._("Pro Forma Invoice"),
            "interim": self.env._("Interim Invoice"),
            "past_due": self.env._("Past Due Invoice"),
        }
        return self.title or titles.get(self.behavior, False)

    @api.model
    def _format_properties(self, record, fname):
        """Return (label, text) of the custom fields of ``record`` that have a value.

        Texts are in the language of the record's context.
        """
        formatted = []
        for field in record.read([fname])[0][fname]:
            value, kind = field.get("value"), field["type"]
            if kind == "separator" or (value is False and kind != "boolean") or value in (None, []):
                continue
            if kind == "boolean":
                text = self.env._("Yes") if value else self.env._("No")
            elif kind == "selection":
                text = dict(field["selection"]).get(value, "")
            elif kind == "tags":
                labels = {tag[0]: tag[1] for tag in field["tags"]}
                text = ", ".join(labels[tag] for tag in value if tag in labels)
            elif kind == "many2one":
                text = value[1]
            elif kind == "many2many":
                text = ", ".join(name for _id, name in value)
            elif kind == "date":
                text = format_date(record.env, value)
            elif kind == "datetime":
                text = format_datetime(record.env, value)
            elif kind == "float":
                text = formatLang(record.env, value, digits=2)
            elif kind == "monetary":
                text = formatLang(record.env, value, currency_obj=record.currency_id)
            else:
                text = value
            formatted.append((field["string"], text))
        return formatted
