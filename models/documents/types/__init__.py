from . import billing_invoice_type
from . import account_move
from . import account_move_sequence
from . import res_company
