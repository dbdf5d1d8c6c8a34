"""One reminder run in this process: ``database ours|oca first|second``. Prints what it took."""

import json
import resource
import sys
import time
from datetime import timedelta

from odoo import fields
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config

GAP = timedelta(days=15)


def main() -> None:
    database, kind, number = sys.argv[1:]
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True
    )
    with Registry(database).cursor() as cursor:
        env = Environment(cursor, 2, {"lang": "en_US", "tz": "UTC"})
        day = fields.Date.today() + (GAP if number == "second" else timedelta())
        prepare, act, count = SIDES[kind]
        prepare(env)
        env.flush_all()
        env.invalidate_all()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        queries, started = cursor.sql_log_count, time.perf_counter()
        act(env, day)
        env.flush_all()
        figures = {
            "seconds": time.perf_counter() - started,
            "queries": cursor.sql_log_count - queries,
            "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024,
            **count(env, day),
        }
        cursor.commit()
    print(json.dumps(figures))


def _prepare_ours(env):
    """What the first run wrote has been sent."""
    env.company.billing_reminders_enabled = True
    env.cr.execute(
        "UPDATE billing_reminder SET state = 'sent', sent_on = decided_on WHERE state != 'sent'"
    )


def _act_ours(env, day):
    env["billing.reminder"].sudo().with_context(billing_as_of=day)._plan(env.company)


def _count_ours(env, day):
    reminders = env["billing.reminder"].search([("decided_on", "=", day)])
    items = env["billing.reminder.item"].search_count(
        [("reminder_id", "in", reminders.ids), ("is_advance", "=", True)]
    )
    return {"lines": items, "customers": len(reminders.partner_id)}


def _prepare_oca(env):
    policy = env.ref("account_credit_control.credit_control_3_time")
    accounts = env["account.account"].search([("account_type", "=", "asset_receivable")])
    policy.account_ids = accounts
    env.company.credit_policy_id = policy
    env.cr.execute("UPDATE credit_control_line SET state = 'sent' WHERE state != 'sent'")


def _act_oca(env, day):
    policy = env.ref("account_credit_control.credit_control_3_time")
    run = env["credit.control.run"].create(
        {"date": day, "policy_ids": policy.ids, "company_id": env.company.id}
    )
    run.generate_credit_lines()


def _count_oca(env, day):
    lines = env["credit.control.line"].search([("run_id.date", "=", day)])
    return {"lines": len(lines), "customers": len(lines.partner_id)}


SIDES = {
    "ours": (_prepare_ours, _act_ours, _count_ours),
    "oca": (_prepare_oca, _act_oca, _count_oca),
}


if __name__ == "__main__":
    main()
