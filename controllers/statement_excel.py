from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..models.collections.statements.billing_statement_excel import MOST_SHEETS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatementExcel(http.Controller):
    """Statements of account as a workbook, for those who may see them."""

    @http.route("/billing/statements/xlsx", type="http", auth="user", methods=["GET"])
    def billing_statements_xlsx(self, ids="", **kwargs):
        texts = ids.split(",")
        if len(texts) > MOST_SHEETS or not all(
            text.isascii() and text.isdigit() and len(text) < 10 for text in texts
        ):
            raise request.not_found()
        statements = request.env["billing.statement"].browse(map(int, texts)).exists()
        try:
            statements.check_access("read")
        except (AccessError, MissingError):
            raise request.not_found() from None
        if not statements:
            raise request.not_found()
        return self._billing_send_workbook(statements.sudo())

    @staticmethod
    def _billing_send_workbook(statements):
        """Return the answer with these statements as a workbook."""
        name = statements._get_file_name() if len(statements) == 1 else request.env._("Statements")
        return request.make_response(
            statements._make_workbook(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("Cache-Control", "private, no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
