import { registry } from "@web/core/registry";

// What was owed on another day, from the list that shows today's, and back to the document.
registry.category("web_tour.tours").add("billing_aging_tour", {
    steps: () => [
        {
            content: "Today the customer owes what is not paid",
            trigger: ".o_group_header:contains('Tour Late'):contains('300.00')",
        },
        {
            content: "Ask for another day",
            trigger: "button[name=action_choose_date]",
            run: "click",
        },
        {
            content: "One before the payment",
            trigger: ".modal .o_field_widget[name=date] input",
            run: "edit 02/28/2025 && press Tab",
        },
        {
            content: "By invoice date",
            trigger: ".modal [name=aging_by] input[data-value=invoice]",
            run: "click",
        },
        {
            content: "Show it",
            trigger: ".modal button[name=action_show]",
            run: "click",
        },
        {
            content: "The title says what is shown",
            trigger: ".o_last_breadcrumb_item:contains('by Invoice Date, 02/28/2025')",
        },
        {
            content: "All was open then",
            trigger: ".o_group_header:contains('Tour Late'):contains('500.00')",
            run: "click",
        },
        {
            content: "49 days old, and not to be acted upon here",
            trigger:
                ".o_data_row:contains('49'):contains('500.00'):not(:has(button[name=action_dispute]))",
        },
        {
            content: "In a pivot",
            trigger: "button.o_pivot",
            run: "click",
        },
        {
            content: "Its columns are the buckets",
            trigger: ".o_pivot th:contains('31-60')",
        },
        {
            content: "A cell leads to its items",
            trigger: ".o_pivot td.o_pivot_cell_value:contains('500.00'):first",
            run: "click",
        },
        {
            content: "They are those of that day",
            trigger: ".o_list_view .o_group_header:contains('Tour Late'):contains('500.00')",
            run: "click",
        },
        {
            content: "Open the document",
            trigger: ".o_list_view .o_data_row:contains('500.00') td[name=move_id]",
            run: "click",
        },
        {
            content: "The document is today's",
            trigger: ".o_form_view .o_field_widget[name=amount_residual]:contains('300.00')",
        },
    ],
});
