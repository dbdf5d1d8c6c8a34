"""With Odoo's Timesheets: its entries are billed, and who sees what stays as that app says."""

import json
import subprocess

import pytest

from tools.workshop import databases, runtime, templates

# Employees, a project for a customer and one for nobody, and entries of Odoo's own app.
STORY = """
import json
from odoo.exceptions import AccessError, UserError

company = env.company
env["billing.hourly.rate"].create({"rate": 100.0})

def person(name, groups):
    user = env["res.users"].create({
        "name": name, "login": name.lower(),
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
    })
    env["hr.employee"].create({"name": name, "user_id": user.id, "company_id": company.id})
    return user

ann = person("Ann", ["hr_timesheet.group_hr_timesheet_user"])
bob = person("Bob", ["hr_timesheet.group_hr_timesheet_user"])
plain = person("Paul", ["base.group_user"])
clerk = person("Clara", ["billing_crm.group_billing_user"])
customer, other = env["res.partner"].create([{"name": "Customer"}, {"name": "Other"}])
project = env["project.project"].create({"name": "Site", "partner_id": customer.id})
inside = env["project.project"].create({"name": "Inside"})
task, foreign = env["project.task"].create([
    {"name": "Design", "project_id": project.id},
    {"name": "Extra", "project_id": project.id, "partner_id": other.id},
])
Lines = env["account.analytic.line"]

def log(user, hours, **values):
    return Lines.with_user(user).create({
        "unit_amount": hours, "name": "Work", "date": "2026-03-02", **values}).sudo()

a = log(ann, 1.5, task_id=task.id)
b = log(bob, 2.0, task_id=task.id, name="/")
c = log(ann, 4.0, task_id=foreign.id)
d = log(ann, 8.0, project_id=inside.id)
own = log(ann, 0.5, billing_entry=True, partner_id=customer.id, name="Call")
theirs = log(bob, 0.25, billing_entry=True, partner_id=customer.id, name="Mail")
env.flush_all()
ours = a | b | c | d | own | theirs

def seen(user):
    found = Lines.with_user(user).search([("id", "in", ours.ids)])
    return sorted(line.unit_amount for line in found.sudo())

said = {
    "hours": sorted(
        (ours & Lines.search([("billing_is_hours", "=", True)])).mapped("unit_amount")),
    "customers": [line.partner_id.name for line in a | c | d],
    "ann": seen(ann), "bob": seen(bob), "paul": seen(plain), "clerk": seen(clerk),
    "customer waits for": customer.billing_unbilled_hours,
}

wizard = env["billing.timesheet.invoice"].with_user(clerk).create({
    "partner_ids": [(6, 0, (customer | other).ids)], "grouping": "task"})
wizard.action_create_invoices()
env.flush_all()
env.invalidate_all()
invoice, elsewhere = a.billing_move_id, c.billing_move_id
said["lines"] = [
    [line.name, line.quantity, line.price_unit]
    for line in invoice.invoice_line_ids.sorted("sequence")
]
said["other"] = [elsewhere.partner_id.name, elsewhere.amount_untaxed]
said["annex"] = [
    [row["hours"].billing_person, row["hours"]._get_billing_annex_text(), row["amount"]]
    for row in invoice._get_billing_hours_annex()
]
said["left"] = d.billing_state

def refused(work):
    try:
        with env.cr.savepoint():
            work()
    except AccessError:
        return "access"
    except UserError as error:
        return str(error)
    return "done"

anns, bobs = (line.with_user(ann).sudo(False) for line in (a, b))
said["change"] = refused(lambda: anns.write({"unit_amount": 9.0}))
said["other task"] = refused(lambda: anns.write({"task_id": foreign.id}))
said["someone else's"] = refused(lambda: bobs.write({"name": "Seen"}))
said["delete"] = refused(anns.unlink)
invoice.button_cancel()
said["change after"] = refused(lambda: anns.write({"unit_amount": 9.0}))
Lines.get_views([(env.ref("billing_crm.billing_hours_view_list").id, "list")])
print(json.dumps(said))
"""


@pytest.fixture
def said(tmp_path):
    """What became of the story in a database with Odoo's Timesheets."""
    ready = runtime.prepare()
    database = templates.create(ready, "e2e_timesheets", templates.shop())
    ready.install(database, ["hr_timesheet"])
    script = tmp_path / "story.py"
    script.write_text(STORY)
    result = subprocess.run(
        ready.script_command(database, script),
        env=ready.environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_entries_of_odoos_timesheets_are_billed(said):
    assert said["hours"] == [0.25, 0.5, 1.5, 2.0, 4.0, 8.0]
    assert said["customers"] == ["Customer", "Other", False]
    assert said["customer waits for"] == 4.25
    assert said["lines"] == [["Call", 0.5, 100.0], ["Design", 3.5, 100.0], ["Mail", 0.25, 100.0]]
    assert said["other"] == ["Other", 400.0]
    assert sorted(said["annex"]) == [
        ["Ann", "Call", 50.0],
        ["Ann", "Design: Work", 150.0],
        ["Bob", "Design", 200.0],
        ["Bob", "Mail", 25.0],
    ]
    assert said["left"] == "to_bill", "nobody is there to pay for it"
    # who sees what
    assert said["ann"] == [0.5, 1.5, 4.0, 8.0]
    assert said["bob"] == [0.25, 2.0]
    assert said["paul"] == []
    assert said["clerk"] == said["hours"]
    # billed hours stay as they are
    assert "cannot be changed" in said["change"]
    assert "cannot be changed" in said["other task"]
    assert said["someone else's"] == "access"
    assert "cannot be changed" in said["delete"]
    assert said["change after"] == "done"
