#!/usr/bin/env python3
"""Writes vectors.json: assignments by the rules in DESIGN.md, section 4a, from Python's hashlib and integers alone.

    python3 vectors.py > vectors.json
"""
import hashlib
import json

MILLION = 10**6
TOP = 2**64


def u(key, unit):
    digest = hashlib.sha256(key.encode() + b"\0" + unit.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def assign(plan, unit):
    if unit in plan["force"]:
        return {"variant": plan["force"][unit], "reason": "forced", "point": 0}
    out = lambda reason: {"variant": "", "reason": reason, "point": 0}
    if unit == "":
        return out("no_unit")
    if plan["holdout"] and u("holdout:" + plan["holdout"], unit) * MILLION < plan["holdout_share"] * TOP:
        return out("holdout")
    if plan["layer"]:
        slot = u("layer:" + plan["layer"], unit) * 1000 // TOP
        if not plan["slots"][0] <= slot <= plan["slots"][1]:
            return out("layer")
    if not u(plan["salt"] + ":traffic", unit) * MILLION < plan["traffic"] * TOP:
        return out("traffic")
    point = u(plan["salt"] + ":variant", unit)
    total, upto = sum(w for _, w in plan["variants"]), 0
    for name, weight in plan["variants"]:
        upto += weight
        if point * total < upto * TOP:
            return {"variant": name, "reason": "assigned", "point": point}


PLANS = [
    {"name": "plain", "salt": "amazon-pay-express-1", "traffic": MILLION, "layer": "", "slots": [0, 0], "holdout": "", "holdout_share": 0,
     "variants": [["control", 50], ["amazon_pay", 50]], "force": {}},
    {"name": "everything", "salt": "salz-ü-1", "traffic": 333_333, "layer": "checkout", "slots": [250, 749], "holdout": "payments-2026",
     "holdout_share": 50_000, "variants": [["control", 1], ["a", 2], ["b", 999_997]], "force": {"tester-1": "b", "7": "control"}},
    {"name": "edges", "salt": "edges", "traffic": 1, "layer": "l", "slots": [0, 999], "holdout": "h", "holdout_share": 1,
     "variants": [["none", 0], ["all", 3]], "force": {}},
    {"name": "huge-weights", "salt": "huge", "traffic": 999_999, "layer": "l", "slots": [999, 999], "holdout": "", "holdout_share": 0,
     "variants": [["control", 4_611_686_018_427_387_903], ["b", 4_611_686_018_427_387_904]], "force": {}},
]
UNITS = ["", "0", "1", "7", "007", "s-1", "tester-1", "anna@example.com", "ünïcode-客户", "123e4567-e89b-12d3-a456-426614174000", " spaces ", "x" * 300]
UNITS += ["shopper-%d" % i for i in range(60)]

cases = [{"plan": p["name"], "unit": unit, **assign(p, unit)} for p in PLANS for unit in UNITS]
# The edges pass one unit in a million: look for some that they let through.
found = 0
for i in range(4_000_000):
    if found < 3 and u("edges:traffic", "e%d" % i) * MILLION < TOP:
        cases.append({"plan": "edges", "unit": "e%d" % i, **assign(PLANS[2], "e%d" % i)})
        found += 1
for i in range(4000):
    if u("layer:l", "h%d" % i) * 1000 // TOP == 999:
        cases.append({"plan": "huge-weights", "unit": "h%d" % i, **assign(PLANS[3], "h%d" % i)})
for c in cases:
    c["point"] = str(c["point"])  # JSON numbers lose the last bits
print(json.dumps({"plans": PLANS, "cases": cases}, indent=0, ensure_ascii=False))
