from . import account_move_relation
from . import account_move_credit
from . import account_move_line
from . import account_move_mixed
from . import account_move_print
