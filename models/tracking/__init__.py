from . import billing_link_mixin
from . import billing_link
from . import billing_event
from . import account_move
from . import account_move_send
from . import mail_mail
from . import res_company
