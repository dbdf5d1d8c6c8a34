from . import kpi
from . import score
