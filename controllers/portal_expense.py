from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request

from .portal_expense_form import MAX_REQUEST, MAX_TEXT, PortalExpenseForm

MAX_DRAFTS = 20
MAX_LINES = 200


class PortalExpense(CustomerPortal):
    """A subcontractor's expense reports, on the portal.

    Portal users have no rights on the models. Every route finds the record among the user's own
    reports, and acts for them after checking what was sent. What is not theirs does not exist.
    """

    # -- Whose, and what -------------------------------------------------------------------------

    def _expense_check_enabled(self):
        if not request.env.user.partner_id._may_submit_expenses(request.env.company):
            raise request.not_found()

    def _expense_domain(self):
        return [
            ("partner_id", "=", request.env.user.partner_id.id),
            ("company_id", "in", request.env.user.company_ids.ids),
        ]

    def _expense_find(self, report_id):
        """Return the user's own report, as superuser; a page that does not exist for others."""
        self._expense_check_enabled()
        reports = request.env["billing.expense.report"].sudo()
        if report_id > 2**31 - 1:
            raise request.not_found()
        report = reports.search([("id", "=", report_id), *self._expense_domain()])
        if not report:
            raise request.not_found()
        return report

    def _expense_page(self, report=None, errors=(), form=None, status=200):
        company = report.company_id if report else request.env.company
        form = form or PortalExpenseForm(company, {}, [])
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "billing_expense",
            "report": report or request.env["billing.expense.report"],
            "is_new": not report,
            "editable": not report or report.decision == "draft",
            "errors": errors,
            "form": form,
            "max_text": MAX_TEXT,
        }
        return request.render("billing_crm.portal_expense_report", values, status=status)

    # -- Pages -----------------------------------------------------------------------------------

    @http.route(
        ["/my/expenses", "/my/expenses/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_expenses(self, page=1, **kwargs):
        self._expense_check_enabled()
        reports = request.env["billing.expense.report"].sudo()
        pager = portal_pager(
            url="/my/expenses",
            total=reports.search_count(self._expense_domain()),
            page=page,
            step=self._items_per_page,
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "billing_expense",
            "reports": reports.search(
                self._expense_domain(), limit=self._items_per_page, offset=pager["offset"]
            ),
            "pager": pager,
            "default_url": "/my/expenses",
        }
        return request.render("billing_crm.portal_my_expenses", values)

    @http.route(
        "/my/expenses/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def portal_expense_new(self, **post):
        self._expense_check_enabled()
        if request.httprequest.method == "GET":
            return self._expense_page()
        form = self._expense_form(request.env.company, post, first=True)
        drafts = (
            request.env["billing.expense.report"]
            .sudo()
            .search_count([*self._expense_domain(), ("decision", "=", "draft")], limit=MAX_DRAFTS)
        )
        if drafts >= MAX_DRAFTS:
            form.errors.append(
                request.env._("You have %s drafts. Submit or delete one first.", MAX_DRAFTS)
            )
        if form.errors:
            return self._expense_page(errors=form.errors, form=form, status=400)
        report = self._expense_save(
            lambda: (
                request.env["billing.expense.report"]
                .sudo()
                .with_company(request.env.company)
                .create(
                    {
                        "description": form.description,
                        "partner_id": request.env.user.partner_id.id,
                        "company_id": request.env.company.id,
                    }
                )
            ),
            form,
        )
        if form.errors:
            return self._expense_page(errors=form.errors, form=form, status=400)
        return request.redirect(f"/my/expenses/{report.id}")

    @http.route(
        "/my/expenses/<int:report_id>", type="http", auth="user", methods=["GET"], website=True
    )
    def portal_expense(self, report_id, **kwargs):
        return self._expense_page(self._expense_find(report_id))

    @http.route(
        "/my/expenses/<int:report_id>/add",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def portal_expense_add(self, report_id, **post):
        report = self._expense_find(report_id)
        form = self._expense_form(report.company_id, post)
        if report.decision != "draft":
            form.errors.append(self._expense_submitted_message())
        elif len(report.line_ids) >= MAX_LINES:
            form.errors.append(
                request.env._(
                    "A report has at most %s expenses. Submit this one, and start another.",
                    MAX_LINES,
                )
            )
        if not form.errors:
            self._expense_save(lambda: report, form)
        if form.errors:
            return self._expense_page(report, errors=form.errors, form=form, status=400)
        return request.redirect(f"/my/expenses/{report.id}")

    @http.route(
        "/my/expenses/<int:report_id>/remove",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_expense_remove(self, report_id, line_id="", **post):
        report = self._expense_find(report_id)
        if report.decision != "draft":
            return self._expense_page(report, [self._expense_submitted_message()], status=400)
        line = report.line_ids.filtered(lambda expense: str(expense.id) == line_id)
        line.unlink()
        return request.redirect(f"/my/expenses/{report.id}")

    @http.route(
        "/my/expenses/<int:report_id>/<string:step>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_expense_step(self, report_id, step, **post):
        """Submit a draft, delete it, or take a refused report up again."""
        report = self._expense_find(report_id)
        try:
            with request.env.cr.savepoint():
                if step == "submit":
                    report.action_submit()
                elif step == "reopen" and report.decision == "refused":
                    report.action_reset()
                elif step == "delete" and report.decision == "draft":
                    report.unlink()
                    return request.redirect("/my/expenses")
                elif step not in ("reopen", "delete"):
                    raise request.not_found()
        except (UserError, ValidationError) as error:
            report.invalidate_recordset()
            return self._expense_page(report, [str(error)], status=400)
        return request.redirect(f"/my/expenses/{report.id}")

    @http.route(
        "/my/expenses/<int:report_id>/receipt/<int:receipt_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_expense_receipt(self, report_id, receipt_id, **kwargs):
        report = self._expense_find(report_id)
        receipt = report.line_ids.receipt_ids.filtered(lambda receipt: receipt.id == receipt_id)
        if not receipt:
            raise request.not_found()
        shown = receipt.mimetype in ("image/png", "image/jpeg", "image/webp")
        return request.make_response(
            receipt.raw,
            headers=[
                ("Content-Type", receipt.mimetype),
                (
                    "Content-Disposition",
                    content_disposition(receipt.name, "inline" if shown else "attachment"),
                ),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'"),
                ("Cache-Control", "private, no-store"),
            ],
        )

    @http.route(
        "/my/expenses/<int:report_id>/pdf", type="http", auth="user", methods=["GET"], website=True
    )
    def portal_expense_pdf(self, report_id, **kwargs):
        report = self._expense_find(report_id)
        return self._show_report(
            model=report,
            report_type="pdf",
            report_ref="billing_crm.action_report_billing_expense",
            download=True,
        )

    # -- What was sent -----------------------------------------------------------------------

    def _expense_form(self, company, post, first=False):
        files = request.httprequest.files.getlist("receipts")
        form = PortalExpenseForm(company, post, files)
        form.check(first=first)
        return form

    def _expense_save(self, get_report, form):
        """Write what was sent, all or nothing; what the models object to is the form's error."""
        try:
            with request.env.cr.savepoint():
                report = get_report()
                line = (
                    request.env["billing.expense"]
                    .sudo()
                    .with_company(report.company_id)
                    .create({"report_id": report.id, **form.values})
                )
                line.receipt_ids = (
                    request.env["ir.attachment"]
                    .sudo()
                    .create(
                        [
                            {**receipt, "res_model": line._name, "res_id": line.id}
                            for receipt in form.receipts
                        ]
                    )
                )
                return report
        except (UserError, ValidationError) as error:
            form.errors.append(str(error))
            return None

    def _expense_submitted_message(self):
        return request.env._("This report has been submitted and cannot be changed any more.")
