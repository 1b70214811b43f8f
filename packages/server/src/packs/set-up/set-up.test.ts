import { LIVE, type BranchId, type Change, type Principal, type WorldRecord } from "@doppelwerk/world";
import { alarmRuleProblems } from "@doppelwerk/kit";
import { signalOfOutput } from "@doppelwerk/kit/pack";
import { afterEach, expect, test } from "vitest";
import { SYSTEM } from "../../compose/index.ts";
import { LEVEL, LEVEL_FOLD, OUTFLOW, packWithFold, TANK } from "../folds/packs-of-folds.fixture.ts";
import { smallPack } from "../packs.fixture.ts";
import { operation, servePacks, type ServedPacks } from "../served-packs.fixture.ts";

let served: ServedPacks | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const text = (en: string, zh: string) => ({ en, zh });
const rule = (name: string, condition: object) => ({
  id: `brewery.${name}`,
  kind: TANK,
  title: text(`{name} is ${name}`, `{name}：${name}`),
  condition,
  priority: 2,
  cause: text("It leaks.", "泄漏。"),
  consequence: text("Beer is lost.", "啤酒流失。"),
  response: text("Close it.", "关闭。"),
  timeToRespondS: 600,
});
const alarmRules = [
  rule("low", { kind: "low", signal: "level", limit: { field: "litres", factor: 0.1 } }),
  rule("fast", { kind: "high", signal: { fold: LEVEL, output: OUTFLOW }, limit: 100 }),
];
const DOCUMENTS = JSON.stringify([{ id: `${TANK}:shipped`, kind: TANK, name: "Shipped", litres: 50 }]);
const OPEN = `export const open = async () => ({ handlers: { "brewery.setUp": async ({ view, branch }) => {
  const id = "${TANK}:read";
  if (await view.get(id, branch)) return { created: 0 };
  await view.apply({ branch, reason: "read", changes: [{ op: "create", record: { id, kind: "${TANK}", name: "Read", litres: 200, level: "signal:level" } }] });
  return { created: 1 };
} } });`;

function packWithSetUp(documents = DOCUMENTS): Map<string, Uint8Array> {
  const { doppelwerk } = JSON.parse(Buffer.from(packWithFold().get("package.json")!).toString()) as {
    readonly doppelwerk: { readonly contributes: { readonly features: readonly object[] } };
  };
  const query = { type: "object", properties: { branch: { type: "string", default: "live" } } };
  const setUp = operation("setUp", {
    route: "POST /packs/brewery/set-up",
    action: "edit",
    branch: "query.branch",
    query,
    body: { type: "object" },
  });
  const declared = {
    ...doppelwerk.contributes.features[0],
    endpoints: [setUp],
    setUp: { operation: "brewery.setUp", documents: "./set-up.json", alarmRules },
  };
  const block = { permissions: ["read", "edit", "record"], contributes: { features: [declared] } };
  return smallPack({ "folds/level.js": LEVEL_FOLD, "server/open.js": OPEN, "set-up.json": documents }, block);
}

async function apply(branch: BranchId, ...changes: Change[]): Promise<void> {
  await served!.site.view(SYSTEM).apply({ branch, reason: "test", changes });
}
const fork = async (): Promise<BranchId> =>
  (await served!.site.view(SYSTEM).fork({ name: "set-up", parent: LIVE, instant: served!.site.now(), reason: "test" })).id;
const propose = (branch: BranchId, as?: Principal) =>
  served!.call("POST", `/pack-set-ups/brewery?branch=${encodeURIComponent(branch)}`, { ...(as && { as }) });
const rulesOn = (branch: BranchId): readonly WorldRecord[] => served!.site.view(SYSTEM).reader(branch).query({ kind: "alarmRule" });

test("[PK101] what a pack begins with is proposed on a branch: live stays as it is; what was removed since is not proposed again", async () => {
  served = await servePacks([packWithSetUp()]);
  await apply(LIVE, { op: "create", record: { id: "signal:level", kind: "signal", name: "level", valueType: "double" } as never });
  expect(await propose(LIVE)).toMatchObject({ status: 409, body: { error: { reason: { code: "packs.setUpOnLive" } } } });
  const branch = await fork();
  const listed = async (on: BranchId) => (await served!.call("GET", `/pack-set-ups?branch=${encodeURIComponent(on)}`)).body.setUps;
  expect(await listed(branch)).toEqual([
    { feature: "brewery", pack: "@brewco/doppelwerk-brewery", version: "0.1.0", reads: true, documents: 1, alarmRules: 1 },
  ]);
  // a tank that is read and one that is shipped; the shipped one has no level
  expect((await propose(branch)).body).toEqual({ created: 5, changed: 0, kept: 0, left: 0 });
  const rules = rulesOn(branch);
  expect(rules.map(({ title }) => (title as { readonly en: string }).en).toSorted()).toEqual([
    "Read is fast",
    "Read is low",
    "Shipped is fast",
  ]);
  expect(rules.flatMap((one) => alarmRuleProblems(one as never))).toEqual([]);
  expect(rules.map(({ condition }) => condition)).toContainEqual({ kind: "low", signal: "signal:level", limit: 20, deadband: 0 });
  expect(rules.map(({ condition }) => (condition as { readonly signal: string }).signal)).toContain(
    signalOfOutput(LEVEL, `${TANK}:read`, OUTFLOW),
  );
  expect([rulesOn(LIVE), served.site.view(SYSTEM).reader(LIVE).query({ kind: TANK })]).toEqual([[], []]);
  expect((await propose(branch)).body).toEqual({ created: 0, changed: 0, kept: 5, left: 0 });
  // a rule and a document that somebody removes stay removed
  const removed = [rules.find(({ id }) => id.endsWith("shipped"))!, served.site.view(SYSTEM).reader(branch).get(`${TANK}:read`)!];
  await apply(branch, ...removed.map((record): Change => ({ op: "delete", record })));
  const again = (await propose(branch)).body;
  expect([again.created, again.left]).toEqual([0, 2]);
  for (const { id } of removed) expect(served.site.view(SYSTEM).reader(branch).get(id)).toBeUndefined();
  // one that stands there under another id is not proposed beside it
  const other = await fork();
  await apply(other, {
    op: "create",
    record: { ...rules.find(({ id }) => id.includes("brewery.low"))!, id: "alarmRule:by-hand" } as never,
  });
  await propose(other);
  expect(rulesOn(other).filter(({ condition }) => (condition as { readonly kind: string }).kind === "low")).toHaveLength(1);
});

test("[PK101] who may not edit proposes nothing; documents of other kinds and features without a set-up are refused", async () => {
  served = await servePacks([packWithSetUp(JSON.stringify([{ id: "signal:x", kind: "signal" }]))]);
  const branch = await fork();
  const viewer: Principal = { id: "person:v", name: "V", verified: true, roles: ["viewer"] };
  expect((await propose(branch, viewer)).status).toBe(403);
  expect(await propose(branch)).toMatchObject({ status: 400, body: { error: { reason: { code: "packs.setUpDocuments" } } } });
  expect((await served.call("POST", `/pack-set-ups/cellar?branch=${encodeURIComponent(branch)}`)).status).toBe(404);
  expect(served.site.view(SYSTEM).diff(branch)).toEqual([]);
});
