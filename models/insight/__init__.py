from . import billing_figure_mixin
from . import kpi
from . import score
from . import prediction
from . import backtest
from . import analysis
from . import forecast
