"""Who is at the other end of a request, without keeping the address."""

import hashlib
import hmac
import ipaddress

from odoo.http import request

# An IPv6 customer has a whole network of this size to choose addresses from.
IPV6_PREFIX = 64


def get_network_hash():
    """Return a keyed hash of the network that the current request comes from.

    The address is Odoo's: behind a proxy the visitor's own if Odoo runs with ``proxy_mode``.

    :rtype: str
    """
    address = request.httprequest.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        pass
    else:
        if parsed.version == 6:
            address = str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    secret = request.env["ir.config_parameter"].sudo().get_param("database.secret")
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
