from . import billing_timeline
from . import res_partner
