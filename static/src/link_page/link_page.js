import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

// Long enough that a program which merely renders the page is gone again.
const VISIBLE_MS = 2000;

/**
 * Tells the server once that a person looked at the page: it was visible for a while, and someone
 * moved, touched, turned the wheel or typed on it. A scanner that fetches the page does none of
 * this. A script may scroll, and may make up events, but the browser tells those apart; that a
 * page was scrolled proves nothing.
 */
export class BillingLinkPage extends Interaction {
    static selector = ".o_billing_link_page:not([data-no-tracking])";
    dynamicContent = {
        _document: {
            "t-on-pointermove": this.onGesture,
            "t-on-pointerdown": this.onGesture,
            "t-on-touchstart": this.onGesture,
            "t-on-wheel": this.onGesture,
            "t-on-keydown": this.onGesture,
            "t-on-visibilitychange": this.watch,
        },
    };

    setup() {
        this.hasGesture = false;
        this.wasVisible = false;
        this.isReported = false;
    }

    start() {
        this.registerCleanup(() => clearTimeout(this.timer));
        this.watch();
    }

    watch() {
        clearTimeout(this.timer);
        if (document.visibilityState === "visible") {
            this.timer = setTimeout(() => {
                this.wasVisible = true;
                this.report();
            }, VISIBLE_MS);
        }
    }

    onGesture(ev) {
        if (ev.isTrusted) {
            this.hasGesture = true;
            this.report();
        }
    }

    report() {
        if (!this.hasGesture || !this.wasVisible || this.isReported) {
            return;
        }
        this.isReported = true;
        const { token, invoiceId } = this.el.dataset;
        rpc(
            `/billing/l/${token}/seen`,
            { invoice_id: parseInt(invoiceId) || null, is_scripted: navigator.webdriver === true },
            { silent: true },
        );
    }
}

registry.category("public.interactions").add("billing_crm.link_page", BillingLinkPage);
