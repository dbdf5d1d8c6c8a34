"""Compile the asset bundles once: else the first page of every copy takes 25 seconds."""

env["ir.qweb"]._pregenerate_assets_bundles()
