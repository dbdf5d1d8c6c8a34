"""What paying late costs, and statements of account: some of each in every state."""

from datetime import timedelta

from odoo import Command, fields

# Of so many customers something is proposed; the first ones' charges are decided already.
CUSTOMERS = 7
CHARGED, WAIVED = 3, 1


def charge(env, today) -> None:
    """General terms of 12 % a year and a fee, and what follows from them."""
    terms = env.ref("billing_crm.late_fee_policy_contract")
    terms.copy({
        "name": "General terms", "applies": "default", "currency_id": env.company.currency_id.id,
        "tier_ids": [Command.create({"amount_from": 0, "fee": 25}),
                     Command.create({"amount_from": 1000, "fee": 40})],
    })  # fmt: skip
    rows = env["billing.receivable"].search([
        ("days_overdue", ">", 30), ("kind", "=", "invoice"), ("can_be_reminded", "=", True),
        ("country_id.code", "=", "US"),  # elsewhere the law's own terms apply
    ], order="date_maturity, id")  # fmt: skip
    charges = [
        env["billing.late.charge"]._propose(items.line_id)
        for items in list(rows.grouped("partner_id").values())[:CUSTOMERS]
    ]
    for proposed in charges[:CHARGED]:
        proposed.action_approve()
    for proposed in charges[CHARGED : CHARGED + WAIVED]:
        proposed._waive("A good customer, the first time")


def state_accounts(env, today) -> None:
    """Statements as of the end of last month, and a schedule for the next ones."""
    end = fields.Date.start_of(today, "month") - timedelta(days=1)
    owing = env["billing.receivable"].search([("is_overdue", "=", True)]).partner_id
    wizard = env["billing.statement.wizard"].create({
        "partner_ids": [Command.set(owing[:8].ids)], "kind": "activity",
        "date_from": fields.Date.start_of(end, "month"), "date_to": end,
    })  # fmt: skip
    wizard.action_send()
    env["billing.statement.schedule"].create({
        "name": "End of month", "frequency": "monthly", "kind": "open",
    })  # fmt: skip
