// node examples/small/src/fork-and-run.ts [URL] [REPLICATIONS]: one place more at the constraint, and what the simulation says about it.
import { connect } from "./connect.ts";

const [server = "http://127.0.0.1:8420", replications = "10"] = process.argv.slice(2);
const client = connect(server, "Example");
const line = await client.line();

// #region fork
const branch = await client.fork(`one place more at ${line.constraint}`);
const factor = (await client.factors(branch.id)).find(({ key }) => key === `${line.constraint}/NumberOfPlaces`);
if (!factor) throw new Error("the constraint has no number of places");
const session = client.live({ branch: branch.id });
await session.push(branch.id, "one place more", [
  { op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: String(factor.value + 1) } } },
]);
session.close();

const { id } = await client.run(branch.id, { kind: "study", seed: 1, replications: Number(replications), shifts: 3 });
let result = await client.runResult(id);
while (result.run.state !== "done") {
  if (result.run.state === "failed") throw new Error(result.run.message);
  await new Promise((resolve) => setTimeout(resolve, 300));
  result = await client.runResult(id);
}
// #endregion

// #region verdict
for (const { key, unit, live, branch: after, difference, verdict } of result.kpis) {
  console.log(`${key}: ${verdict}, difference ${difference.mean.toFixed(1)} ± ${difference.halfWidth.toFixed(1)} ${unit} (95 %)`);
  console.log(
    `  live   mean ${live.mean.toFixed(1)} ± ${live.confidence.toFixed(1)} (95 %), one shift ${live.predictionLow.toFixed(0)}–${live.predictionHigh.toFixed(0)} (90 %)`,
  );
  console.log(
    `  branch mean ${after.mean.toFixed(1)} ± ${after.confidence.toFixed(1)} (95 %), one shift ${after.predictionLow.toFixed(0)}–${after.predictionHigh.toFixed(0)} (90 %)`,
  );
}
// #endregion
for (const warning of result.warnings) console.log(`warning: ${warning}`);
