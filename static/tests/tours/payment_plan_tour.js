import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_payment_plan_tour", {
    steps: () => [
        {
            content: "What can be done with a customer",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "A payment plan",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Payment Plan')",
            run: "click",
        },
        {
            content: "All that is owed is offered",
            trigger: ".modal .o_field_widget[name=amount_open]:contains('300.00')",
        },
        {
            content: "Four installments",
            trigger: ".modal .o_field_widget[name=count] input",
            run: "edit 4",
        },
        {
            content: "Leave the field",
            trigger: ".modal .modal-header",
            run: "click",
        },
        {
            content: "It says what they will be",
            trigger:
                ".modal .o_field_widget[name=summary]:contains('4 installments'):contains('75.00')",
        },
        {
            content: "Make it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The draft shows the installments",
            trigger: ".o_field_widget[name=line_ids] td[name=amount]:contains('75.00')",
        },
        {
            content: "Agree",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "It is in force, and can be sent",
            trigger: ".o_statusbar_buttons button[name=action_send]",
        },
        {
            content: "The installments are to come",
            trigger: ".o_field_widget[name=line_ids] td[name=status]:contains('To Come')",
        },
        {
            content: "The open items have the plan's dates",
            trigger: "button[name=action_view_receivables]",
            run: "click",
        },
        {
            content: "Nothing is overdue",
            trigger: ".o_list_view .o_group_header:contains('300.00')",
        },
    ],
});

registry.category("web_tour.tours").add("billing_payment_plan_phone_tour", {
    steps: () => [
        {
            content: "What can be done with this invoice",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "A payment plan",
            trigger: ".o-dropdown-item:contains('Payment Plan')",
            run: "click",
        },
        {
            content: "It is offered in installments",
            trigger: ".modal .o_field_widget[name=summary]:contains('6 installments')",
        },
        {
            content: "Make it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The installments are cards",
            trigger: ".o_field_widget[name=line_ids] .o_kanban_record:contains('50.00')",
        },
    ],
});
