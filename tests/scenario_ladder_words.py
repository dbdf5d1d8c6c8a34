"""The words of the stories in `scenarios/` that speak of the ladder and its messages."""

from odoo import fields

from .scenario_words import MESSAGE, Words


class LadderWords(Words):
    """How the ladder stands, what is set by hand, and what goes out."""

    def set_levels(self, policy, days):
        """Give a policy one level for each of these days."""
        template = self.env.ref("billing_crm.mail_template_reminder_1").id
        policy.level_ids = [fields.Command.clear()] + [
            fields.Command.create(
                {"name": f"Day {day}", "delay_days": int(day), "mail_template_id": template}
            )
            for day in days
        ]

    def do_ladder(self, *days):
        self.set_levels(self.policies["default"], days)

    def do_other(self, _ladder, *days):
        self.policies["other"] = self.policies["default"].copy(
            {"name": "Other", "applies": "chosen", "level_ids": False}
        )
        self.set_levels(self.policies["other"], days)

    def do_switch(self, name, _to, policy):
        self.people[name].billing_reminder_policy_id = (
            policy != "default" and self.policies[policy].id
        )

    def do_set(self, field, value):
        policy = self.policies["default"]
        kind = policy._fields[field].type
        if kind in ("integer", "float", "monetary"):
            value = float(value)
        elif kind == "boolean":
            value = value == "yes"
        policy[field] = value

    def do_mode(self, name, mode):
        self.people[name].billing_reminder_mode = mode

    # by hand

    def change(self, name, kind, **values):
        record = self.people.get(name) or self.documents[name]
        self.env["billing.reminder.change.wizard"].with_context(
            active_model=record._name, active_id=record.id
        ).create({"kind": kind, "reason": "By hand", **values}).action_apply()

    def do_next(self, name, days, again=None):
        levels = self.policies["default"].level_ids
        level = levels.filtered(lambda level: level.delay_days == int(days))
        self.change(name, "next", level_id=level.id, repeat=bool(again))

    def do_skip(self, name):
        self.change(name, "skip")

    def do_restart(self, name):
        self.change(name, "restart")

    # messages

    def do_plan(self, _at=None, company="ours"):
        """Decide only; the messages wait."""
        company = self.companies[company]
        reminder = self.env["billing.reminder"].sudo().with_company(company)
        self.outcome = reminder._plan(company)

    def do_send(self):
        """Send what waits; the mail server takes everything."""
        reminder = self.env["billing.reminder"].sudo()
        waiting = reminder.search(reminder._get_sendable_domain())
        reminder._wait_for_hours([("id", "in", waiting.ids)])
        sendable = waiting.filtered_domain(reminder._get_sendable_domain())
        sendable._send_or_fail()
        for sent in sendable.filtered(lambda one: one.state == "queued"):
            sent._billing_log_delivery(sent._get_recipient(), None, delivered=True, reason=False)
        self.outcome |= sendable

    def do_run(self, *where):
        self.do_plan(*where)
        self.do_send()

    def describe(self, reminder):
        """Say of a reminder what a line of a story says, as a tuple."""
        names = {move: name for name, move in self.documents.items()}
        climbing = reminder.item_ids.filtered("is_advance") or (
            reminder.item_ids if reminder.state == "cancelled" else reminder.item_ids.browse()
        )
        listed = reminder.item_ids - climbing
        people = {partner: name for name, partner in self.people.items()}
        return (
            people[reminder.partner_id],
            reminder.level_id.delay_days,
            f"{reminder.amount:.2f}",
            reminder.currency_id.name,
            sorted({names[move] for move in climbing.move_id}),
            sorted({names[move] for move in listed.move_id - climbing.move_id}),
            reminder.state,
        )

    def expect(self, line):
        """Return what a line that begins with ``>`` expects."""
        found = MESSAGE.match(line)
        if not found:
            raise ValueError(f"Not understood: {line}")

        def names(text):
            return sorted(name.strip() for name in text.split(",")) if text else []

        return (
            found["partner"],
            int(found["rung"]),
            found["amount"],
            found["currency"] or self.company.currency_id.name,
            names(found["climb"]),
            names(found["listed"]),
            found["state"] or "sent",
        )
