from . import res_company
from . import res_config_settings
from . import billing_aging_mixin
from . import billing_receivable
