#!/usr/bin/env python3
"""Writes vectors.json: assignments by the rules in DESIGN.md, section 5, from Python's hashlib and integers alone.

    python3 vectors.py > vectors.json

PORTING.md describes the format. It shares no code with the project, nor with the examples of that page.
"""
import hashlib
import json

MILLION = 10**6
TOP = 2**64
LARGEST = 10**15  # a weight in a definition has at most so many millionths


def u(key, unit):
    digest = hashlib.sha256(key.encode() + b"\0" + unit.encode()).digest()
    return int.from_bytes(digest[:8], "big")


def assign(plan, unit):
    """The steps as DESIGN.md writes them, in integers of any size."""
    out = lambda reason, variant="", point="": {"variant": variant, "reason": reason, "point": str(point)}
    if unit in plan["force"]:
        return out("forced", plan["force"][unit])
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
            return out("assigned", name, point)


HALVES = [["control", 50], ["amazon_pay", 50]]


def plan(name, salt, variants=HALVES, traffic=MILLION, layer="", slots=(0, 0), holdout="", holdout_share=0, force=None):
    return {"name": name, "salt": salt, "traffic": traffic, "layer": layer, "slots": list(slots), "holdout": holdout,
            "holdout_share": holdout_share, "variants": variants, "force": force or {}}


PLANS = [
    plan("plain", "amazon-pay-express-1"),
    plan("everything", "salz-ü-1", [["control", 1], ["a", 2], ["b", 999_997]], 333_333, "checkout", (250, 749), "payments-2026", 50_000,
         {"tester-1": "b", "7": "control"}),
    plan("odd-weights", "odd", [["zero", 0], ["a", 1], ["b", 0], ["c", 333_333], ["d", 7], ["e", 100_000_000], ["last", 0]]),
    plan("largest-weights", "large", [["a", LARGEST], ["b", LARGEST - 1], ["c", LARGEST]], 999_999, "l", (500, 999)),
    plan("nobody", "nobody", traffic=0),
    plan("all-held-out", "held", holdout="h", holdout_share=MILLION),
    plan("first-slot", "first", layer="l", slots=(0, 0)),
    plan("last-slot", "last", layer="l", slots=(999, 999)),
    plan("one-in-a-million", "edges", [["none", 0], ["all", 3]], 1, "l", (0, 999), "h", 1),
]
UNITS = ["", "0", "1", "7", "007", "-7", "9007199254740993", "9223372036854775807", "18446744073709551615", "s-1", "tester-1",
         "anna@example.com", "Anna@example.com", "ünïcode-客户", "u\u0308nïcode-客户", "مرحبا", "🛒", "123e4567-e89b-12d3-a456-426614174000",
         "123E4567-E89B-12D3-A456-426614174000", " spaces ", "tab\t", "line\n", "it's \"quoted\"", "constructor", "__proto__", "null", "NaN", "x" * 300]
UNITS += ["shopper-%d" % i for i in range(22)]

cases = []


def case(p, unit):
    cases.append({"plan": p["name"], "unit": unit, **assign(p, unit)})


def special(p, unit):
    PLANS.append(p)
    case(p, unit)


for p in PLANS:
    for unit in UNITS:
        case(p, unit)

# Units that a rare share lets through.
one_in_a_million, last_slot, first_slot = PLANS[8], PLANS[7], PLANS[6]
rare = (i for i in range(4_000_000) if u("edges:traffic", "e%d" % i) * MILLION < TOP)
for i in (next(rare), next(rare), next(rare)):
    case(one_in_a_million, "e%d" % i)
for p in (first_slot, last_slot):
    few = [i for i in range(8000) if u("layer:l", "h%d" % i) * 1000 // TOP == p["slots"][0]]
    for i in few[:6]:
        case(p, "h%d" % i)

# The smallest share that takes a unit in, and a millionth less; the slots that start or end at its own.
for i in range(8):
    unit = "border-%d" % i
    share = u("b:traffic", unit) * MILLION // TOP + 1
    special(plan("traffic-in-%d" % i, "b", traffic=share), unit)
    special(plan("traffic-out-%d" % i, "b", traffic=share - 1), unit)
    share = u("holdout:b", unit) * MILLION // TOP + 1
    special(plan("held-%d" % i, "b", holdout="b", holdout_share=share), unit)
    special(plan("not-held-%d" % i, "b", holdout="b", holdout_share=share - 1), unit)
    slot = u("layer:b", unit) * 1000 // TOP
    special(plan("slot-from-%d" % i, "b", layer="b", slots=(slot, 999)), unit)
    special(plan("slot-to-%d" % i, "b", layer="b", slots=(0, slot)), unit)
    if slot < 999:
        special(plan("slot-above-%d" % i, "b", layer="b", slots=(slot + 1, 999)), unit)

# Weights whose border lies so close to the unit's point that a computation with fewer than 64 bits of it puts it on the other side.
careless = {
    "double": lambda point, first: point / TOP < first / LARGEST,
    "53-bits": lambda point, first: (point >> 11) * LARGEST >> 53 < first,
    "32-bits": lambda point, first: (point >> 32) * LARGEST >> 32 < first,
}
for name, wrong in careless.items():
    found = 0
    for i in range(10_000):
        unit = "%s-%d" % (name, i)
        point = u("c:variant", unit)
        below = point * LARGEST // TOP
        for first in (below, below + 1):
            if found < 15 and wrong(point, first) != (point * LARGEST < first * TOP):
                found += 1
                special(plan("%s-%d" % (name, found), "c", [["control", first], ["amazon_pay", LARGEST - first]]), unit)

# A traffic that takes in whoever keeps the upper 32 bits of a point only.
found = 0
for i in range(200_000):
    point = u("t:traffic", "t%d" % i)
    share = point * MILLION // TOP
    if (point >> 32) * MILLION >> 32 < share and found < 5:
        found += 1
        special(plan("traffic-32-bits-%d" % found, "t", traffic=share), "t%d" % i)

line = lambda x: json.dumps(x, ensure_ascii=False)
print('{"plans": [\n' + ",\n".join(map(line, PLANS)) + '\n],\n"cases": [\n' + ",\n".join(map(line, cases)) + "\n]}")
