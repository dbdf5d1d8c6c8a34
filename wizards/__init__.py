from . import batch_create
from . import batch_create_line
