import { createClient } from "@doppelwerk/client";
import type { Client, Factor, MergeRequest } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";

/** People of the demonstration: their names say so wherever they are shown. */
const PEOPLE = {
  operator: "Li Na (demonstration)",
  engineer: "Zhang Wei (demonstration)",
  lead: "Maria Keller (demonstration)",
} as const;

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const DAY_MS = 86_400_000;
const BOOK = "Laboratory book (demonstration)";

/** Readings by hand, as long ago as each is: at least one is in the shift before this one. */
const READINGS = [
  { ago: 14 * HOUR, value: 0.42, note: "reference part, laboratory" },
  { ago: 9 * HOUR, value: 0.39, note: "reference part, laboratory" },
  { ago: 5 * HOUR, value: 0.47, note: "after the seal of place 3 was changed" },
  { ago: 20 * MINUTE, value: 0.41, note: "reference part, laboratory" },
] as const;

/**
 * Records of a fresh demonstration that only people make: values that an operator typed in, and a change that one person proposed and another approved. They are
 * made as people make them, over the API, once; what a start that was killed left half done is carried on.
 */
export async function addDemoRecords(url: string): Promise<void> {
  const client = (name: keyof typeof PEOPLE): Client =>
    createClient({
      baseUrl: url,
      person: { id: `demonstration-${name}`, name: PEOPLE[name] },
      fetch: (address, init) => fetch(address, init as RequestInit),
      now: () => Date.now() * 1_000,
    });
  const operator = client("operator");
  await enterReadings(operator);
  const [engineer, lead] = [client("engineer"), client("lead")];
  const known = (await lead.mergeRequests()).find(({ author }) => author.name === PEOPLE.engineer);
  const request = known ?? (await proposeChange(engineer));
  // a start that was killed may have left it open
  if (request !== undefined && (request.status === "open" || request.status === "approved")) await approveAndMerge(lead, request);
}

interface EntrySignal {
  readonly id: string;
  readonly connectionName: string;
}

async function enterReadings(operator: Client): Promise<void> {
  const { requester } = operator;
  const find = async (): Promise<EntrySignal | undefined> =>
    (await requester.json<readonly EntrySignal[]>("GET", "/entries/signals")).find(({ connectionName }) => connectionName === BOOK);
  let signal = await find();
  if (signal === undefined) {
    const reading = { address: "LeakRate", name: "Leak rate S090, laboratory", valueType: "double", unit: "ml/min", low: 0, high: 0.8 };
    await operator.connect({ url: "entered:demonstration", name: BOOK, protocol: "entered", settings: { signals: [reading] } });
    signal = await find();
  }
  if (signal === undefined) throw new Error(`the signal of ${BOOK} is not there`);
  const entered = await requester.json<readonly unknown[]>("GET", `/entries?signal=${encodeURIComponent(signal.id)}`);
  const now = Date.now() * 1_000;
  for (const { ago, value, note } of READINGS.slice(entered.length))
    await requester.json("POST", "/entries", { body: { signal: signal.id, value, time: now - ago, note } });
}

/** A change of the line that no lesson is about: the last one, so that the first stays as it is where there are two. */
async function proposeChange(engineer: Client): Promise<Pick<MergeRequest, "id" | "status"> | undefined> {
  const line = (await engineer.lines()).at(-1);
  if (line === undefined) return undefined;
  const isChanged = ({ key }: Factor): boolean => key.endsWith("/BufferCapacity") && !/^S(090|130)\//.test(key);
  const buffer = (await engineer.factors(LIVE, { line: line.id })).findLast(isChanged);
  if (buffer === undefined) throw new Error(`${line.id} has no buffer to change`);
  const name = `Buffer ${buffer.station} (demonstration)`;
  const left = (await engineer.branches()).find((branch) => branch.name === name && branch.closed === undefined);
  const { id: branch } = left ?? (await engineer.fork(name));
  const [before, after] = [String(buffer.value), String(buffer.value + 2)];
  const here = (await engineer.factors(branch, { line: line.id })).find(({ key }) => key === buffer.key);
  if (String(here?.value) === before)
    await engineer.requester.json("POST", `/branches/${encodeURIComponent(branch)}/changes`, {
      body: {
        reason: `two more places before ${buffer.station}`,
        changes: [{ op: "update", id: buffer.element, fields: { value: { from: before, to: after } } }],
      },
    });
  return engineer.propose({
    branch,
    title: `Two more buffer places before ${buffer.station} (demonstration)`,
    text: `The buffer before ${buffer.station} from ${before} to ${after} places. A record of the demonstration plant; no simulation was run for it.`,
    runs: [],
    planned: {
      owner: "Maintenance (demonstration)",
      effectiveFrom: new Date(Date.now() + 14 * DAY_MS).toISOString().slice(0, 10),
      action: `extend the buffer before ${buffer.station}`,
    },
  });
}

async function approveAndMerge(lead: Client, { id, status }: Pick<MergeRequest, "id" | "status">): Promise<void> {
  if (status === "open") {
    const { diffHash, resultHash } = await lead.mergeRequest(id);
    await lead.approve(id, { diffHash, resultHash });
    await lead.comment(id, "Approved for the demonstration: it becomes the plan, and nothing on the line changes by it.");
  }
  await lead.merge(id);
}
