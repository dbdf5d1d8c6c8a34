from . import billing_batch
from . import billing_batch_line
from . import billing_batch_draft
from . import billing_batch_run
from . import account_move
