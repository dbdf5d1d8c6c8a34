import { registry } from "@web/core/registry";

// Cash runs short: what would close the gap, and what next week consists of.
registry.category("web_tour.tours").add("billing_forecast_tour", {
    steps: () => [
        {
            content: "The forecast warns",
            trigger: ".alert:contains('less than the minimum')",
        },
        {
            content: "This week is at a glance",
            trigger: ".o_field_widget[name=period_ids] .o_data_row:contains('This week')",
        },
        {
            content: "And so is what came in",
            trigger: ".o_field_widget[name=snapshot_ids] .o_data_row",
        },
        {
            content: "Which receivables would help?",
            trigger: "button[name=action_open_gap_items]",
            run: "click",
        },
        {
            content: "The one that is expected later",
            trigger: ".o_list_view .o_data_row:contains('Tour Late'):contains('800.00')",
        },
        {
            content: "Back",
            trigger: ".o_breadcrumb .breadcrumb-item a:contains('Cash Forecast')",
            run: "click",
        },
        {
            content: "What is this week made of?",
            trigger:
                ".o_field_widget[name=period_ids] .o_data_row:contains('This week') button[name=action_open]",
            run: "click",
        },
        {
            content: "Amounts, with what they count for",
            trigger: ".o_list_view th[data-name=period_amount]",
        },
        {
            content: "The rent",
            trigger: ".o_list_view .o_data_row:contains('Tour rent') td[name=name]",
            run: "click",
        },
        {
            content: "Leads to where it was planned",
            trigger: ".o_form_view .o_field_widget[name=next_date]",
        },
    ],
});
