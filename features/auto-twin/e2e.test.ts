import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, LineInfo, ProposalReport } from "@doppelwerk/client";
import type { LineDefinition } from "@doppelwerk/operations";
import { afterAll, beforeAll, expect, test } from "vitest";
import { brownfield } from "../../packages/operations/src/proposal/brownfield.fixture.ts";
import { clientOf, eventually, runCommand, startProgram, startServer, type Program } from "../../e2e/running-site.ts";

// The demo plant as a stranger meets it: only its sockets, no engineering file.
let folder: string;
let plant: Program;
let server: Program;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-proposal-"));
  plant = await startProgram("examples/demo-plant/src/main.ts", ["--json", "--minimal", "--data", join(folder, "plant")]);
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]);
});

afterAll(async () => {
  await server?.stop();
  await plant?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function done(client: Client, id: string): Promise<ProposalReport> {
  return eventually(async () => {
    const report = await client.proposal(id);
    if (report.state === "failed") throw new Error(report.why);
    return report.state === "done" ? report : undefined;
  }, "the proposal is done");
}

async function merged(request: string): Promise<void> {
  await clientOf(url, "bob").approve(request);
  await clientOf(url, "ann").merge(request);
}

async function edit(branch: string, changes: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/api/doppelwerk/v1/branches/${branch}/changes`, {
    method: "POST",
    headers: { "content-type": "application/json", "doppelwerk-person": "e2e-secret-of-ann", "doppelwerk-name": "ann" },
    body: JSON.stringify({ reason: "rename", changes }),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
}

test("[SV40] [SV41] an address becomes a branch with a merge request; merged, the line view shows its stations; again there is nothing new", async () => {
  const ann = clientOf(url, "ann");
  const address = String((plant.ready as { opcua?: unknown }).opcua);
  const begun = await ann.proposeTwin({ url: address, name: "Demo" });
  expect(begun.state).toBe("browsing");
  const report = await done(ann, begun.id);
  console.log(JSON.stringify(report.summary));
  expect(report.summary).toMatchObject({ assets: 3, nameplates: 3, conflicts: 0 });
  expect(report.questions.length).toBeLessThanOrEqual(10);
  expect(report.evidence.filter(({ kind }) => kind === "asset").map(({ subject }) => subject)).toEqual(["S090", "S110", "S120"]);
  // live is as it was
  expect(await ann.connections()).toEqual([]);
  await merged(report.request!);
  const line = await ann.line();
  expect(line.stations.map(({ id }) => id)).toEqual(["S090", "S110", "S120"]);
  expect(line.stations[0]!.signals).toMatchObject({ ItemState: expect.any(String), Good: expect.any(String) });
  await eventually(async () => ((await ann.connections())[0]?.signals ?? 0) > 20 || undefined, "values flow");
  const again = await done(ann, (await ann.proposeTwin({ url: address, name: "Demo" })).id);
  expect({ ...again.summary, unknown: 0 }).toMatchObject({ changes: 0, conflicts: 0 });
  expect(again.request).toBeUndefined();
});

test("[SV42] an answer and an edit: the answer becomes a change, the edit stays and is told", async () => {
  const ann = clientOf(url, "ann");
  const [connection] = await ann.connections();
  const before = await done(ann, (await ann.proposals())[0]!.id);
  const takt = before.questions.find(({ id }) => id.startsWith("takt:"))!.id;
  // a person calls a signal otherwise, and a shell too
  const fork = await ann.fork("rename");
  const line = await ann.line();
  const signal = line.stations[0]!.signals["Good"]!;
  const name = (of: LineInfo) => (of.definition as LineDefinition).stations[0]!.signals.Good!.name;
  const to = "Good parts of the press";
  await edit(fork.id, [{ op: "update", id: signal, fields: { name: { from: name(line), to } } }]);
  const request = await ann.propose({
    branch: fork.id,
    title: "rename",
    text: "",
    runs: [],
    planned: { owner: "ann", effectiveFrom: "2026-11-24", action: "none" },
  });
  await merged(request.id);
  const command = await runCommand(["propose", connection!.id, "--answer", `${takt}=40`, "--server", url, "--json"]);
  expect(command.stderr).toBe("");
  const report = JSON.parse(command.stdout) as ProposalReport;
  expect(report.summary!.changes).toBeGreaterThan(0);
  expect(report.questions.map(({ id }) => id)).not.toContain(takt);
  await merged(report.request!);
  expect((await ann.line()).taktS).toBe(40);
  expect(name(await ann.line())).toBe(to);
});

const soak = process.env["SOAK"] === "1";
if (!soak) console.log("skipped what takes minutes (a brownfield of 12,000 nodes): npm run soak runs it");
test.skipIf(!soak)(
  "[O93] [SV40] a brownfield of 12,000 nodes over a real socket: what is merged is right, and live goes on meanwhile",
  async () => {
    const [seed, nodes] = [21, 12_000];
    const truth = brownfield(seed, nodes);
    const old = await startProgram("bench/plants/brownfield-plant.ts", [String(seed), String(nodes)]);
    try {
      const ann = clientOf(url, "ann");
      const { id } = await ann.proposeTwin({ url: String(old.ready["url"]), name: "Old works" });
      let slowestMs = 0;
      const report = await eventually(async () => {
        const begin = performance.now();
        await ann.line();
        slowestMs = Math.max(slowestMs, performance.now() - begin);
        const now = await ann.proposal(id);
        return now.state === "done" || now.state === "failed" ? now : undefined;
      }, "the proposal is done");
      expect(report.why).toBeUndefined();
      await merged(report.request!);
      const signals = report.summary!.signals;
      console.log(
        `brownfield ${seed} over OPC UA: ${report.summary!.offered} offered, ${signals} asserted of ${truth.truth.size}, slowest answer of live meanwhile ${Math.round(slowestMs)} ms`,
      );
      const evidence = report.evidence.filter(({ kind }) => kind === "signal");
      expect(evidence).toHaveLength(signals);
      const expected = new Map<string, number>();
      for (const { station, role } of truth.truth.values()) expected.set(`${station.replace("工位", "Station")}.${role}`, 1);
      const right = evidence.filter(({ subject }) => expected.has(subject.replace(/(\.[A-Za-z]+)_.*$/, "$1"))).length;
      console.log(`precision ${(right / signals).toFixed(3)}, recall ${(right / truth.truth.size).toFixed(3)}`);
      expect(right / signals).toBeGreaterThanOrEqual(0.95);
      expect(report.questions.length).toBeLessThanOrEqual(10);
    } finally {
      await old.stop();
    }
  },
);
