"""A local mailbox: takes in every mail Odoo sends and shows it in the browser.

``message`` reads mails, ``sink`` receives them, ``store`` keeps them as .eml files, ``pages`` and
``web`` show them. Mails are hostile: whatever comes out of one is escaped or locked in a sandbox.
"""
