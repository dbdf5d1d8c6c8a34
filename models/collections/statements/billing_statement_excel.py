import io
import re

import xlsxwriter
from odoo import models
from odoo.exceptions import UserError

# More do not fit into the address that asks for them.
MOST_SHEETS = 1000

# What Excel does not take in the name of a sheet, and how long that may be.
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
SHEET_NAME_LENGTH = 31


class BillingStatement(models.Model):
    """Statements as a workbook: an overview of all, and a sheet for each."""

    _inherit = "billing.statement"

    def action_excel(self):
        """Return these statements in one workbook.

        :raise UserError: if they are too many for one
        """
        self.check_access("read")
        if len(self) > MOST_SHEETS:
            raise UserError(
                self.env._("A workbook holds at most %s statements. Choose fewer.", MOST_SHEETS)
            )
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/billing/statements/xlsx?ids={ids}"}

    def _make_workbook(self):
        """Return the file, in the language of the context. Amounts are numbers, dates are dates.

        :rtype: bytes
        """
        file = io.BytesIO()
        # what is somebody's name or reference is never a formula
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            WorkbookWriter(book, self.env).fill(self._with_blocks())
        return file.getvalue()


class WorkbookWriter:
    """Writes statements into an `xlsxwriter.Workbook`."""

    def __init__(self, book, env):
        self.book = book
        self.env = env
        self.is_rtl = env["res.lang"]._get_data(code=env.lang or "en_US").direction == "rtl"
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.moneys = {}
        self.names = set()

    def fill(self, statements):
        writer = statements._get_writer()
        overview = self._add_sheet(self.env._("Overview")) if len(statements) > 1 else None
        if overview:
            labels = [
                self.env._("Customer"),
                self.env._("As of"),
                self.env._("Currency"),
                self.env._("Past due"),
                self.env._("Not due yet"),
                self.env._("Credits"),
                self.env._("Balance"),
            ]
            self._write_head(overview, 0, labels)
            overview.freeze_panes(1, 0)
        line = 1
        for statement in statements:
            blocks = statement._get_blocks()
            for block in blocks if overview else ():
                self._write_overview(overview, line, statement, block)
                line += 1
            self._write_statement(statement, blocks, writer)

    def _add_sheet(self, name):
        """Add a sheet whose name is ``name``, as far as Excel takes it and no other has it."""
        name = NOT_IN_SHEET_NAMES.sub(" ", name).strip() or "-"
        unique, count = name[:SHEET_NAME_LENGTH], 1
        while unique.lower() in self.names:
            count += 1
            unique = f"{name[: SHEET_NAME_LENGTH - len(str(count)) - 1]} {count}"
        self.names.add(unique.lower())
        sheet = self.book.add_worksheet(unique)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 12, 14)
        if self.is_rtl:
            sheet.right_to_left()
        return sheet

    def _money(self, currency, *, bold=False):
        key = currency.decimal_places, bold
        if key not in self.moneys:
            digits = "0" * currency.decimal_places
            self.moneys[key] = self.book.add_format(
                {"num_format": f"#,##0.{digits}" if digits else "#,##0", "bold": bold}
            )
        return self.moneys[key]

    def _write_head(self, sheet, line, labels):
        for column, label in enumerate(labels):
            sheet.write_string(line, column, label, self.head)

    def _write_date(self, sheet, line, column, day):
        if day:
            sheet.write_datetime(line, column, day, self.date)

    def _write_overview(self, sheet, line, statement, block):
        sheet.write_string(line, 0, (statement.contact_id or statement.partner_id).name or "")
        self._write_date(sheet, line, 1, statement.date_to)
        sheet.write_string(line, 2, block["currency"].name)
        amounts = [block[name] for name in ("overdue", "not_due", "credits", "closing")]
        self._write_amounts(sheet, line, 3, amounts, block["currency"])

    def _write_amounts(self, sheet, line, column, amounts, currency):
        for offset, amount in enumerate(amounts):
            sheet.write_number(line, column + offset, amount, self._money(currency))

    def _write_statement(self, statement, blocks, writer):
        partner = statement.contact_id or statement.partner_id
        sheet = self._add_sheet(partner.name or "")
        sheet.write_string(0, 0, self.env._("Statement of account"), self.bold)
        sheet.write_string(1, 0, partner.name or "")
        sheet.write_string(2, 0, statement.company_id.name)
        sheet.write_string(3, 0, self.env._("As of"))
        self._write_date(sheet, 3, 1, statement.date_to)
        line = 5
        for block in blocks:
            sheet.write_string(line, 0, block["currency"].name, self.bold)
            line = self._write_rows(sheet, line + 1, statement, block, writer)
            names = writer.get_buckets(statement.company_id)
            labels = [names[key] for key, _amount in block["buckets"]]
            amounts = [amount for _key, amount in block["buckets"]]
            self._write_head(sheet, line + 1, [*labels, self.env._("Balance")])
            amounts.append(block["closing"])
            self._write_amounts(sheet, line + 2, 0, amounts, block["currency"])
            line += 5

    def _write_rows(self, sheet, line, statement, block, writer):
        """Write the rows of a block from ``line`` on, and return the first line that is free."""
        is_activity = statement.kind == "activity"
        money = self._money(block["currency"])
        self._write_head(sheet, line, self._get_labels(is_activity))
        if is_activity:
            line += 1
            self._write_date(sheet, line, 0, statement.date_from)
            sheet.write_string(line, 1, self.env._("Balance brought forward"))
            sheet.write_number(line, 6, block["opening"], money)
        for row in block["rows"]:
            line += 1
            day = row["date"] if is_activity else row["invoice_date"] or row["date"]
            self._write_date(sheet, line, 0, day)
            sheet.write_string(line, 1, f"{writer.kind(row)} {row['name'] or ''}".strip())
            sheet.write_string(line, 2, row["ref"] or "")
            if row["kind"] == "invoice":
                self._write_date(sheet, line, 3, row["date_maturity"])
            amount = row["amount"]
            if not is_activity:
                sheet.write_number(line, 4, row["original"], money)
                sheet.write_number(line, 5, amount, money)
            elif amount:
                sheet.write_number(line, 4 if amount > 0 else 5, abs(amount), money)
            sheet.write_number(line, 6, row["balance"], money)
        line += 1
        sheet.write_string(line, 1, self.env._("Balance"), self.bold)
        sheet.write_number(line, 6, block["closing"], self._money(block["currency"], bold=True))
        return line + 1

    def _get_labels(self, is_activity):
        amounts = (
            [self.env._("Charges"), self.env._("Payments and credits")]
            if is_activity
            else [self.env._("Original"), self.env._("Open")]
        )
        return [
            self.env._("Date"),
            self.env._("Document"),
            self.env._("Reference"),
            self.env._("Due"),
            *amounts,
            self.env._("Balance"),
        ]
