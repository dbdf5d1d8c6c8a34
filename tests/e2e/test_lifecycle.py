"""Arriving in a database that has a past, staying, and leaving it as it was."""

import json
import subprocess

import pytest

from tools.workshop import databases, runtime, templates

# What is in a database, by name: nothing of it may be missing or new once we are gone.
INVENTORY = """
import json
queries = {
    "tables": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S')",
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns "
               "WHERE table_schema = 'public'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conname FROM pg_constraint",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "records": "SELECT module || '.' || name FROM ir_model_data WHERE model != 'ir.model.data'",
    "views": "SELECT name || ':' || COALESCE(key, '') FROM ir_ui_view",
    "actions": "SELECT type || ':' || name::text FROM ir_actions",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "crons": "SELECT cron_name FROM ir_cron",
    "parameters": "SELECT key FROM ir_config_parameter",
    "templates": "SELECT name::text FROM mail_template",
    "groups": "SELECT name::text FROM res_groups",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "rules": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "followers": "SELECT DISTINCT res_model FROM mail_followers",
    "messages": "SELECT DISTINCT model FROM mail_message WHERE model IS NOT NULL",
    "attachments": "SELECT DISTINCT res_model FROM ir_attachment WHERE res_model IS NOT NULL",
}
found = {}
for kind, query in queries.items():
    env.cr.execute(query)
    found[kind] = sorted(row[0] for row in env.cr.fetchall() if row[0])
print(json.dumps(found))
"""

HISTORY = """
partner = env["res.partner"].create({"name": "Anna Berg", "email": "anna@customers.example"})
invoice = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-01-01",
    "invoice_line_ids": [(0, 0, {"name": "Work", "price_unit": 100.0})],
})
invoice.action_post()
context = {"active_model": "account.move", "active_ids": invoice.ids}
reversal = env["account.move.reversal"].with_context(context).create(
    {"journal_id": invoice.journal_id.id})
reversal.refund_moves()
env["account.debit.note"].with_context(context).create({"copy_lines": True}).create_debit()
env["account.move"].create({
    "move_type": "in_invoice", "partner_id": partner.id, "invoice_date": "2026-01-01",
    "invoice_line_ids": [(0, 0, {"name": "Rent", "price_unit": 50.0})],
})
env["account.payment.register"].with_context(context).create({}).action_create_payments()
"""

TYPES = """
import json
moves = env["account.move"].search([], order="id")
print(json.dumps([[move.move_type, bool(move.debit_origin_id), move.billing_type]
                  for move in moves]))
"""

USE = """
company = env.company
company.billing_reminders_enabled = True
invoice = env["account.move"].search([("move_type", "=", "out_invoice")], limit=1).copy(
    {"invoice_date": "2026-01-01"})
invoice.action_post()
for reminder in env["billing.reminder"]._plan(company):
    reminder._send()
    reminder.message_subscribe(reminder.partner_id.ids)
    env["ir.attachment"].create(
        {"name": "x", "res_model": reminder._name, "res_id": reminder.id, "raw": b"x"})
env["billing.event"]._log(invoice, "sent")
env["billing.link"]._mint(invoice, invoice.partner_id)
env["ir.filters"].create({"name": "Mine", "model_id": "billing.score", "user_ids": [(4, 1)]})
"""

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "billing_crm")]).button_immediate_uninstall()
"""

STILL_WORKS = """
invoice = env["account.move"].search(
    [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=1).copy()
invoice.invoice_date = "2026-02-01"
invoice.action_post()
context = {"active_model": "account.move", "active_ids": invoice.ids}
env["account.payment.register"].with_context(context).create({}).action_create_payments()
env["account.move"].get_views([(False, "list"), (False, "form"), (False, "search")])
env["res.partner"].get_views([(False, "list"), (False, "form"), (False, "search")])
print(invoice.payment_state)
"""


# What an earlier version of the module left: behaviors on the invoices, no types.
AS_VERSION_1 = """
env.cr.execute("ALTER TABLE account_move DROP COLUMN billing_type_id CASCADE")
env.cr.execute("DELETE FROM billing_invoice_type")
env.cr.execute("UPDATE ir_module_module SET latest_version = '19.0.1.0.0'"
               " WHERE name = 'billing_crm'")
"""

TYPE_RECORDS = """
import json
moves = env["account.move"].search([], order="id")
print(json.dumps([[move.billing_type, move.billing_type_id.behavior] for move in moves]))
"""


@pytest.fixture(scope="module")
def ready():
    return runtime.prepare()


@pytest.fixture
def run(ready, tmp_path):
    """Run code on a database; return what it printed, fail if Odoo logged a warning."""

    def run(database, code):
        script = tmp_path / "script.py"
        script.write_text(code)
        result = subprocess.run(
            ready.script_command(database, script),
            env=ready.environment(database),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert not runtime.complaints(result.stderr)
        return result.stdout.strip()

    return run


@pytest.fixture
def database(ready):
    name = templates.create(ready, "lifecycle", templates.shop(), with_module=False)
    yield name
    databases.drop(ready.cluster, name)


def test_installed_on_a_past_updated_and_gone_without_a_trace(ready, database, run):
    run(database, HISTORY)
    before = json.loads(run(database, INVENTORY))

    ready.install(database, ["billing_crm"], strict=True)
    types = json.loads(run(database, TYPES))
    assert sorted(map(str, types)) == sorted(
        map(
            str,
            [
                ["out_invoice", False, "standard"],
                ["out_invoice", True, "debit"],
                ["out_refund", False, "credit"],
                ["in_invoice", False, False],
                ["entry", False, False],
            ],
        )
    )
    ready.install(database, ["billing_crm"], update=True, strict=True)
    run(database, USE)

    run(database, UNINSTALL)
    after = json.loads(run(database, INVENTORY))
    left = {kind: sorted(set(after[kind]) - set(before[kind])) for kind in before}
    lost = {kind: sorted(set(before[kind]) - set(after[kind])) for kind in before}
    assert not {kind: names for kind, names in left.items() if names}
    assert not {kind: names for kind, names in lost.items() if names}
    assert run(database, STILL_WORKS) == "paid"


def test_an_update_from_the_first_version_gives_invoices_their_types(ready, database, run):
    run(database, HISTORY)
    ready.install(database, ["billing_crm"], strict=True)
    before = json.loads(run(database, TYPE_RECORDS))
    assert len({behavior for behavior, _record in before}) == 4
    assert all(behavior == record for behavior, record in before)

    run(database, AS_VERSION_1)
    ready.install(database, ["billing_crm"], update=True, strict=True)
    assert json.loads(run(database, TYPE_RECORDS)) == before
