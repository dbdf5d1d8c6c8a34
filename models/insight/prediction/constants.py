"""The numbers that a prediction rests on. They are the same for every ledger.

They were chosen on the earlier part of one real ledger (invoices 30 to 70 % by date; CONTRIBUTING
says how), and most of them hardly matter: half or twice of each changes the accuracy by less than
the difference between two months.
"""

from ..score import constants as score

# A payment half a year old counts half, and one older than two years not at all, as for the score.
# A shorter or a longer memory predicted neither better nor worse.
HALF_LIFE_DAYS = score.HALF_LIFE_DAYS
HISTORY_DAYS = score.HISTORY_DAYS

# So many payments at the company's own average every customer starts with. More than two pulls good
# and bad payers together and makes each forecast too timid, less makes one payment a verdict.
PRIOR_PAYMENTS = 2

# The company's average is that of its last three months, or of its last hundred payments where
# those took longer: recent enough to follow a crisis, enough to have an average at all.
HOUSE_DAYS = 90
HOUSE_PAYMENTS = 100

# A weekday on which less than this share of all payments arrives (an even share is 14 %) is one on
# which banks do not work. Known when there were payments on so many days (six weeks of five); until
# then every day counts.
QUIET_WEEKDAY_SHARE = 0.03
PAYMENT_DAYS_KNOWN = 30

# The company's average tells delays apart by the day from two weeks early to five weeks late, by
# weeks beyond: the many customers it is added to would otherwise take twice as long.
EXACT_DELAYS = (-10, 25)
ROUGH_STEP = 5

# Before a company has been paid at all: one payment on the due date and one a week late.
UNKNOWN_DELAYS = [(0, 1), (5, 1)]

# A hundredth of a payment at each of these banking days late, from none to three years, each about
# twice the one before: what is later than anything known may take as long again.
TAIL_DELAYS = [(delay, 0.01) for delay in (0, 5, 10, 22, 44, 88, 175, 350, 700)]

# An invoice that is overdue and still open will be later than it is now: it counts as paid when it
# is twice as late. Like a payment, it counts half when it has been due for HALF_LIFE_DAYS.
STILL_OPEN_FACTOR = 2

# The range leaves out a tenth at each end.
RANGE = 0.8

# Payments on the same day are one step of the distribution, and a range can only begin before or
# after a whole step. This part of the step counts as inside: with all of it, a range of 80 % held
# 89 % of the payments, since a third of them come on one and the same day.
STEP_INSIDE = 0.4

# What "more than 30 days late" means for `late30_probability`, in calendar days.
VERY_LATE_DAYS = 30
