from . import billing_timeline
from . import billing_timeline_sources
from . import billing_timeline_text
from . import account_move
from . import res_partner
from . import worklist
from . import billing_timeline_promises
