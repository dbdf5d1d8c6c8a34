from . import kpi
from . import prediction
from . import score
from . import backtest
