from datetime import date

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import content_disposition, request

from .statement_excel import StatementExcel

KINDS = ("open", "activity", "overdue")


class PortalStatement(CustomerPortal):
    """The account of whoever is logged in, on the portal: what their company owes, and to whom.

    Portal users have no rights on the models. The customer is always their own, as superuser;
    what an address may choose is the kind, the dates, and one of the companies that the customer
    has an account with.
    """

    @http.route("/my/statement", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_statement(self, **query):
        statement, error = self._statement_find(query)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "billing_statement",
            "statement": statement._get_texts(),
            "document": statement,
            "companies": self._statement_companies(),
            "can_pay": statement._can_be_paid(),
            "error": error,
            "hidden_on_phones": "d-none d-md-table-cell",
        }
        return request.render(
            "billing_crm.portal_my_statement", values, status=400 if error else 200
        )

    @http.route("/my/statement/pdf", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_statement_pdf(self, **query):
        statement, _error = self._statement_find(query)
        pdf, _type = (
            request.env["ir.actions.report"]
            .sudo()
            .with_context(billing_statement=statement)
            ._render_qweb_pdf("billing_crm.action_report_statement", [])
        )
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                (
                    "Content-Disposition",
                    content_disposition(f"{statement._get_file_name()}.pdf"),
                ),
                ("Cache-Control", "private, no-store"),
            ],
        )

    @http.route("/my/statement/xlsx", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_statement_xlsx(self, **query):
        statement, _error = self._statement_find(query)
        return StatementExcel._billing_send_workbook(statement)

    @http.route("/my/statement/pay", type="http", auth="user", methods=["POST"], website=True)
    def portal_my_statement_pay(self, **query):
        """Give the user a link of their own to the page where everything can be paid."""
        statement, _error = self._statement_find(query)
        if not statement._can_be_paid():
            return request.redirect("/my/statement")
        links = request.env["billing.link"].sudo()
        user = request.env.user
        [(_link, path)] = links._mint_rows(
            [
                links._prepare_link(
                    statement,
                    recipient_id=user.partner_id.id,
                    recipient_customer_id=user.partner_id.commercial_partner_id.id,
                    channel="renewal",
                )
            ]
        )
        return request.redirect(path)

    # -- Helpers ---------------------------------------------------------------------------------

    def _statement_companies(self):
        """Return the companies that the user's customer has an account with, their own first."""
        partner = request.env.user.partner_id.commercial_partner_id
        groups = (
            request.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "child_of", partner.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ],
                ["company_id"],
            )
        )
        companies = request.env.company.sudo().concat(*(company for (company,) in groups))
        return companies.browse(dict.fromkeys(companies.ids))

    def _statement_find(self, query):
        """Return the statement that the address asks for, of the user's own account.

        It is written nowhere: looking changes nothing.

        :return: the statement, and what is wrong with the address, if anything
        """
        partner = request.env.user.partner_id.commercial_partner_id
        companies = self._statement_companies()
        company = companies.filtered(lambda one: str(one.id) == query.get("company"))
        company = company or companies[0]
        today = company._get_billing_today()
        day, is_day = self._statement_read_day(query.get("date"), today)
        first, is_first = self._statement_read_day(query.get("from"), date(day.year, 1, 1))
        error = False
        if not is_day or not is_first:
            error = request.env._("This is no date. Here is the statement as of today.")
        elif first > day:
            error = request.env._("The period ends before it begins.")
            first = day
        kind = query.get("kind")
        statement = (
            request.env["billing.statement"]
            .sudo()
            .with_context(lang=request.env.lang, allowed_company_ids=company.ids)
            .new(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "kind": kind if kind in KINDS else "open",
                    "scope": "customer",
                    "date_from": first,
                    "date_to": day,
                }
            )
        )
        return statement._with_blocks(), error

    @staticmethod
    def _statement_read_day(text, default):
        """Return the day that a text says, and whether it says one; empty means the default."""
        if not text:
            return default, True
        try:
            return date.fromisoformat(text), True
        except ValueError:
            return default, False
