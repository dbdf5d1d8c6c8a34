from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class BillingLateCharge(models.Model):
    """The calculation of a late charge, as a judge could follow it."""

    _inherit = "billing.late.charge"

    calculation_html = fields.Html(
        string="Calculation in Words", compute="_compute_calculation_html", sanitize=False
    )

    @api.depends("calculation", "amount")
    @api.depends_context("lang")
    def _compute_calculation_html(self):
        for charge in self:
            charge.calculation_html = charge.calculation and Markup(
                '<div class="table-responsive">%s</div>'
            ) % self.env["ir.qweb"]._render(
                "billing_crm.late_charge_calculation",
                {"annex": charge._get_annex()},
                lang=self.env.lang,
            )

    def _get_annex(self):
        """Return what is printed about how this charge was calculated, see `_write_annex`."""
        self.ensure_one()
        charge = self.sudo()
        waived = charge.currency_id.round(charge.calculation["amount"] - charge.amount)
        return {
            **self._write_annex(charge.calculation, charge.kind, charge.currency_id),
            "waived": charge.currency_id.format(-waived) if waived else False,
            "charged": charge.currency_id.format(charge.amount),
        }

    def _write_annex(self, calculation, kind, currency):
        """Return a frozen calculation as the texts that are printed, in the context's language.

        :param calculation: see `_freeze`
        :rtype: dict
        """

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        def rate(percent):
            digits = 2 if round(percent, 2) == percent else 4
            return formatLang(self.env, percent, digits=digits) + " %"

        def day(text):
            return format_date(self.env, text)

        segments = calculation["segments"]
        exact = sum(float(segment["interest"]) for segment in segments)
        return {
            "kind": dict(self._fields["kind"]._description_selection(self.env))[kind],
            "invoice": calculation["invoice"],
            "original": money(calculation["original"]),
            "date_maturity": day(calculation["date_maturity"]),
            "policy": calculation["policy"],
            "legal_basis": calculation["legal_basis"],
            "is_interest": bool(segments),
            "rows": [
                {
                    "from": day(segment["date_from"]),
                    "to": day(segment["date_to"]),
                    "days": segment["days"],
                    "base": money(float(segment["base"])),
                    "rate": rate(float(segment["rate"])),
                    "parts": (
                        f"{rate(float(segment['reference_rate']))} + "
                        f"{rate(float(segment['margin']))}"
                        if segment["source"]
                        else False
                    ),
                    "source": segment["source"],
                    "year": segment["year"],
                    "interest": formatLang(self.env, float(segment["interest"]), digits=4),
                }
                for segment in segments
            ],
            "basis": (
                self.env._("Late with: %s", money(calculation["base"]))
                if kind == "fee"
                else self.env._(
                    "%(percent)s of what is late: %(base)s",
                    percent=rate(calculation["percentage"]),
                    base=money(calculation["base"]),
                )
            ),
            "years": " / ".join(sorted({str(segment["year"]) for segment in segments})),
            "exact": formatLang(self.env, exact, digits=4),
            "full": money(calculation["full"]),
            "is_limited": bool(currency.compare_amounts(calculation["total"], calculation["full"])),
            "total": money(calculation["total"]),
            "earlier": money(-calculation["earlier"]) if calculation["earlier"] else False,
            "amount": money(calculation["amount"]),
            "waived": False,
            "charged": money(calculation["amount"]),
        }
