import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { propose, type Proposal } from "@doppelwerk/operations";
import { afterAll, expect, test } from "vitest";
import { browseServer } from "../../packages/connectors/src/opcua/browse.ts";
import { offeredOfBrowse } from "./server/offered-of-browse.ts";
import { startEdge, startBroker } from "../../packages/connectors/src/sparkplug/test-broker.ts";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { createSiteApp } from "@doppelwerk/server/site";
import { clientOf, eventually } from "../../e2e/running-site.ts";
import { isa95, startVariedServer, variedPlants, type Truth } from "../../e2e/varied-plants.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-varied-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

interface Score {
  readonly asserted: number;
  readonly right: number;
  readonly expected: number;
  readonly found: number;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\d]/gu, "");

/** A signal is right when its machine is one, its role is the one expected, and where none is expected, it claims no more than to be a value of the machine. */
function judge({ signals, environment }: Proposal, { machines, roles, never }: Truth): Score {
  const names = new Map(
    (environment.assetAdministrationShells ?? []).map(({ id, idShort, displayName }) => [
      id,
      [idShort ?? "", ...(displayName ?? []).map(({ text }) => text)],
    ]),
  );
  const wanted = new Set(machines.map(plain));
  const wrong: string[] = [];
  for (const { address, role, shell } of signals) {
    const end = Object.keys(roles).find((tail) => address.endsWith(tail));
    const known = [...wanted].some((machine) => plain(address).includes(machine));
    const claims = end === undefined ? !CLAIMS.has(role) : roles[end] === role;
    if (never?.test(address) === true || !known || !claims) wrong.push(`${address} as ${role} of ${names.get(shell)?.join(" ")}`);
  }
  const assets = new Set(signals.map(({ shell }) => shell)).size;
  const missed = Object.entries(roles).flatMap(([tail, role]) =>
    signals.some((signal) => signal.address.endsWith(tail) && signal.role === role) ? [] : [`${tail} ${role}`],
  );
  const expected = Object.keys(roles).length;
  return {
    asserted: signals.length,
    right: signals.length - wrong.length,
    expected,
    found: expected - missed.length,
    wrong,
    missed: [...missed, ...(assets < machines.length ? [`${machines.length - assets} machines`] : [])],
  };
}

const CLAIMS = new Set(["Good", "Total", "Reject", "LastCycle", "PartIn", "PartOut"]);

test("[O101] [SV46] servers of other people's making: what is asserted of each is right in at least 95 of 100 cases, and the same whatever the order of the nodes", async () => {
  let [asserted, right, expected, found] = [0, 0, 0, 0];
  const server = await startVariedServer(variedPlants, join(folder, "pki"));
  for (const plant of variedPlants) {
    server.show(plant);
    const browsed = await browseServer(server.url, { dataDir: folder });
    const offered = offeredOfBrowse("opcua", browsed, { source: plant.name, name: plant.name, described: new Set(), samples: new Map() });
    const proposal = propose(offered);
    const reversed = propose({ ...offered, variables: offered.variables.toReversed(), objects: offered.objects.toReversed() });
    expect(JSON.stringify(reversed), plant.name).toBe(JSON.stringify(proposal));
    const score = judge(proposal, plant.truth);
    console.log(
      `${plant.name}: ${score.right} of ${score.asserted} asserted are right, ${score.found} of ${score.expected} found, ${offered.variables.length} offered, ${proposal.counts.assets} assets, ${proposal.questions.length} questions`,
    );
    expect(
      score.asserted === 0 ? 1 : score.right / score.asserted,
      `${plant.name}: ${score.wrong.slice(0, 5).join("; ")}`,
    ).toBeGreaterThanOrEqual(0.95);
    expect(proposal.questions.length).toBeLessThanOrEqual(10);
    asserted += score.asserted;
    right += score.right;
    expected += score.expected;
    found += score.found;
  }
  await server.stop();
  console.log(`all: precision ${(right / asserted).toFixed(3)}, recall ${(found / expected).toFixed(3)}`);
  expect(found / expected).toBeGreaterThanOrEqual(0.8);
});

test("[SV47] a plant that speaks OPC UA and Sparkplug: the second source joins the assets of the first where counters stand alike, and its own stay its own", async () => {
  const server = await startVariedServer([isa95], join(folder, "pki"));
  server.show(isa95);
  const broker = await startBroker();
  const births = async () => {
    await edge.birth([]);
    for (const [device, total] of [
      ["Mixer", 4_712],
      ["Kiln", 99_000],
    ] as const)
      await edge.deviceBirth(device, [
        { name: "TotalCount", type: "UInt32", value: total },
        { name: "Temperature", type: "Double", value: 20.5, properties: { engUnit: { type: "String", value: "°C" } } },
      ]);
  };
  const edge = await startEdge(broker.url, { group: "Works", node: "Gateway", onRebirth: () => void births() });
  // an edge node that speaks is asked for its birth by the first that receives it
  const speaking = setInterval(() => void edge.data("Mixer", []), 150);
  const site = await openProduct(join(folder, "site"));
  const app = await createSiteApp(site);
  try {
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const ann = clientOf(url, "ann");
    const done = async (id: string) => {
      const report = await eventually(async () => {
        const now = await ann.proposal(id);
        if (now.state === "failed") throw new Error(now.why);
        return now.state === "done" ? now : undefined;
      }, "the proposal");
      return report;
    };
    const first = await done((await ann.proposeTwin({ url: server.url, name: "PLC" })).id);
    expect(first.summary).toMatchObject({ assets: 2, joined: 0 });
    await clientOf(url, "bob").approve(first.request!);
    await ann.merge(first.request!);
    const total = () => site.signals.records().find(({ address }) => address?.endsWith("Mixer.TotalCount") === true);
    await eventually(
      () => (total() !== undefined && site.signals.live(total()!.id)?.value === 4_711 ? true : undefined),
      "the counter is live",
    );
    const request = { url: broker.url, protocol: "sparkplug", name: "Gateway", listenS: 1 };
    const begun = await ann.proposeTwin(request);
    const second = await done(begun.id);
    expect(second.summary).toMatchObject({ assets: 1, joined: 1 });
    const why = second.evidence.find(({ why: { en } }) =>
      en.startsWith("the same machine as Mixer of PLC: the names agree, and Total have the same count"),
    );
    expect(why).toMatchObject({ shell: total()!.shell, confidence: 0.93 });
    await clientOf(url, "bob").approve(second.request!);
    await ann.merge(second.request!);
    const temperature = site.signals.records().find(({ address }) => address === "Works/Gateway/Mixer/Temperature");
    expect(temperature).toMatchObject({ shell: total()!.shell, role: "Temperature", unit: "°C" });
    // again with nothing new there is nothing to merge
    const again = await ann.proposeTwin(request);
    expect((await done(again.id)).request).toBeUndefined();
  } finally {
    clearInterval(speaking);
    await app.close();
    await site.close();
    await edge.end();
    await broker.stop();
    await server.stop();
  }
});
