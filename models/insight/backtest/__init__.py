from . import billing_backtest
from . import billing_backtest_replay
from . import billing_backtest_run
from . import billing_backtest_bin
from . import billing_backtest_point
from . import billing_backtest_line
from . import res_partner
