"""What a developer runs. Nothing in here is imported by the Odoo module or shipped with it."""
