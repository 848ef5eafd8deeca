// This follows the JavaScript block of PORTING.md.
import { readFileSync } from "node:fs";

const vectors = JSON.parse(readFileSync(process.argv[2], "utf8"));
const plans = new Map(vectors.plans.map((plan) => [plan.name, plan]));
for (const { plan: name, unit } of vectors.cases) {
  const plan = plans.get(name);
  const [variant, reason] = assign(plan, unit);
  console.log(JSON.stringify([variant, reason, reason === "assigned" ? String(point(plan.salt + ":variant", unit)) : ""]));
}
