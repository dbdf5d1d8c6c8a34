import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const confirm = [
    {
        content: "Confirm",
        trigger: "button[name=action_post]:contains('Confirm')",
        run: "click",
    },
    {
        content: "It is posted",
        trigger: ".o_arrow_button_current:contains('Posted')",
    },
];

const line = (name, price) => [
    {
        content: `Add the line ${name}`,
        trigger: "[name=invoice_line_ids] .o_field_x2many_list_row_add a:contains('Add a line')",
        run: "click",
    },
    {
        content: `Describe ${name}`,
        trigger: "[name=invoice_line_ids] .o_selected_row [name=name] textarea",
        run: `edit ${name}`,
    },
    {
        content: `Price ${name}`,
        trigger: "[name=invoice_line_ids] .o_selected_row [name=price_unit] input",
        run: `edit ${price} && click body`,
    },
    {
        content: `${name} is there`,
        trigger: `[name=invoice_line_ids] .o_data_row:contains(${name}):not(.o_selected_row)`,
    },
];

const customer = [
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
];

// An invoice is credited, the credit is kept, and the next invoice uses it in one click.
registry.category("web_tour.tours").add("billing_kept_credit_tour", {
    steps: () => [
        {
            content: "Credit the invoice",
            trigger: "button[name=action_reverse]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal [name=reason] input",
            run: "edit Two days less",
        },
        {
            content: "Keep it for the next invoice",
            trigger: ".modal [name=billing_credit_use] label:contains('Keep as credit')",
            run: "click",
        },
        {
            content: "Make the credit note",
            trigger: ".modal button[name=refund_moves]",
            run: "click",
        },
        {
            content: "It has the reason",
            trigger: ".o_form_view [name=billing_reason] input:value('Two days less')",
        },
        ...confirm,
        {
            content: "Go to the original",
            trigger: "button[name=action_billing_view_original]",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_last_breadcrumb_item:contains(INV/):not(:contains(RINV))",
        },
        {
            content: "The original leads to its credit note",
            trigger: "button[name=action_billing_view_credit_notes]",
        },
        {
            content: "The next invoice",
            trigger: ".o_form_button_create",
            run: "click",
        },
        {
            content: "It is new",
            trigger: ".o_last_breadcrumb_item:contains(Draft Invoice)",
        },
        ...customer,
        ...line("Next month", "150"),
        ...stepUtils.saveForm(),
        {
            content: "It offers the credit",
            trigger: ".alert:contains('100.00') a:contains('Use credit')",
            run: "click",
        },
        {
            content: "It will be used",
            trigger: ".alert:contains('when it is confirmed')",
        },
        ...confirm,
        {
            content: "It is partly settled",
            trigger: ".ribbon:contains('Partial')",
        },
    ],
});

// A document with a charge and a greater credit, from New to the credit note it becomes.
registry.category("web_tour.tours").add("billing_mixed_tour", {
    steps: () => [
        {
            content: "New",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...customer,
        {
            content: "Choose the type",
            trigger: "[name=billing_type_id] input",
            run: "edit Mixed",
        },
        {
            content: "Mixed",
            trigger: ".ui-menu-item > a:contains('Mixed')",
            run: "click",
        },
        ...line("More hours", "100"),
        ...line("Discount", "-150"),
        {
            content: "A line names the invoice it lowers",
            trigger:
                "[name=invoice_line_ids] .o_data_row:contains('Discount') [name=billing_adjusted_move_id]",
            run: "click",
        },
        {
            content: "Look for it",
            trigger:
                "[name=invoice_line_ids] .o_selected_row [name=billing_adjusted_move_id] input",
            run: "edit INV",
        },
        {
            content: "Choose it",
            trigger: ".ui-menu-item > a:contains('INV/')",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "It says what it is going to be",
            trigger: ".alert:contains('credit note of')",
        },
        ...confirm,
        {
            content: "It is a credit note",
            trigger: "h1:contains('RINV')",
        },
        {
            content: "It leads to the invoice it lowers",
            trigger: "button[name=action_billing_view_adjusted_moves]",
            run: "click",
        },
        {
            content: "The invoice shows the adjustment",
            trigger: "button[name=action_billing_view_adjustments]:contains('150.00')",
            run: "click",
        },
        {
            content: "Line by line",
            trigger: ".o_list_view .o_data_row:contains('Discount')",
        },
    ],
});
