import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billing_proforma_invoice_tour", {
    steps: () => [
        {
            content: "Ask what to invoice",
            trigger: "button[name=action_create_invoice]",
            run: "click",
        },
        {
            content: "A part of it",
            trigger: ".modal .o_radio_item:contains('A percentage') input",
            run: "click",
        },
        {
            content: "Thirty percent",
            trigger: ".modal .o_field_widget[name=percent] input",
            run: "edit 30",
        },
        {
            content: "Leave the field",
            trigger: ".modal .modal-header",
            run: "click",
        },
        {
            content: "It is three of ten",
            trigger: ".modal td[name=quantity]:contains('3.00')",
        },
        {
            content: "Make it",
            trigger: ".modal button[name=action_create_invoice]",
            run: "click",
        },
        {
            content: "The draft invoice leads back to the pro forma",
            trigger: "button[name=action_view_billing_proforma]",
            run: "click",
        },
        {
            content: "What is in a draft is shown as such",
            trigger: ".o_field_widget[name=amount_in_draft]:contains('300.00')",
        },
        {
            content: "And the way to the invoice is there",
            trigger: "button[name=action_view_invoices]",
        },
    ],
});

registry.category("web_tour.tours").add("billing_proforma_page_tour", {
    steps: () => [
        {
            content: "What it comes to",
            trigger: ".o_billing_link_page:contains('1,000.00')",
        },
        {
            content: "Who accepts",
            trigger: "#accept_name",
            run: "edit Anna Client",
        },
        {
            content: "Accept",
            trigger: "form[name=billing_accept] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says so",
            trigger: "[name=proforma_status]:contains('Accepted'):contains('Anna Client')",
        },
    ],
});
