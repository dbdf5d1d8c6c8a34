"""The ledger's customers: those the database knows by their reference, the others created."""

import re

from .progress import stage

BATCH = 500


def ensure(env, company, names: list[str]):
    """Return a dictionary from the ledger's names to customers."""
    known = env["res.partner"].search(
        [("ref", "in", names), ("parent_id", "=", False), ("company_id", "in", (False, company.id))]
    )
    customers = {partner.ref: partner for partner in known}
    absent = [name for name in names if name not in customers]
    with stage("Customers", len(absent)) as progress:
        for start in range(0, len(absent), BATCH):
            batch = absent[start : start + BATCH]
            created = (
                env["res.partner"]
                .with_context(tracking_disable=True, no_vat_validation=True)
                .create([_values(name) for name in batch])
            )
            customers |= zip(batch, created, strict=True)
            progress.advance(len(batch))
    return customers


def _values(name: str) -> dict:
    return {
        "name": name,
        "ref": name,
        "is_company": True,
        "customer_rank": 1,
        "email": f"{slug(name)}@customers.example",
    }


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "customer"
