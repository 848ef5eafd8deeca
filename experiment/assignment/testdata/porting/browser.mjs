// This follows the browser's block of PORTING.md, which has points only: whatever follows from a point is that of Node.js.
import { readFileSync } from "node:fs";

const vectors = JSON.parse(readFileSync(process.argv[2], "utf8"));
const plans = new Map(vectors.plans.map((plan) => [plan.name, plan]));
for (const { plan, unit, variant, reason } of vectors.cases) {
  const at = reason === "assigned" ? String(await point(plans.get(plan).salt + ":variant", unit)) : "";
  console.log(JSON.stringify([variant, reason, at]));
}
