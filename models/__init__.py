# In the order of the house: each package may know those above it, never those below.
from . import documents
from . import tracking
from . import collections
from . import insight
from . import crm
