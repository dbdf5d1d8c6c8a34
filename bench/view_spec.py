"""What the web client asks the server for when it opens a view."""

from lxml import etree

NAME = {"fields": {"display_name": {}}}
SUBVIEWS = ("list", "kanban", "form")


def specification(env, model: str, view_type: str, view_id: int | None = None) -> dict:
    """The specification of ``web_read`` for a view, as this user sees it."""
    view = env[model].get_view(view_id, view_type)
    return _fields_of(env[model], etree.fromstring(view["arch"]))


def _fields_of(records, node) -> dict:
    found = {}
    for child in node:
        if child.tag != "field":
            if isinstance(child.tag, str):
                found |= _fields_of(records, child)
            continue
        name = child.get("name")
        found[name] = _of_field(records, records._fields[name], child)
    return found


def _of_field(records, field, node) -> dict:
    if field.type in ("one2many", "many2many"):
        subview = next((child for child in node if child.tag in SUBVIEWS), None)
        if subview is None:
            return NAME
        return {"fields": _fields_of(records.env[field.comodel_name], subview), "limit": 40}
    return NAME if field.type in ("many2one", "reference") else {}
