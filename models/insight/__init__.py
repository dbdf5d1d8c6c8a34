from . import billing_score
from . import kpi
