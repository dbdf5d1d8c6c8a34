from . import billing_past_due
from . import billing_past_due_content
from . import billing_past_due_print
from . import billing_past_due_send
from . import account_move
from . import billing_reminder
from . import ir_actions_report
from . import res_partner
