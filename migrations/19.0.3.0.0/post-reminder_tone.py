from odoo.tools import SQL

TONES = {"reminder_level_2": "firm", "reminder_level_3": "final"}


def migrate(cr, version):
    """Levels have a tone now; those that came with the module get the one their texts have."""
    for name, tone in TONES.items():
        cr.execute(
            SQL(
                """
                UPDATE billing_reminder_level level
                   SET tone = %s
                  FROM ir_model_data data
                 WHERE data.module = 'billing_crm' AND data.name = %s
                   AND data.model = 'billing.reminder.level' AND data.res_id = level.id
                """,
                tone,
                name,
            )
        )
