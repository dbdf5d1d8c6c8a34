import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

// Long enough that a program which merely renders the page is gone again.
const VISIBLE_MS = 2000;

/**
 * Tells the server once that a person looked at the page: it was visible for a while and someone
 * moved, touched, scrolled or typed on it. A scanner that fetches the page does none of this.
 */
export class BillingLinkPage extends Interaction {
    static selector = ".o_billing_link_page";
    dynamicContent = {
        _document: {
            "t-on-pointermove.once": this.onSign,
            "t-on-pointerdown.once": this.onSign,
            "t-on-touchstart.once": this.onSign,
            "t-on-keydown.once": this.onSign,
            "t-on-scroll.once": this.onSign,
        },
    };

    setup() {
        this.hasSign = false;
        this.wasVisible = false;
        this.isReported = false;
    }

    start() {
        this.waitForTimeout(() => {
            this.wasVisible = document.visibilityState === "visible";
            this.report();
        }, VISIBLE_MS);
    }

    onSign() {
        this.hasSign = true;
        this.report();
    }

    report() {
        if (!this.hasSign || !this.wasVisible || this.isReported) {
            return;
        }
        this.isReported = true;
        const { token, invoiceId } = this.el.dataset;
        rpc(
            `/billing/l/${token}/seen`,
            { invoice_id: parseInt(invoiceId) || null },
            { silent: true },
        );
    }
}

registry.category("public.interactions").add("billing_crm.link_page", BillingLinkPage);
