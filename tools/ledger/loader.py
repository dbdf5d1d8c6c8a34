"""Loading a ledger: stage, clone, check; in the caller's transaction, so all of it or nothing."""

from datetime import date

from odoo import fields
from odoo.tools import SQL

from . import checks, customers, prototypes
from .invoices import clone_invoices
from .payments import clone_payments
from .progress import stage
from .rows import PLAIN, Invoice, LedgerError, Template
from .staging import Staging

TABLES = (*prototypes.TABLES, "account_move__account_payment", "res_partner")


def load(
    env,
    company,
    invoices: list[Invoice],
    *,
    templates: dict[str, Template] | None = None,
    partners: dict | None = None,
) -> None:
    """Load ``invoices`` into ``company``.

    ``partners`` maps the customers' names to partners; without it, customers are looked up by
    their reference or created. ``templates`` are what the invoices' own name.
    """
    env = env(context={**env.context, "allowed_company_ids": company.ids, "tracking_disable": True})
    company = company.with_env(env)
    templates = {"": PLAIN, **(templates or {})}
    _refuse_known(env, company, invoices)
    if partners is None:
        partners = customers.ensure(env, company, list(dict.fromkeys(i.customer for i in invoices)))
    before = checks.balances(env, company)
    made = prototypes.build(
        env, company, {prototypes.sort_of(invoice) for invoice in invoices}, templates
    )
    Staging(env, made, templates, partners).fill(invoices)
    _clone(env, "Invoices", "staged_invoice", clone_invoices)
    _clone(env, "Payments", "staged_payment", clone_payments)
    _count_customer_rank(env)
    for table in TABLES:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    checks.run(env, company, invoices, before)


def _refuse_known(env, company, invoices: list[Invoice]) -> None:
    """A ledger loaded twice would bill everybody twice."""
    known = env["account.move"].search(
        [
            ("company_id", "=", company.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("ref", "in", [invoice.number for invoice in invoices if invoice.number]),
        ],
        limit=1,
    )
    if known:
        raise LedgerError(f"invoice {known.ref} is in {company.name} already, as {known.name}")


def _clone(env, title: str, staged: str, clone_chunk) -> None:
    chunks = env.execute_query(
        SQL("SELECT chunk, COUNT(*) FROM %s GROUP BY chunk ORDER BY chunk", SQL.identifier(staged))
    )
    with stage(title, sum(count for _chunk, count in chunks)) as progress:
        for chunk, count in chunks:
            clone_chunk(env, chunk)
            progress.advance(count)


def _count_customer_rank(env) -> None:
    env.cr.execute(
        """
        UPDATE res_partner
           SET customer_rank = customer_rank + staged.count
          FROM (SELECT partner_id, COUNT(*) FROM staged_invoice GROUP BY partner_id) AS staged
         WHERE res_partner.id = staged.partner_id
        """
    )


def open_books(env, company) -> None:
    """Give the company a chart of accounts if it has none."""
    if not company.chart_template:
        company.country_id = company.country_id or env.ref("base.us")
        env["account.chart.template"].try_loading("generic_coa", company=company)


def today(env) -> date:
    return fields.Date.context_today(env["res.partner"])
