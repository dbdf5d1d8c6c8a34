from odoo.addons.billing_crm.hooks import set_invoice_types
from odoo.api import SUPERUSER_ID, Environment


def migrate(cr, version):
    """Types became records: create them, and give every invoice its own."""
    set_invoice_types(Environment(cr, SUPERUSER_ID, {}))
