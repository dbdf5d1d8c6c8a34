import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_interim_tour", {
    steps: () => [
        {
            content: "From the opportunity to a plan",
            trigger: "button[name=action_new_billing_plan]",
            run: "click",
        },
        {
            content: "The expected revenue is what is split",
            trigger: ".o_field_widget[name=amount_missing]:contains('5,000.00')",
        },
        {
            content: "The first milestone",
            trigger: ".o_field_widget[name=milestone_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Foundations",
        },
        {
            content: "By hand",
            trigger: ".o_selected_row .o_field_widget[name=trigger] input",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o_select_menu_item:contains('By hand')",
            run: "click",
        },
        {
            content: "A percentage",
            trigger: ".o_selected_row .o_field_widget[name=percentage] input",
            run: "edit 30 && press Tab",
        },
        {
            content: "The amount follows",
            trigger: ".o_selected_row .o_field_widget[name=amount] input:value('1,500.00')",
        },
        {
            content: "The rest is offered",
            trigger: "button[name=action_add_rest]",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_data_row:eq(1) td[name=amount]:contains('3,500.00')",
        },
        {
            content: "When",
            trigger: ".o_data_row:eq(1) td[name=date]",
            run: "click",
        },
        {
            content: "A date",
            trigger: ".o_selected_row .o_field_widget[name=date] input",
            run: "edit 12/31/2035",
        },
        {
            content: "Agree",
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Invoice the first one",
            trigger: ".o_data_row:eq(0) button[name=action_invoice]",
            run: "click",
        },
        {
            content: "Post it",
            trigger: "button[name=action_post]",
            run: "click",
        },
        {
            content: "It is posted and leads back to the plan",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Posted')",
        },
        {
            content: "Back",
            trigger: "button[name=action_view_billing_plan]",
            run: "click",
        },
        {
            content: "The plan knows",
            trigger: ".o_data_row:eq(0) td[name=state]:contains('Invoiced')",
        },
    ],
});
