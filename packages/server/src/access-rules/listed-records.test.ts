import { LIVE, type Principal, type RecordId, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { WorldRules } from "./world-rules.ts";

const NOON = Date.UTC(2026, 10, 30, 12) * 1_000;
const SETS = "accessRules:1";

/** Random, but the same for one seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A world of records alone, which counts what is read of it. */
class Records {
  readonly all = new Map<RecordId, { readonly record: WorldRecord | undefined; readonly revision: number }>();
  revision = 0;
  reads = 0;

  write(...changes: readonly (readonly [RecordId, WorldRecord | undefined])[]): void {
    this.revision++;
    for (const [id, record] of changes) this.all.set(id, { record, revision: this.revision });
  }

  of(kind: string): readonly WorldRecord[] {
    return [...this.all.values()]
      .flatMap(({ record }) => (record?.kind === kind ? [record] : []))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  readonly reader = {
    get: (id: RecordId) => {
      this.reads++;
      return this.all.get(id)?.record;
    },
    query: ({ kind, after = "", limit = Infinity, index }: Parameters<RecordReader["query"]>[0]) => {
      const found = this.of(kind).filter(({ id, ...fields }) => id > after && (index === undefined || fields[index.name] === index.value));
      return found.slice(0, limit);
    },
    changedSince: (revision: number) =>
      [...this.all]
        .filter(([, one]) => one.revision > revision)
        .map(([id]) => id)
        .toSorted(),
  } as unknown as RecordReader;
}

function rulesOver(records: Records, now: () => number = () => NOON, value: () => string | undefined = () => undefined): WorldRules {
  return new WorldRules({
    reader: () => records.reader,
    branches: () => [LIVE],
    revision: () => records.revision,
    valueOf: value,
    now,
  });
}

const set = (text: string): readonly [RecordId, WorldRecord] => [SETS, { id: SETS, kind: "accessRules", name: "all", enabled: true, text }];
const rule = (objects: string, formula: string): string =>
  `ACCESSRULE: ATTRIBUTES: CLAIM("role") RIGHTS: READ ACCESS: ALLOW OBJECTS: ${objects} FORMULA: ${formula}\n`;
const shell = (
  n: number,
  aasId = `urn:${n % 10 === 0 ? "own" : "other"}:${n}`,
  idShort = `Shell${n}`,
): readonly [RecordId, WorldRecord] => {
  const id = `shell:${String(n).padStart(6, "0")}`;
  const record = {
    id,
    kind: "shell",
    aasId,
    idShort,
    submodels: [],
    body: { assetInformation: { assetKind: n % 2 === 0 ? "Instance" : "Type" } },
  };
  return [id, record as unknown as WorldRecord];
};
const viewer: Principal = { id: "vera", name: "Vera", verified: true, roles: ["viewer"] };
const whole = async (rules: WorldRules, who = viewer, kind = "shell") => {
  for (let tries = 0; tries < 1_000; tries++) {
    const listed = rules.listed(who, kind);
    if (listed !== undefined) return listed;
    await new Promise(setImmediate);
  }
  throw new Error("never whole");
};
const ids = async (rules: WorldRules, who = viewer): Promise<readonly RecordId[]> => [...(await whole(rules, who)).idsAfter("")];

test("[SV345] what rules on ids, names and meanings hide is left out of a list before it is read, in pages that go on after any of them", async () => {
  const records = new Records();
  records.write(
    ...Array.from({ length: 3_000 }, (_, n) => shell(n)),
    set(rule('IDENTIFIABLE "(AssetAdministrationShell)*"', '$starts-with($aas#id, "urn:own:")')),
  );
  const rules = rulesOver(records);
  // more than one stretch: it is read in the background
  expect(rules.listed(viewer, "shell")).toBeUndefined();
  const listed = await whole(rules);
  records.reads = 0;
  const expected = records.of("shell").flatMap(({ id, aasId }) => (String(aasId).startsWith("urn:own:") ? [id] : []));
  expect([...listed.idsAfter("")]).toEqual(expected);
  expect([...listed.idsAfter(expected[100]!)]).toEqual(expected.slice(101));
  // one that is hidden, and one that never was
  expect([...listed.idsAfter("shell:000011")]).toEqual(expected.slice(2));
  expect([...listed.idsAfter("shell:000010x")]).toEqual(expected.slice(2));
  expect([listed.isHidden("shell:000011"), listed.isHidden("shell:000010"), listed.isHidden("shell:none")]).toEqual([true, false, false]);
  expect(records.reads).toBe(0);
});

test("[SV345] a list follows what is made, renamed and deleted, and other rules", async () => {
  const records = new Records();
  records.write(
    ...Array.from({ length: 50 }, (_, n) => shell(n)),
    set(rule('IDENTIFIABLE "(AssetAdministrationShell)*"', '$starts-with($aas#id, "urn:own:")')),
  );
  const rules = rulesOver(records);
  expect(await ids(rules)).toEqual([0, 10, 20, 30, 40].map((n) => shell(n)[0]));
  records.write(shell(10, "urn:other:10"), shell(11, "urn:own:11"), [shell(20)[0], undefined], shell(70, "urn:own:70"));
  expect(await ids(rules)).toEqual([0, 11, 30, 40, 70].map((n) => shell(n)[0]));
  records.write(shell(20, "urn:own:again"));
  expect(await ids(rules)).toEqual([0, 11, 20, 30, 40, 70].map((n) => shell(n)[0]));
  records.write(set(rule('IDENTIFIABLE "(AssetAdministrationShell)urn:other:3"', "true")));
  expect(await ids(rules)).toEqual([shell(3)[0]]);
  records.write(set(rule('ROUTE "/shells/*"', "true")));
  expect(await ids(rules)).toHaveLength(51);
  records.write(set(rule(`ROUTE "/shells/${Buffer.from("urn:other:5").toString("base64url")}"`, "true")));
  expect(await ids(rules)).toEqual([shell(5)[0]]);
});

test("[SV345] what was read and not shown is left out until something is written that rules look at; what the hour or a value permits never is", async () => {
  const records = new Records();
  const byKind = rule('IDENTIFIABLE "(AssetAdministrationShell)*"', '$aas#assetInformation.assetKind $eq "Instance"');
  records.write(...Array.from({ length: 20 }, (_, n) => shell(n)), set(byKind));
  let now = NOON;
  const rules = rulesOver(records, () => now);
  const read = async (): Promise<number> => {
    const listed = await whole(rules);
    for (const id of listed.idsAfter("")) {
      const record = records.all.get(id)!.record!;
      if (!rules.mayRead(viewer, record)) listed.wasHidden(record);
    }
    return [...listed.idsAfter("")].length;
  };
  expect(await read()).toBe(10);
  records.write(shell(1, "urn:other:1", "Other"));
  expect(await ids(rules)).toHaveLength(20);
  expect(await read()).toBe(10);
  // others have their own
  expect(await ids(rules, { ...viewer, roles: ["operator"] })).toHaveLength(20);
  records.write(
    set(
      rule(
        'IDENTIFIABLE "(AssetAdministrationShell)*"',
        '$and($starts-with($aas#id, "urn:own:"), GLOBAL(UTCNOW) $lt "2026-11-30T13:00:00Z")',
      ),
    ),
  );
  expect(await read()).toBe(2);
  now += 7_200_000_000;
  expect(rules.mayRead(viewer, shell(0)[1])).toBe(false);
  expect(await read()).toBe(2);
  now -= 7_200_000_000;
  expect(await ids(rules)).toEqual([shell(0)[0], shell(10)[0]]);
});

test("[SV345] nothing that may be read is ever left out, under random rules, writes and askers", async () => {
  const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
  console.log(`listed records: FUZZ_SEED=${seed}`);
  const random = randomOf(seed);
  const pick = <Item>(list: readonly Item[]): Item => list[random(list.length)]!;
  const texts = ["urn:own:", "urn:other:", "Shell1", "Shell", "Instance", "1"];
  const comparison = (): string =>
    pick([
      () => `${pick(["$starts-with", "$ends-with", "$contains"])}(${pick(["$aas#id", "$aas#idShort"])}, "${pick(texts)}")`,
      () => `${pick(["$aas#id", "$aas#idShort"])} ${pick(["$eq", "$ne"])} "${pick(["urn:own:10", "Shell3", "urn:other:3"])}"`,
      () => `$aas#assetInformation.assetKind $eq "${pick(["Instance", "Type"])}"`,
      () => `CLAIM("role") $eq "${pick(["viewer", "operator"])}"`,
      () => 'GLOBAL(UTCNOW) $lt "2026-11-30T13:00:00Z"',
      () => `$regex($aas#idShort, "${pick(["^Shell1", "9$"])}")`,
      () => "true",
    ])();
  const formula = (depth: number): string => {
    const kind = depth === 0 ? 3 : random(6);
    if (kind === 0) return `$not(${formula(depth - 1)})`;
    return kind < 3 ? `${pick(["$and", "$or"])}(${formula(depth - 1)}, ${formula(depth - 1)})` : comparison();
  };
  const object = (): string =>
    pick([
      () => 'IDENTIFIABLE "(AssetAdministrationShell)*"',
      () => `IDENTIFIABLE "(AssetAdministrationShell)urn:other:${random(40)}"`,
      () => `ROUTE "/shells/${pick(["*", `${Buffer.from(`urn:other:${random(40)}`).toString("base64url")}`, "dXJuOm93*"])}"`,
      () => 'IDENTIFIABLE "(Submodel)*"',
    ])();
  const records = new Records();
  let now = NOON;
  const rules = rulesOver(records, () => now);
  records.write(...Array.from({ length: 40 }, (_, n) => shell(n)));
  let [shown, left] = [0, 0];
  for (let round = 0; round < 400; round++) {
    if (round % 4 === 0) records.write(set(Array.from({ length: 1 + random(3) }, () => rule(object(), formula(2))).join("")));
    else
      records.write(
        ...Array.from({ length: 1 + random(3) }, () =>
          random(4) === 0
            ? ([shell(random(50))[0], undefined] as const)
            : shell(random(50), random(3) === 0 ? `urn:own:${random(1e6)}` : undefined),
        ),
      );
    now = NOON + random(3) * 3_600_000_000;
    const who = { ...viewer, roles: [pick(["viewer", "operator", "engineer"])] };
    const listed = await whole(rules, who);
    const may = new Set(records.of("shell").flatMap((record) => (rules.mayRead(who, record) ? [record.id] : [])));
    const found = [...listed.idsAfter("")];
    expect(
      found.filter((id) => may.has(id)),
      `round ${round}`,
    ).toEqual([...may]);
    for (const id of may) expect(listed.isHidden(id)).toBe(false);
    for (const id of found) if (!may.has(id)) listed.wasHidden(records.all.get(id)!.record!);
    shown += may.size;
    left += records.of("shell").length - found.length;
  }
  expect(shown).toBeGreaterThan(1_000);
  expect(left).toBeGreaterThan(1_000);
});
