"""The metrics that every peer computes, named as in the definitions: (kind, column, covariate or denominator)."""

UNITS = {
    "conversion": ("share", "converted", None),
    "revenue": ("adjusted", "revenue", "pre_revenue"),
    "orders": ("adjusted", "orders", "pre_orders"),
    "auth_rate": ("ratio", "auth_approved", "auth_attempts"),
    "chargebacks": ("share", "chargebacks", None),
    "refund": ("mean", "refund_value", None),
}
LOG = {
    "conversion": ("share", "converted", None),
    "orders": ("mean", "orders", None),
    "revenue": ("adjusted", "revenue", "pre_revenue"),
    "auth_rate": ("ratio", "auth_approved", "auth_attempts"),
    "refund": ("mean", "refund_value", None),
}
SPLITS = ["converted", "orders", "revenue"]
VARIANTS = ("control", "amazon_pay")


def columns(metrics):
    """The columns that are summed, each once."""
    return list(dict.fromkeys(c for _, x, y in metrics.values() for c in (x, y) if c))


def products(metrics):
    """The pairs of columns whose products are summed, each once."""
    pairs = []
    for kind, x, y in metrics.values():
        if kind != "share":
            pairs += [(x, x)] + ([(x, y), (y, y)] if y else [])
    return list(dict.fromkeys(pairs))
