from odoo import api, models

# The buckets that columns are named after. Those with a number are bounds by their position: what
# "30" ends with is up to the company. It may have fewer of them.
BOUND_KEYS = ("30", "60", "90", "120", "150")
BUCKET_KEYS = ("current", *BOUND_KEYS, "old", "credit")


class BillingAgingMixin(models.AbstractModel):
    """Fields that are aging buckets bear the names of the buckets of the current company.

    All companies that are looked at together are aged by the buckets of the current one, or a
    column would add up what it does not say.
    """

    _name = "billing.aging.mixin"
    _description = "Aging Buckets"

    # The name of the field of each bucket but the credits: "amount_%s"
    _billing_bucket_field = None

    @api.model
    def _get_aging_buckets(self):
        """Return the buckets of the current company that are in use.

        :return: key -> label, in their order: current, those with an end, the one without, and
            the open credits, which have no age
        :rtype: dict[str, str]
        """
        bounds = self.sudo().env.company._get_billing_aging_bounds()
        firsts = [1, *(bound + 1 for bound in bounds)]
        return {
            "current": self.env._("Current"),
            **{
                key: self.env._("%(first)s-%(last)s", first=first, last=last)
                for key, first, last in zip(BOUND_KEYS, firsts, bounds, strict=False)
            },
            "old": self.env._("Over %(days)s", days=bounds[-1]),
            "credit": self.env._("Credits"),
        }

    @api.model
    def _get_bucket_fields(self):
        """Return the key of the bucket of each field that is one."""
        return {self._billing_bucket_field % key: key for key in BUCKET_KEYS}

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base'
        description = super().fields_get(allfields, attributes)
        buckets = self._get_aging_buckets()
        for fname, key in self._get_bucket_fields().items():
            field = description.get(fname, {})
            if key in buckets:
                changes = {"string": buckets[key]} if key != "credit" else {}
            else:
                changes = {"aggregator": None, "exportable": False, "searchable": False}
            field.update({name: value for name, value in changes.items() if name in field})
        return description

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base'
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, len(self._get_aging_buckets()))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base': without the columns of the buckets that are not in use
        arch, view = super()._get_view(view_id, view_type, **options)
        buckets = self._get_aging_buckets()
        for fname, key in self._get_bucket_fields().items():
            if key not in buckets:
                for node in arch.xpath(f"//field[@name='{fname}']"):
                    node.getparent().remove(node)
        return arch, view
