from odoo.tools import SQL


def migrate(cr, version):
    """Reminders are worked through every hour, for the working hours of customers elsewhere."""
    cr.execute(
        SQL(
            """
            UPDATE ir_cron SET interval_number = 1, interval_type = 'hours'
             WHERE id = (SELECT res_id FROM ir_model_data
                          WHERE module = 'billing_crm' AND name = 'ir_cron_remind')
               AND interval_type = 'days' AND interval_number = 1
            """
        )
    )
