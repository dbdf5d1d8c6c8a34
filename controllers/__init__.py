from . import billing_link
