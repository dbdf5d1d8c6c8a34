"""Builds the demo company: the same figures whenever it is built on the same day."""

import time
from random import Random

from odoo import fields

from tools.ledger.checks import check_books

from . import (
    agreements,
    analysis,
    company,
    customers,
    documents,
    forecast,
    late,
    logo,
    ongoing,
    reminders,
    sales,
    scores,
    specials,
    traces,
)

SEED = 2026


def build(env) -> None:
    """Fill a database that has billing_crm, payment_demo and a chart of accounts."""
    started = time.monotonic()
    main_company = env.ref("base.main_company")
    env = env(
        context={
            **env.context,
            "tracking_disable": True,
            "allowed_company_ids": main_company.ids,
        }
    )
    today = fields.Date.context_today(env.company)
    rng = Random(f"{SEED}-{today}")
    company.set_up(env, today)
    env.company.logo = logo.draw()
    users = company.create_users(env)
    salespeople = [users[login] for login in company.SALESPEOPLE]

    known = customers.customers(rng)
    partners = customers.create(env, known, salespeople)
    currencies = {customer.name: customer.currency for customer in known}
    ledger = sales.make_up(rng, known, partners, today)
    sales.load_dollars(env, [i for i in ledger if currencies[i.customer] == "USD"], partners)
    sales.load_euros(env, [i for i in ledger if currencies[i.customer] == "EUR"], partners)

    buyers = [
        partners[customer.name]
        for customer in known
        if customer.currency == "USD" and customer.habit not in ("gone", "disputing")
    ]
    specials.instalments(env, today, buyers, rng)
    specials.credit_notes(env, today, rng)
    specials.debit_notes(env, today, rng)
    specials.drafts(env, today, buyers, rng)
    specials.opportunities(env, today, buyers, salespeople, rng)
    documents.retainer(env, today, buyers[:3])
    documents.kept_credit(env, today, buyers[3])
    documents.mixed(env, today, buyers[4])
    documents.batches(env, today, env["res.partner"].concat(*buyers[5:17]), users["clerk"])
    ongoing.proformas(env, today, buyers[6:11])
    ongoing.hours(env, today, buyers[11], [users["maya"], users["tom"]])
    ongoing.expenses(env, today, buyers[12])
    ongoing.projects(env, today, buyers[13])
    ongoing.subscriptions(env, today, buyers[14:17])
    traces.leave(env, today, rng)
    reminders.send_past(env, today)
    agreements.make(env, today)
    late.charge(env, today)
    late.state_accounts(env, today)
    analysis.products(env)
    analysis.hours(env, users["clerk"], rng)
    analysis.origins(env, list(partners.values()), rng)
    forecast.plan(env, today)
    check_books(env, env.company)
    scores.form(env)
    env["billing.prediction"]._refresh(env.company)
    env["billing.collection"]._refresh(env.company)
    # that of the installation was made before there was anything
    env["billing.forecast.snapshot"].search([]).unlink()
    env["billing.forecast"]._refresh(env.company)
    print(f"Demo company built in {time.monotonic() - started:.0f} s")
