import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// A series, from New over its preview to its first bill and a raise of its price.
registry.category("web_tour.tours").add("billing_recurring_tour", {
    steps: () => [
        {
            content: "New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Say what is billed",
            trigger: "[name=name] input",
            run: "edit Hosting",
        },
        {
            content: "Choose the customer",
            trigger: "[name=partner_id] input",
            run: "edit Tour Customer",
        },
        {
            content: "It is this one",
            trigger: ".ui-menu-item > a:contains('Tour Customer')",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: "[name=line_ids] .o_field_x2many_list_row_add a:contains('Add a line')",
            run: "click",
        },
        {
            content: "Describe it",
            trigger: "[name=line_ids] .o_selected_row [name=name] textarea",
            run: "edit Hosting {period}",
        },
        {
            content: "Price it",
            trigger: "[name=line_ids] .o_selected_row [name=price_unit] input",
            run: "edit 80 && click body",
        },
        {
            content: "It is there",
            trigger: "[name=line_ids] .o_data_row:contains('Hosting'):not(.o_selected_row)",
        },
        {
            content: "See what will be billed",
            trigger: ".nav-link[name=preview]",
            run: "click",
        },
        {
            content: "There are twelve bills",
            trigger: "[name=preview] tbody tr:nth-child(12):contains('80.00')",
        },
        ...stepUtils.saveForm(),
        {
            content: "Start",
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "Bill the first period",
            trigger: "button[name=action_bill_now]",
            run: "click",
        },
        {
            content: "The bill is posted",
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
        {
            content: "Back to the series",
            trigger: "button[name=action_view_billing_recurring]",
            run: "click",
        },
        {
            content: "The period is billed",
            trigger: ".nav-link[name=periods]",
            run: "click",
        },
        {
            content: "It says so",
            trigger: "[name=period_ids] .o_data_row:contains('INV/'):contains('Billed')",
        },
        {
            content: "Raise the price",
            trigger: ".o_statusbar_buttons button:contains('Change Prices')",
            run: "click",
        },
        {
            content: "By five percent",
            trigger: ".modal [name=percent] input",
            run: "edit 5",
        },
        {
            content: "Do it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is written down",
            trigger: ".nav-link[name=prices]",
            run: "click",
        },
        {
            content: "With the new price",
            trigger: "[name=price_change_ids] .o_data_row:contains('84.00')",
        },
    ],
});
