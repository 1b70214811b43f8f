import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { LIVE } from "@doppelwerk/world";
import { pino } from "pino";
import { Anchoring } from "../packages/server/src/anchoring/anchoring.ts";
import { openWorlds, SYSTEM } from "../packages/server/src/compose/index.ts";
import { outsideOf, type OutsideConfig } from "../packages/server/src/outside-proof/outside-config.ts";
import { chainNode, OutsideProof } from "../packages/server/src/outside-proof/outside-proof.ts";
import { Witness } from "../packages/server/src/outside-proof/witness.ts";
import type { OutsideKind } from "../packages/server/src/transparency/outside-records.ts";
import { startGanache } from "../scripts/ganache-node.ts";
import { startTsa } from "../scripts/tsa-server.ts";
import { reportMedian, timed, type Report } from "./report.ts";

const NAME = "proof by others";
const PAIRS = 41;
const WARM_PAIRS = 4;
/** Of a block. */
const COMMITS = 400;
const WRITERS = 8;
const EACH = 25;
const logger = pino({ level: "silent" });

/** What proof by others costs: processor time of a cosignature among commits; and how long each statement takes. */
export async function bench(report: Report): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-bench-outside-"));
  try {
    await commits(report, root);
    await statements(report, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * Pairs of blocks of commits on one server, one of each with a cosignature while it runs, which is first by turns: what a cosignature costs is the difference in
 * processor time within a pair, which other programs disturb far less than the clock, and the same server has the same caches. The median over many pairs, and how
 * many of them say that it costs anything.
 */
async function commits(report: Report, root: string): Promise<void> {
  const directory = join(root, "commits");
  const worlds = await openWorlds({ dataDirectory: directory, logger, workers: 1, transparency: true });
  const log = worlds.home.transparency!;
  const witness = await serveWitness(`${directory}-witness`, log.keyText);
  const proof = new OutsideProof({ data: directory, log, config: await asking(witness), logger });
  const view = worlds.home.view(SYSTEM);
  let next = 0;
  const write = async (until: number): Promise<void> => {
    while (next < until) {
      const record = { id: `note:${next++}`, kind: "note", text: `measured ${next}`, subject: "signal:a" };
      await view.apply({ branch: LIVE, reason: "because it was measured", changes: [{ op: "create", record }] });
    }
  };
  const block = (isCosigned: boolean): Promise<{ readonly wallS: number; readonly cpuS: number }> => {
    const until = next + COMMITS;
    const writers = Array.from({ length: WRITERS }, () => write(until));
    return timed(() => Promise.all([...writers, ...(isCosigned ? [proof.run(["cosigned"])] : [])]));
  };
  try {
    const [cosignedMs, plainUs]: [number[], number[]] = [[], []];
    for (let pair = -WARM_PAIRS; pair < PAIRS; pair++) {
      const isFirst = pair % 2 === 0;
      const [a, b] = [await block(isFirst), await block(!isFirst)];
      const [on, off] = isFirst ? [a, b] : [b, a];
      if (pair < 0) continue;
      cosignedMs.push((on.cpuS - off.cpuS) * 1_000);
      plainUs.push((off.cpuS / COMMITS) * 1e6);
    }
    if (proof.stateOf("cosigned")!.failures > 0) throw new Error("a checkpoint was not cosigned");
    const costly = cosignedMs.filter((ms) => ms > 0).length;
    reportMedian(report, NAME, "processor time of a commit, all threads", "µs", plainUs);
    reportMedian(report, NAME, "processor time of a cosignature among commits, both sides and all threads", "ms", cosignedMs);
    reportMedian(report, NAME, `pairs of ${PAIRS} in which it cost anything`, "", [costly]);
    reportMedian(
      report,
      NAME,
      "of one core, at a cosignature a second",
      "%",
      cosignedMs.map((ms) => ms / 10),
    );
  } finally {
    await proof.close();
    await worlds.close();
    witness.close();
  }
}

async function statements(report: Report, root: string): Promise<void> {
  const [tsa, chain] = await Promise.all([startTsa(), startGanache()]);
  const directory = join(root, "statements");
  const worlds = await openWorlds({ dataDirectory: directory, logger, workers: 1, transparency: true });
  const log = worlds.home.transparency!;
  const witness = await serveWitness(`${directory}-witness`, log.keyText);
  try {
    const anchoring = { url: chain.url, chain: chain.chain, key: chain.keys[0]!, confirmations: 1 };
    const config = await asking(witness, { timeStamps: { url: tsa.url, roots: tsa.root }, anchoring });
    const node = chainNode(config.anchoring!, { hosts: new Set([new URL(chain.url).host]) });
    const account = new Anchoring(node, config.anchoring!, join(root, "deploy.json"));
    const { contract } = await account.deploy((ms) => setTimeout(ms / 50));
    const proof = new OutsideProof({ data: directory, log, config: { ...config, anchoring: { ...config.anchoring!, contract } }, logger });
    const kinds: readonly OutsideKind[] = ["cosigned", "stamped", "anchored"];
    const taken = new Map(kinds.map((kind) => [kind, [] as number[]]));
    for (let n = 0; n <= EACH; n++) {
      await log.append(() => ({ what: "stop" }));
      for (const kind of kinds) {
        const begun = performance.now();
        await proof.run([kind]);
        // the first loads what it needs
        if (n > 0) taken.get(kind)!.push(performance.now() - begun);
      }
    }
    for (const kind of kinds) {
      if (proof.stateOf(kind)!.failures > 0) throw new Error(`a checkpoint was not ${kind}`);
      reportMedian(report, NAME, `a checkpoint ${kind}, on one machine`, "ms", taken.get(kind)!);
    }
    await proof.close();
  } finally {
    witness.close();
    await worlds.close();
    await tsa.close();
    await chain.stop();
  }
}

interface ServedWitness {
  readonly key: string;
  readonly url: string;
  close(): void;
}

async function serveWitness(folder: string, logKey: string): Promise<ServedWitness> {
  const witness = Witness.make(folder);
  witness.addLog(logKey);
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => void (body += String(chunk)));
    request.on("end", () => {
      const { status, body: answer } = witness.addCheckpoint(body);
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { key: witness.keyText, url, close: () => void (server.close(), server.closeAllConnections()) };
}

function asking({ key, url }: ServedWitness, more: object = {}): Promise<OutsideConfig> {
  return outsideOf({ witnesses: { needed: 1, of: [{ key, url }] }, ...more });
}
