import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProposalReport } from "@doppelwerk/client";
import { clientOf, startProgram, startServer } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;
const POLL_MS = 20;

/**
 * From an address to a merge request that can be looked at, over real sockets: a brownfield OPC UA server of 5,000 nodes (bar 60 s) and the demo plant
 * (bar 30 s). Baseline in the same run: the browse alone, which nobody can do without.
 */
export async function bench(report: Report): Promise<void> {
  await proposals(report, "brownfield5000", 60, "bench/plants/brownfield-plant.ts", ["7", "5000"], "url");
  await proposals(report, "demoPlant", 30, "examples/demo-plant/src/main.ts", ["--json"], "opcua");
}

async function proposals(
  report: Report,
  name: string,
  barS: number,
  script: string,
  args: readonly string[],
  addressIn: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-proposal-"));
  const plant = await startProgram(script, name === "demoPlant" ? [...args, "--data", join(folder, "plant")] : args);
  const server = await startServer(join(folder, "data"));
  try {
    const url = String(server.ready["url"]);
    const address = String(plant.ready[addressIn]);
    const [browseS, proposalS]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      browseS.push(await seconds(() => browse(url, address)));
      let done: ProposalReport | undefined;
      proposalS.push(await seconds(async () => void (done = await proposed(url, address))));
      // a rejected request leaves live as it was: the next run writes everything again
      await clientOf(url, "bob").reject(done!.request!, "again");
    }
    const alone = reportMedian(report, "proposal", `${name} browse alone`, "s", browseS);
    const whole = reportMedian(report, "proposal", `${name} ready to review`, "s", proposalS);
    reportMedian(report, "proposal", `${name} share of the bar of ${barS} s`, "ratio", [whole / barS]);
    reportMedian(report, "proposal", `${name} over the browse alone`, "ratio", [whole / alone]);
  } finally {
    await server.stop();
    await plant.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1_000;
}

async function browse(url: string, address: string): Promise<void> {
  const answer = await fetch(`${url}/api/doppelwerk/v1/connections/browse`, {
    method: "POST",
    headers: { "content-type": "application/json", "doppelwerk-person": "bench-secret-of-ann", "doppelwerk-name": "ann" },
    body: JSON.stringify({ url: address }),
  });
  if (!answer.ok) throw new Error(`browsing failed: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function proposed(url: string, address: string): Promise<ProposalReport> {
  const client = clientOf(url, "ann");
  const { id } = await client.proposeTwin({ url: address, name: "bench" });
  for (;;) {
    const report = await client.proposal(id);
    if (report.state === "failed" || (report.state === "done" && report.request === undefined))
      throw new Error(report.why ?? "nothing was proposed");
    if (report.state === "done") return report;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
