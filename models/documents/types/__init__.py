from . import billing_invoice_type
from . import billing_invoice_type_defaults
from . import billing_invoice_type_print
from . import account_invoice_report
from . import account_move
from . import account_move_sequence
from . import res_company
