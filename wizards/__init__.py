from . import batch_create
from . import batch_create_line
from . import adjustments_account_debit_note
from . import adjustments_account_move_reversal
from . import proforma_invoice
from . import timesheet_invoice
from . import timesheet_invoice_line
