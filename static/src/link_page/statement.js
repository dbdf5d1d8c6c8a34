import { formatFloat } from "@web/core/utils/numbers";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Adds up what is ticked. The form to pay belongs to what was ticked when the page was made, so it
 * is hidden while something else is; the server computes the amount in any case.
 */
export class BillingStatement extends Interaction {
    static selector = ".o_billing_statement";
    dynamicContent = {
        "input[name=item]": { "t-on-change": this.update },
    };

    start() {
        // browsers restore what was ticked before a reload
        this.update();
    }

    update() {
        const inputs = [...this.el.querySelectorAll("input[name=item]")];
        const ticked = inputs.filter((input) => input.checked);
        const isChanged = inputs.some((input) => input.checked !== input.defaultChecked);
        // the page leaves out attributes that are zero
        const digits = parseInt(this.el.dataset.digits) || 0;
        const credit = parseFloat(this.el.dataset.credit) || 0;
        const sum = ticked.reduce((total, input) => total + parseFloat(input.dataset.amount), 0);
        const amount = Math.max(sum - credit, 0);
        const total = this.el.querySelector(".o_billing_total .oe_currency_value");
        if (total) {
            total.textContent = formatFloat(amount, { digits: [0, digits] });
        }
        const button = this.el.querySelector("[name=o_billing_choose]");
        if (button) {
            button.disabled = !ticked.length;
            button.classList.toggle("btn-primary", isChanged);
            button.classList.toggle("btn-light", !isChanged);
            button.classList.toggle("border", !isChanged);
        }
        if (isChanged) {
            document.querySelector("#pay")?.classList.add("d-none");
        } else if (inputs.some((input) => input.checked)) {
            document.querySelector("#pay")?.classList.remove("d-none");
        }
    }
}

registry.category("public.interactions").add("billing_crm.statement", BillingStatement);
