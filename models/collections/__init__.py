from . import billing_receivable
from . import billing_settlement
from . import billing_reminder_policy
from . import billing_reminder_level
from . import billing_reminder
from . import billing_reminder_item
from . import res_company
from . import res_config_settings
