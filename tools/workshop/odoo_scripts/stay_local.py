"""Keep everything on this machine: mail goes to the given port, nobody phones home.

Arguments: the server's address and the port of the local mailbox. Can be run again and again.
"""

import sys

url, smtp_port = sys.argv[1:]

servers = env["ir.mail_server"].with_context(active_test=False).search([])
mailbox = servers.filtered(lambda server: server.name == "Local mailbox")
if not mailbox:
    mailbox = env["ir.mail_server"].create({"name": "Local mailbox", "smtp_host": "127.0.0.1"})
(servers - mailbox).active = False
mailbox.write(
    {
        "active": True,
        "smtp_host": "127.0.0.1",
        "smtp_port": int(smtp_port),
        "smtp_encryption": "none",
        "smtp_authentication": "login",
        "smtp_user": False,
        "from_filter": False,
    }
)

parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", url)
parameters.set_param("web.base.url.freeze", "True")
parameters.set_param("report.url", url)

for xmlid in (
    "mail.ir_cron_module_update_notification",
    "mail.ir_cron_web_push_notification",
    "crm_iap_enrich.ir_cron_lead_enrichment",
    "sms.ir_cron_sms_scheduler_action",
    "snailmail.snailmail_print",
):
    cron = env.ref(xmlid, raise_if_not_found=False)
    if cron:
        cron.active = False
