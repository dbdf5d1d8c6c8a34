"""Reminders of the last weeks, as the nightly job would have sent them; tonight it takes over."""

from datetime import datetime, time, timedelta

from .sales import pay

DAYS_AGO = (29, 22, 15, 8)

# Somebody must have no address, or the list of failures stays empty.
WITHOUT_ADDRESS = "Fernbrook Landscape Design"

# One in so many pays within days, or there would be nothing to see of what reminders collect.
PAYS_ONE_IN = 4


def send_past(env, today) -> None:
    company = env.company
    company.billing_reminders_enabled = True
    lost = env["res.partner"].search([("name", "=", WITHOUT_ADDRESS)])
    (lost | lost.child_ids).email = False
    for days in DAYS_AGO:
        day = today - timedelta(days=days)
        sent_on = datetime.combine(day, time(6, 0))
        reminders = env["billing.reminder"].with_context(billing_as_of=day)._plan(company)
        for index, reminder in enumerate(reminders):
            recipient = reminder._get_recipient()
            if not recipient.email:
                reminder.unlink()
                continue
            reminder.write({"state": "sent", "sent_on": sent_on})
            env["billing.event"]._log(
                reminder.item_ids.move_id,
                "reminded",
                date=sent_on,
                recipient_id=recipient.id,
                note=reminder.level_id.name,
            )
            if index % PAYS_ONE_IN == 0:
                _pay(reminder, day + timedelta(days=2 + index % 5))


def _pay(reminder, day) -> None:
    for item in reminder.item_ids:
        pay(item.move_id, day, item.line_id.amount_residual_currency)
