"""The demo company: who it is, its money, its bank, its people, and how it can be paid."""

from datetime import timedelta

from odoo import Command

LANGUAGES = ("de_DE", "fr_FR")
# Euros for a dollar, from the beginning of the history on: three months each.
RATES = (0.92, 0.93, 0.91, 0.90, 0.92, 0.91, 0.93)
USERS = {
    "clerk": ("Priya Raman", "billing_crm.group_billing_user"),
    "manager": ("Helen Brandt", "billing_crm.group_billing_manager"),
    "maya": ("Maya Lindqvist", "sales_team.group_sale_salesman"),
    "tom": ("Tom Okafor", "sales_team.group_sale_salesman"),
}
SALESPEOPLE = ("maya", "tom")


def set_up(env, today) -> None:
    company = env.company
    company.write(
        {
            "name": "Larkfield Workspaces",
            "street": "218 Harbor Street",
            "city": "Portland",
            "zip": "97204",
            "state_id": env.ref("base.state_us_38").id,
            "country_id": env.ref("base.us").id,
            "phone": "+1 503 555 0142",
            "email": "billing@larkfield.example",
            "website": "https://larkfield.example",
        }
    )
    _open_euro(env, company, today)
    company.partner_id.bank_ids = [
        Command.create(
            {
                "acc_number": "4821 0077 3915",
                "bank_id": env["res.bank"].create({"name": "First Harbor Bank"}).id,
                "allow_out_payment": True,
            }
        )
    ]
    for code in LANGUAGES:
        env["res.lang"]._activate_lang(code)
    modules = env["ir.module.module"].search([("state", "=", "installed")])
    modules._update_translations(list(LANGUAGES))
    provider = env["payment.provider"].search([("code", "=", "demo")], limit=1)
    provider.write({"state": "test", "is_published": True})


def create_users(env) -> dict:
    """Users by login; the password is the login, as everywhere in the demo."""
    users = {}
    for login, (name, group) in USERS.items():
        users[login] = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@larkfield.example",
                    "group_ids": [Command.link(env.ref(group).id)],
                }
            )
        )
    return users


def _open_euro(env, company, today) -> None:
    euro = env.ref("base.EUR")
    euro.active = True
    euro.rate_ids.filtered(lambda rate: rate.company_id == company).unlink()
    first = today - timedelta(days=600)
    env["res.currency.rate"].create(
        [
            {
                "currency_id": euro.id,
                "company_id": company.id,
                "name": first + timedelta(days=91 * quarter),
                "rate": rate,
            }
            for quarter, rate in enumerate(RATES)
        ]
    )
