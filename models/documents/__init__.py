# One folder for each kind of document; `types` first, the others know it.
from . import types
from . import batch
from . import adjustments
from . import proforma
from . import timesheet
from . import recurring
from . import expense
from . import interim
