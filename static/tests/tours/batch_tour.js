import { registry } from "@web/core/registry";

// Two customers are chosen in the list, invoiced, and put on the list to be posted and sent.
registry.category("web_tour.tours").add("billing_batch_tour", {
    steps: () => [
        {
            content: "Choose a first customer",
            trigger: ".o_data_row:contains('Tour Customer A') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Choose a second customer",
            trigger: ".o_data_row:contains('Tour Customer B') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the Actions menu",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Choose to invoice them",
            trigger: ".o-dropdown-item:contains('Create Invoices')",
            run: "click",
        },
        {
            content: "The wizard counts them",
            trigger: ".modal .alert-info:contains('2')",
        },
        {
            content: "Add a line",
            trigger: ".modal .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Describe it",
            trigger: ".modal .o_selected_row [name=name] textarea",
            run: "edit Membership",
        },
        {
            content: "Price it",
            trigger: ".modal .o_selected_row [name=price_unit] input",
            run: "edit 120 && press Tab",
        },
        {
            content: "It is worth that much",
            trigger: ".modal .o_field_widget[name=amount_untaxed]:contains('120.00')",
        },
        {
            content: "Create the drafts",
            trigger: ".modal button[name=action_create]",
            run: "click",
        },
        {
            content: "Both are done",
            trigger: ".o_form_view .o_field_widget[name=done_count]:contains('2')",
        },
        {
            content: "Post and send them",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "They wait for the background job",
            trigger: ".o_form_view .o_field_widget[name=waiting_count]:contains('2')",
        },
        {
            content: "See how far it is",
            trigger: "button[name=action_refresh]",
            run: "click",
        },
        {
            content: "Still there",
            trigger: ".o_arrow_button_current:contains('Waiting')",
        },
    ],
});
