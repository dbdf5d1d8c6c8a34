from . import billing_analysis_mixin
from . import billing_analysis_origin
from . import billing_payment_analysis
from . import billing_sales_analysis
from . import billing_sales_cost
from . import billing_sales_time
