"""Write every translatable term of the module to the file given."""

import sys
from pathlib import Path

from odoo.tools.translate import trans_export

[target] = sys.argv[1:]
with Path(target).open("wb") as file:
    trans_export(False, ["billing_crm"], file, "po", env)
