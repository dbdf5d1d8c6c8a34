from odoo import api, models
from odoo.tools import SQL


class BillingFigureMixin(models.AbstractModel):
    """Figures that are never added up: of a group of rows they are formed anew, of its sums.

    The average of two customers' rates is nobody's rate.
    """

    _name = "billing.figure.mixin"
    _description = "Figures of Groups"

    # The field with the currency of the amounts that figures are formed of.
    _figure_currency = "currency_id"

    @api.model
    def _get_figure_formulas(self, column):
        """Return, as SQL, what each figure is for a group of rows, by the name of its field.

        :param column: a function that returns a column of this model by its name
        """
        return {}

    @api.model
    def _get_figure_fields(self):
        """Return the names of the fields that are figures."""
        return self._get_figure_formulas(SQL.identifier).keys()

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS 'base'
        fname, _separator, function = aggregate_spec.partition(":")
        if function != "avg" or fname not in self._get_figure_fields():
            return super()._read_group_select(aggregate_spec, query)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        # of companies with different currencies nothing can be said: their sums are no money
        return SQL(
            "CASE WHEN MIN(%(c)s) = MAX(%(c)s) THEN %(f)s END",
            c=column(self._figure_currency),
            f=self._get_figure_formulas(column)[fname],
        )

    @api.model
    def _get_read_group_order(self, dict_order, groupby, aggregates):
        # EXTENDS 'web': groups of which there is nothing to say come last, in either direction
        figures = self._get_figure_fields()
        dict_order = {
            fname: f"{direction} NULLS LAST"
            if fname in figures and "NULLS" not in direction
            else direction
            for fname, direction in dict_order.items()
        }
        return super()._get_read_group_order(dict_order, groupby, aggregates)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base': screens may group the figures, since the server forms them anew.
        # Odoo's export forms averages itself, so to it they have no aggregator.
        description = super().fields_get(allfields, attributes)
        if attributes is None or "aggregator" in attributes:
            for fname in description.keys() & self._get_figure_fields():
                description[fname]["aggregator"] = "avg"
        return description
