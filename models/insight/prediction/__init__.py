from . import account_move
from . import billing_prediction
from . import billing_prediction_refresh
from . import billing_score
