from . import billing_link
from . import portal_expense
