from .common import BillingCommon


class StatementCommon(BillingCommon):
    """Words for telling stories about statements of account."""

    def ask(self, kind="open", as_of=0, date_from=None, partner=None, **values):
        """What is asked for, of ``partner``, as of ``as_of`` days from today."""
        return self.statement(kind, as_of, date_from, partner, **values)._to_ask()

    def statement(self, kind="open", as_of=0, date_from=None, partner=None, **values):
        """A statement that nobody wrote down."""
        return (
            self.env["billing.statement"]
            .sudo()
            .new(
                {
                    "company_id": self.company.id,
                    "partner_id": (partner or self.partner_a).id,
                    "kind": kind,
                    "scope": "customer",
                    "date_from": None if date_from is None else self.day(date_from),
                    "date_to": self.day(as_of),
                    **values,
                }
            )
        )

    def blocks(self, *args, **values):
        """The blocks of a statement, by currency."""
        blocks = self.statement(*args, **values)._get_blocks()
        return {block["currency"].name: block for block in blocks}

    def block(self, *args, **values):
        """The only block of a statement."""
        [block] = self.statement(*args, **values)._get_blocks()
        return block

    def amounts(self, block, *names):
        return [tuple(row[name] for name in names) for row in block["rows"]]

    def credit_note(self, amount=30.0, on=0, partner=None, **values):
        return self._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            move_type="out_refund",
            partner_id=(partner or self.partner_a).id,
            invoice_date=self.day(on),
            post=True,
            **values,
        )
