"""Give the main company what it takes to invoice and be paid.

A chart of accounts, an address to send mail from, and the demo payment provider.
"""

company = env.ref("base.main_company")
if not company.chart_template:
    company.country_id = company.country_id or env.ref("base.us")
    env["account.chart.template"].try_loading("generic_coa", company=company)
company.email = company.email or "billing@example.com"
provider = env["payment.provider"].search([("code", "=", "demo")], limit=1)
provider.write({"state": "test", "is_published": True})
