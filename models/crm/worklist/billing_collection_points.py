from odoo import api, models
from odoo.tools import SQL

# Points for the amount: so many for each doubling of (1 + amount / median of the company). The
# customer in the middle has 10, one who owes three times as much 20, seven times 30. A logarithm,
# because ten small customers are lost if one large one is worth all of them together; against the
# company's own median, because 10,000 is much for a baker and little for a shipyard.
AMOUNT_POINTS = 10
# The largest gets no more than this: 31 times the median. Nobody is called only for being large.
AMOUNT_POINTS_MOST = 50

# Points for age, growing to this at 90 days: the older, the less of it is ever collected. After
# 90 days it is no longer more urgent from one day to the next.
AGE_POINTS = 20
AGE_DAYS = 90

# Points for a score of 0; none for 80, which is paying on time, or without a score. Who pays
# anyway need not be called.
SCORE_POINTS = 20
SCORE_ON_TIME = 80

# Points for each promise not kept, and for each invoice never read, up to three of each: what was
# written does not work, so somebody must speak with them. A promise weighs twice: it was an answer.
BROKEN_POINTS = 10
UNREAD_POINTS = 5
COUNTED_MOST = 3

# Points once so much of the credit limit (in percent) is used: they cannot order before they pay,
# and may want to.
LIMIT_POINTS = 10
LIMIT_NEARLY_USED = 90

# Points taken away if all that is overdue is promised, contested, paused, or in a plan; if half of
# it is, half of them. A pause is an order not to ask. A promise is to be waited for. A dispute
# needs an answer rather than a call. Who missed a part of a plan does pay, and may only be late.
PAUSED_POINTS = 80
PROMISED_POINTS = 60
DISPUTED_POINTS = 40
PLANNED_POINTS = 20

# Points taken away for each day that is missing to this many since the last contact: 30 for today,
# 20 for yesterday. A call on the day after a reminder annoys.
CONTACT_POINTS = 10
CONTACT_DAYS = 3


class BillingCollection(models.Model):
    """What a contact is worth today."""

    _inherit = "billing.collection"

    @api.model
    def _points_to_sql(self, as_of):
        """Return the points as SQL over the columns of ``known``; see `_upsert`.

        ``known.share_…`` are parts of what is overdue, 0 to 1; ``house.median`` is in the company's
        currency, as is ``known.amount``.
        """
        parts = [
            SQL(
                # LEAST leaves out what is NULL
                "LEAST(%s * COALESCE(log(2, 1 + known.amount / house.median), 0), %s)",
                AMOUNT_POINTS,
                AMOUNT_POINTS_MOST,
            ),
            SQL("%s * LEAST(known.oldest_days, %s) / %s.0", AGE_POINTS, AGE_DAYS, AGE_DAYS),
            SQL(
                "%s * GREATEST(%s - known.score, 0) / %s.0",
                SCORE_POINTS,
                SCORE_ON_TIME,
                SCORE_ON_TIME,
            ),
            SQL("%s * LEAST(known.broken_count, %s)", BROKEN_POINTS, COUNTED_MOST),
            SQL("%s * LEAST(known.unread_count, %s)", UNREAD_POINTS, COUNTED_MOST),
            SQL(
                "CASE WHEN known.limit_used >= %s THEN %s ELSE 0 END",
                LIMIT_NEARLY_USED,
                LIMIT_POINTS,
            ),
            SQL("- %s * known.share_paused", PAUSED_POINTS),
            SQL("- %s * known.share_promised", PROMISED_POINTS),
            SQL("- %s * known.share_disputed", DISPUTED_POINTS),
            SQL("- %s * known.share_planned", PLANNED_POINTS),
            SQL(
                "- %s * GREATEST(%s - (%s - known.last_contact_on::date), 0)",
                CONTACT_POINTS,
                CONTACT_DAYS,
                as_of,
            ),
        ]
        total = SQL(" + ").join(SQL("COALESCE(%s, 0)", part) for part in parts)
        return SQL("CASE WHEN known.overdue = 0 THEN 0 ELSE GREATEST(round(%s), 0)::int END", total)
