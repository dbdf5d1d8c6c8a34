from . import billing_score
