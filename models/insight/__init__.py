from . import billing_figure_mixin
from . import kpi
from . import prediction
from . import score
from . import backtest
from . import analysis
