import { registry } from "@web/core/registry";

// A subcontractor submits what they have spent, on the portal.
registry.category("web_tour.tours").add("billing_expense_portal_tour", {
    steps: () => [
        {
            content: "Open the expenses",
            trigger: ".o_portal_docs a[href='/my/expenses']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Start a report",
            trigger: "a[name=new_report]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Say what it is about",
            trigger: "input[name=description]",
            run: "edit Installation in Ghent",
        },
        { content: "What was paid", trigger: "input[name=name]", run: "edit Train ticket" },
        { content: "How much", trigger: "input[name=amount]", run: "edit 42.50" },
        { content: "For whom", trigger: "input[name=client_note]", run: "edit Azure" },
        {
            content: "Save",
            trigger: "button[name=save]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The expense is there, and its receipt is missing",
            trigger: "ul[name=lines]:contains('Train ticket'):contains('No receipt')",
        },
        {
            content: "Submit",
            trigger: "button[name=submit_report]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is submitted, and can be changed no more",
            trigger: ".badge:contains('Submitted')",
        },
        { content: "No form is left", trigger: "#wrap:not(:has(form[name=expense]))" },
    ],
});

// A manager approves what was submitted, and an invoice takes it.
registry.category("web_tour.tours").add("billing_expense_approval_tour", {
    steps: () => [
        {
            content: "Approve",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "It is to be reimbursed",
            trigger: ".o_arrow_button_current:contains('To Reimburse')",
        },
        {
            content: "There is a bill",
            trigger: "button[name=action_view_bill]",
            run: "click",
        },
        {
            content: "It is posted, and leads back",
            trigger: "button[name=action_view_billing_expense_report]",
        },
        {
            content: "Posted",
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
    ],
});

registry.category("web_tour.tours").add("billing_expense_charge_tour", {
    steps: () => [
        {
            content: "The invoice offers the expense",
            trigger: ".alert a:contains('Add expenses'), .alert button:contains('Add expenses')",
            run: "click",
        },
        {
            content: "It is charged",
            trigger: "[name=invoice_line_ids] .o_data_row:contains('Expense 1')",
        },
        {
            content: "The button leads to it",
            trigger: "button[name=action_view_billing_expenses]",
            run: "click",
        },
        {
            content: "There it is, charged",
            trigger: ".o_list_view .o_data_row:contains('Charged')",
        },
    ],
});
