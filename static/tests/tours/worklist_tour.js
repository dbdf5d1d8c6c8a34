import { registry } from "@web/core/registry";

const logCall = [
    {
        content: "The number can be dialed",
        trigger: ".modal a[href='tel:+15550100']",
    },
    {
        content: "There is something to say",
        trigger: ".modal [name=talking_points] li:contains('900.00')",
    },
    {
        content: "Nobody answered",
        trigger: ".modal [name=outcome] input[data-value=no_answer]",
        run: "click",
    },
    {
        content: "Say so",
        trigger: ".modal [name=note] textarea",
        run: "edit Mailbox full",
    },
    {
        content: "Log it",
        trigger: ".modal button[name=action_log]",
        run: "click",
    },
];

// The clerk starts at the top, calls, and passes the customer on.
registry.category("web_tour.tours").add("billing_worklist_tour", {
    steps: () => [
        {
            content: "The customer worth most is first",
            trigger: ".o_data_row:first:contains('Tour Large'):contains('overdue for')",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:first td[name=partner_id]",
            run: "click",
        },
        {
            content: "What to say is there",
            trigger: ".o_form_view [name=talking_points] li:contains('900.00')",
        },
        {
            content: "Call",
            trigger: "button[name=action_call]",
            run: "click",
        },
        ...logCall,
        {
            content: "The customer was contacted",
            trigger: ".o_arrow_button_current:contains('Contacted')",
        },
        {
            content: "The call is in the timeline",
            trigger: ".nav-link[name=timeline]",
            run: "click",
        },
        {
            content: "With what was noted",
            trigger: "[name=timeline_ids] .o_data_row:contains('No answer (Mailbox full)')",
        },
        {
            content: "Pass on",
            trigger: "button[name=action_pass_on]",
            run: "click",
        },
        {
            content: "To a colleague",
            trigger: ".modal [name=user_id] input",
            run: "edit Tour Colleague",
        },
        {
            content: "This one",
            trigger: ".ui-menu-item > a:contains('Tour Colleague')",
            run: "click",
        },
        {
            content: "Do it",
            trigger: ".modal footer button[name=action_pass_on]",
            run: "click",
        },
        {
            content: "The colleague is the owner",
            trigger: ".o_form_view [name=user_id] input:value(Tour Colleague)",
        },
        {
            content: "Back to the list",
            trigger: ".breadcrumb-item a:contains('Worklist')",
            run: "click",
        },
        {
            content: "It is the colleague's now: the next is first",
            trigger: ".o_data_row:first:contains('Tour Small')",
        },
        {
            content: "As columns",
            trigger: "button.o_kanban",
            run: "click",
        },
        {
            content: "They will be called later: contacted by hand",
            trigger:
                ".o_kanban_group:contains('To Contact') .o_kanban_record:contains('Tour Small')",
            run: "drag_and_drop (.o_kanban_group:has(.o_column_title:contains('Contacted')))",
        },
        {
            content: "There it is",
            trigger:
                ".o_kanban_group:contains('Contacted') .o_kanban_record:contains('Tour Small')",
        },
    ],
});

// The same on a phone: cards, a call, done.
registry.category("web_tour.tours").add("billing_worklist_phone_tour", {
    steps: () => [
        {
            content: "Cards, the customer worth most first",
            trigger: ".o_kanban_record:first:contains('Tour Large'):contains('overdue for')",
        },
        {
            content: "Call from the card",
            trigger: ".o_kanban_record:first button[name=action_call]",
            run: "click",
        },
        ...logCall,
        {
            content: "The customer was contacted",
            trigger:
                ".o_kanban_group:contains('Contacted') .o_kanban_record:contains('Tour Large')",
        },
        {
            content: "Open the next",
            trigger: ".o_kanban_record:contains('Tour Small')",
            run: "click",
        },
        {
            content: "It fits",
            trigger: ".o_form_view [name=talking_points] li:contains('100.00')",
        },
    ],
});
