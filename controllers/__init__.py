from . import billing_link
from . import billing_link_payment
from . import portal_expense
from . import billing_link_proforma
from . import billing_trace
from . import portal_tracking
from . import billing_link_renewal
from . import billing_link_promise
