import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const menu = (section, entry) => [
    {
        content: `Open ${section}`,
        trigger: `.o_menu_sections button:contains('${section}')`,
        run: "click",
    },
    {
        content: `Go to ${entry}`,
        trigger: `.o-dropdown--menu .dropdown-item:contains('${entry}')`,
        run: "click",
    },
];

const lookAtMessage = (trigger) => [
    {
        content: "Look at the message",
        trigger,
        run: "click",
    },
    {
        content: "It is the customer's",
        trigger: ".modal [name=email_to]:contains('Tour Customer')",
    },
    {
        content: "With the words of its level",
        trigger: ".modal [name=body] :iframe p:contains('according to our books')",
    },
    {
        content: "Close it",
        trigger: ".modal button:contains('Close')",
        run: "click",
    },
    {
        content: "It is closed",
        trigger: "body:not(:has(.modal))",
    },
];

// A ladder of one's own that asks first; what it would do; switched on.
registry.category("web_tour.tours").add("billing_switch_on_tour", {
    steps: () => [
        {
            content: "A new policy",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour ladder",
        },
        {
            content: "It asks first",
            trigger: "[name=mode] label:contains('Propose')",
            run: "click",
        },
        {
            content: "Add a level",
            trigger: "[name=level_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "What it is called",
            trigger: ".modal [name=name] input",
            run: "edit First word",
        },
        {
            content: "When it is reached",
            trigger: ".modal [name=delay_days] input",
            run: "edit 5",
        },
        {
            content: "Choose its words",
            trigger: ".modal [name=mail_template_id] input",
            run: "edit friendly",
        },
        {
            content: "These ones",
            trigger: ".ui-menu-item > a:contains('friendly reminder')",
            run: "click",
        },
        {
            content: "Keep the level",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The level is there",
            trigger: "[name=level_ids] .o_data_row:contains('First word')",
        },
        ...stepUtils.saveForm(),
        ...menu("Collections", "Preview"),
        {
            content: "It has a day",
            trigger: ".o_last_breadcrumb_item:contains('Until')",
        },
        {
            content: "Open the first day",
            trigger: ".o_group_header:first",
            run: "click",
        },
        {
            content: "It says whom, why and how",
            trigger:
                ".o_data_row:contains('Tour Customer'):contains('days overdue'):contains('E-mail')",
        },
        ...lookAtMessage(".o_data_row:contains('Tour Customer') button[name=action_show_message]"),
        ...menu("Configuration", "Settings"),
        {
            content: "Switch reminders on",
            trigger: "button[name=action_billing_reminders_on]",
            run: "click",
        },
        {
            content: "It says what each way to begin would do",
            trigger: ".modal .o_data_row:contains('By age')",
        },
        {
            content: "Begin by age",
            trigger: ".modal .o_field_radio label:contains('By age')",
            run: "click",
        },
        {
            content: "Switch on",
            trigger: ".modal button[name=action_switch_on]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Reminders are on",
            trigger: "button[name=action_billing_reminders_off]",
        },
    ],
});

// What was proposed is looked at, and approved.
registry.category("web_tour.tours").add("billing_approval_tour", {
    steps: () => [
        ...lookAtMessage(".o_data_row:contains('Tour Customer') button[name=action_show_message]"),
        {
            content: "Choose all of them",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve them",
            trigger: "button[name=action_approve]:contains('Approve')",
            run: "click",
        },
        {
            content: "It says so",
            trigger: ".o_notification:contains('Reminders approved: 1')",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_view_nocontent:contains('Nothing waits for you')",
        },
    ],
});

// The same on a phone, card by card.
registry.category("web_tour.tours").add("billing_approval_phone_tour", {
    steps: () => [
        ...lookAtMessage(".o_kanban_record:contains('Tour Customer') a[name=action_show_message]"),
        {
            content: "Approve it",
            trigger: ".o_kanban_record:contains('Tour Customer') a[name=action_approve]",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_view_nocontent:contains('Nothing waits for you')",
        },
    ],
});

registry.category("web_tour.tours").add("billing_preview_phone_tour", {
    steps: () => [
        {
            content: "Whom, why and how",
            trigger: ".o_kanban_record:contains('Tour Customer'):contains('days overdue')",
        },
        ...lookAtMessage(".o_kanban_record:contains('Tour Customer') a[name=action_show_message]"),
    ],
});
