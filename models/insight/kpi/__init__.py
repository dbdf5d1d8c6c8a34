from . import billing_kpi
from . import billing_kpi_refresh
from . import billing_kpi_figure
