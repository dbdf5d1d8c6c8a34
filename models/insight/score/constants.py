"""What the score is made of. The same for every ledger; nothing else has a number in it.

Days are days late, negative when early. Points are those of the score, 0 to 100.
"""

from itertools import pairwise

from odoo.tools import SQL

# How many past payments at the company's own average every customer starts with. Three is what D&B
# asks for before it rates anyone: with fewer, the average of the house speaks louder than theirs.
PRIOR_PAYMENTS = 3

# A payment made this many days ago counts half of one made today: habits of the last half year
# outweigh older ones.
HALF_LIFE_DAYS = 180

# Payments older than two years do not count: they would weigh a sixteenth, and what is not needed
# any more is not to be used. It is what people are told, as are the months of history below.
HISTORY_DAYS = 730

# The score of each month is kept so long, the current month included.
HISTORY_MONTHS = 24

# Promises, disputes, mails that came back, and reminders count for a year, as on the worklist: long
# enough for a customer with yearly invoices, short enough to be forgiven.
FACTS_DAYS = 365

# The scale of Dun & Bradstreet's PAYDEX: days late on average -> score, straight lines between.
# Its ends are ours: nobody is better than 30 days early, or worse than half a year late.
PAYDEX = [
    (-30, 100),
    (-20, 90),
    (0, 80),
    (15, 70),
    (22, 60),
    (30, 50),
    (60, 40),
    (90, 30),
    (120, 20),
    (180, 0),
]

# Earlier is not better and later is not worse: the scale ends here. It also keeps one ancient debt,
# or a year paid in advance, from outweighing every payment since.
EARLIEST_DAYS = PAYDEX[0][0]
LATEST_DAYS = PAYDEX[-1][0]

# Lowest score of each grade. A pays on terms or up to a week late, E is three months behind.
GRADES = [("A", 75), ("B", 65), ("C", 50), ("D", 30), ("E", 0)]
POOR_GRADES = ("D", "E")

# Fewer payments and overdue invoices than this are little history (D&B's three again), fewer than
# that some.
LITTLE_HISTORY = 3
SOME_HISTORY = 10

# Little history is never a poor grade: what is known then is mostly how other customers pay.
LOWEST_WITH_LITTLE_HISTORY = dict(GRADES)["C"]

# A promise not kept: four points, what six days late cost from the due date on; two when it was
# kept in part. Each one that was kept makes up for a point. At most twelve, about a grade.
POINTS_BROKEN_PROMISE = 4
POINTS_PARTLY_KEPT = 2
POINTS_KEPT_PROMISE = 1
MOST_PROMISE_POINTS = 12

# A dispute that was looked into and rejected held up a payment for nothing. One that ended in the
# customer's favor, or that they withdrew, costs nothing. Less than a broken promise: they may have
# believed it.
POINTS_REJECTED_DISPUTE = 3
MOST_DISPUTE_POINTS = 9

# A day on which mails came back: it is rarely meant, but nobody can be asked there. Days are
# counted, because one wrong address sends many mails back at once.
POINTS_BOUNCE_DAY = 1
MOST_BOUNCE_POINTS = 3

# If every invoice needed three reminders or more: the work that goes beside the days late, which
# count already. In proportion for fewer invoices and fewer reminders; while there are few invoices,
# three without a reminder are added to them.
MOST_REMINDER_POINTS = 6
MOST_REMINDERS = 3

# A change of so many points within three months is a trend: a week late from the due date on. It
# has to be in what the customer did themselves, too: that others pay worse makes nobody slip.
TREND_POINTS = 5
TREND_MONTHS = 3

# So many times what a customer owes on average is much for somebody of whom little is known.
MUCH_OWED = 3


def delay_to_score(delay):
    """Return the PAYDEX scale as SQL: straight lines between its points, flat at the ends."""
    pieces = [SQL("WHEN %s <= %s THEN %s", delay, PAYDEX[0][0], PAYDEX[0][1])]
    for (days, score), (next_days, next_score) in pairwise(PAYDEX):
        slope = (next_score - score) / (next_days - days)
        pieces.append(
            SQL(
                "WHEN %s <= %s THEN %s + (%s - %s) * %s",
                delay,
                next_days,
                score,
                delay,
                days,
                slope,
            )
        )
    return SQL("CASE %s ELSE %s END", SQL(" ").join(pieces), PAYDEX[-1][1])


def score_to_grade(score):
    """Return the grade of a score as SQL."""
    pieces = [SQL("WHEN %s >= %s THEN %s", score, lowest, grade) for grade, lowest in GRADES]
    return SQL("CASE %s END", SQL(" ").join(pieces))
