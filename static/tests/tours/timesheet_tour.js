import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_timesheet_tour", {
    steps: () => [
        { content: "Enter hours", trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_selected_row .o_field_widget[name=partner_id] input",
            run: "edit Tour Customer",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-item a:contains('Tour Customer'):not(:contains('Create'))",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Workshop",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=unit_amount] input",
            run: "edit 1:30",
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        {
            trigger: ".o_data_row:not(.o_selected_row):contains('Workshop'):contains('01:30')",
        },
        {
            trigger: ".o_data_row:contains('Workshop') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Bill what is selected",
            trigger: ".o_control_panel button:contains('Invoice Hours')",
            run: "click",
        },
        {
            content: "The preview says what it will be",
            trigger: ".modal .o_data_row:contains('1.50'):contains('150.00')",
        },
        {
            trigger: ".modal .modal-footer button[name=action_create_invoices]",
            run: "click",
        },
        {
            content: "The draft is of the right type, and leads to its hours",
            trigger: ".o_form_view .o_field_widget[name=billing_hour_count]:contains('1')",
        },
        { trigger: "button[name=action_post]", run: "click" },
        { trigger: ".o_arrow_button_current:contains('Posted')" },
        { trigger: "button[name=action_open_billing_hours]", run: "click" },
        {
            content: "The hours are billed",
            trigger: ".o_data_row:contains('Workshop'):contains('Billed')",
        },
    ],
});

registry.category("web_tour.tours").add("billing_own_hours_tour", {
    steps: () => [
        {
            content: "An employee finds no more than their hours",
            trigger: "body:not(:has(.o_menu_sections :contains('Receivables')))",
        },
        { content: "Enter hours", trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_selected_row .o_field_widget[name=partner_id] input",
            run: "edit Tour Customer",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-item a:contains('Tour Customer'):not(:contains('Create'))",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit On my own",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Tour Work",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Tour Work')",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=unit_amount] input",
            run: "edit 0:45",
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        {
            trigger:
                ".o_data_row:not(.o_selected_row):contains('On my own'):contains('00:45'):contains('To Bill')",
        },
    ],
});
