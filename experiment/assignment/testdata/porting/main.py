# This follows the Python block of PORTING.md.
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    vectors = json.load(file)
plans = {plan["name"]: plan for plan in vectors["plans"]}
for case in vectors["cases"]:
    plan, unit = plans[case["plan"]], case["unit"]
    variant, reason = assign(plan, unit)
    print(json.dumps([variant, reason, str(point(plan["salt"] + ":variant", unit)) if reason == "assigned" else ""]))
