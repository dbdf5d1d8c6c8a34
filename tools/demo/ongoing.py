"""Work that is billed as it goes on: estimates, hours, expenses, projects, subscriptions."""

import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import Command
from PIL import Image, ImageDraw, ImageFont

HOURS = (
    ("First floor: desks and walkways", 3.5, 40),
    ("Call about power and data", 0.75, 38),
    ("Second floor: meeting rooms", 5.25, 33),
    ("Acoustics: measuring", 2.0, 12),
    ("Acoustics: proposal", 4.5, 9),
    ("Site visit", 1.5, 4),
)


def proformas(env, today, partners) -> None:
    """A draft, one sent, one declined, one accepted, and one that is invoiced in part."""
    items = [("Task chair Fjord, graphite", 264), ("Delivery and assembly", 25)]
    chairs = (12, 30, 6, 18, 12)
    draft, sent, declined, accepted, invoiced = env["billing.proforma"].create(
        [
            {
                "partner_id": partner.id,
                "date": today - timedelta(days=days),
                "line_ids": [
                    Command.create(
                        {
                            "name": text,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for text, price in items
                ],
            }
            for partner, days, quantity in zip(partners[:5], (0, 6, 19, 9, 30), chairs, strict=True)
        ]
    )
    assert draft
    for proforma in sent | declined | accepted | invoiced:
        proforma._mark_sent()
    declined._answer("declined", declined.partner_id.name, "We have decided to lease.")
    for proforma in accepted | invoiced:
        proforma._answer("accepted", proforma.partner_id.name)
    wizard = env["billing.proforma.invoice"].create(
        {"proforma_id": invoiced.id, "mode": "quantities"}
    )
    for line in wizard.line_ids:
        line.quantity = 8
    invoice = env["account.move"].browse(wizard.action_create_invoice()["res_id"])
    invoice.invoice_date = today - timedelta(days=11)
    invoice._post(soft=False)


def hours(env, today, partner, people) -> None:
    """Hours of two people; those of last month are billed, the others wait."""
    env["billing.hourly.rate"].create({"company_id": env.company.id, "rate": 95})
    env["account.analytic.line"].create(
        [
            {
                "billing_entry": True,
                "company_id": env.company.id,
                "date": today - timedelta(days=days),
                "user_id": people[number % 2].id,
                "partner_id": partner.id,
                "name": text,
                "unit_amount": spent,
            }
            for number, (text, spent, days) in enumerate(HOURS)
        ]
    )
    action = (
        env["billing.timesheet.invoice"]
        .create(
            {
                "company_id": env.company.id,
                "partner_ids": [Command.set(partner.ids)],
                "date_to": today - timedelta(days=20),
            }
        )
        .action_create_invoices()
    )
    invoice = env["account.move"].browse(action["res_id"])
    invoice.invoice_date = today - timedelta(days=15)
    invoice._post(soft=False)


def expenses(env, today, client) -> None:
    """A subcontractor's report that is approved and waits for the client's next invoice, and one
    that nobody has decided about; a receipt is missing there."""
    worker = env["res.partner"].create(
        {"name": "Nadia Ferro, Interiors", "email": "nadia@ferro-interiors.example"}
    )
    client.billing_expense_markup = 10
    travel = env.ref("billing_crm.expense_category_travel")
    reports = env["billing.expense.report"].create(
        [
            {
                "description": text,
                "partner_id": worker.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "date": today - timedelta(days=days),
                            "product_id": travel.id,
                            "client_id": client.id,
                            "total_amount_currency": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for name, amount, days in items
                ],
            }
            for text, items in (
                ("Measuring in Seattle", (("Train", 118, 14), ("Hotel, one night", 164, 13))),
                ("Showroom visit", (("Parking", 24, 3), ("Samples", 61.5, 3))),
            )
        ]
    )
    for line in reports.line_ids[:-1]:
        line.receipt_ids = env["ir.attachment"].create(
            {"name": f"{line.name}.png", "raw": _receipt(line), "mimetype": "image/png"}
        )
    for report in reports:
        report.action_submit()
    reports[0].action_approve()


def _receipt(line) -> bytes:
    """A paper slip with what was paid."""
    image = Image.new("RGB", (420, 300), "white")
    pen = ImageDraw.Draw(image)
    text = f"{line.name}\n{line.date}\n\nTotal  {line.total_amount_currency:.2f}\n\nThank you"
    pen.text((40, 40), text, font=ImageFont.load_default(34), fill=(60, 60, 60), spacing=10)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def projects(env, today, partner) -> None:
    """A fit-out in three steps: the first is billed, the second is due by date, the third waits."""
    plan = env["billing.milestone.plan"].create(
        {
            "partner_id": partner.id,
            "date": today - timedelta(days=11),
            "line_ids": [
                Command.create(
                    {
                        "name": "Fit-out of the second floor",
                        "price_unit": 24000,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
            "milestone_ids": [
                Command.create({"name": name, "percentage": share, "sequence": number, **trigger})
                for number, (name, share, trigger) in enumerate(
                    (
                        ("Order", 30, {"trigger": "manual"}),
                        (
                            "Delivery",
                            40,
                            {"trigger": "date", "date": today + timedelta(days=12)},
                        ),
                        ("Handover", 30, {"trigger": "done"}),
                    ),
                    start=1,
                )
            ],
        }
    )
    plan.action_confirm()
    invoice = plan.milestone_ids[0]._invoice()
    if invoice.state == "draft":
        invoice.invoice_date = today - timedelta(days=8)
        invoice._post(soft=False)


def subscriptions(env, today, partners) -> None:
    """Rental by the month and care by the quarter, with the bills of the last months."""
    first = today.replace(day=1)
    for partner, name, price, months, text in (
        (partners[0], "Furniture rental", 385, 1, "Furniture rental, {month} {year}"),
        (partners[1], "Chair rental", 140, 1, "Twenty chairs, {month} {year}"),
        (partners[2], "Care contract", 320, 3, "Maintenance and cleaning"),
    ):
        start = first - relativedelta(months=4)
        series = env["billing.recurring"].create(
            {
                "name": name,
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "date_start": start,
                "interval_number": months,
                "line_ids": [
                    Command.create(
                        {"name": text, "price_unit": price, "tax_ids": [Command.clear()]}
                    )
                ],
            }
        )
        series.state = "running"
        while series.next_date <= today:
            series._bill(series.next_date)
    series._pause(False, "skip")
