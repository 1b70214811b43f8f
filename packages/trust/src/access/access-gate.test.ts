import { LIVE, type Action, type Change, type Principal } from "@doppelwerk/world";
import { beforeEach, describe, expect, test } from "vitest";
import { createAccessGate } from "./access-gate.ts";
import type { PlaceRoleSource } from "./deciding-at-places.ts";
import { roleTable } from "./roles.ts";

const gate = createAccessGate({ rolesOf: ({ roles }) => roles });
const actions: readonly Action[] = [
  "read",
  "edit",
  "fork",
  "run",
  "propose",
  "comment",
  "approve",
  "acknowledge",
  "command",
  "enter",
  "import",
  "administer",
];

function person(...roles: readonly string[]): Principal {
  return { id: "p", name: "P", verified: true, roles };
}

function allowed(role: string, branch: string): readonly Action[] {
  return actions.filter((action) => gate.decide(person(role), action, branch).allowed);
}

const asItIs = <Item>(_: Principal, record: Item): Item => record;

test("[T12] a machine never approves nor administers, whatever its roles are", () => {
  const machine: Principal = { ...person("administrator"), machine: true };
  for (const action of actions)
    expect(gate.decide(machine, action, LIVE).allowed, action).toBe(!["approve", "administer"].includes(action));
  const change: Change = { op: "create", record: { id: "connection:1", kind: "connection" } } as never;
  expect(gate.mayChange(machine, LIVE, change).allowed).toBe(false);
  expect(gate.classOf(machine)).not.toBe(gate.classOf(person("administrator")));
});

test("[T13] access rules only forbid, and neither administrators nor who has a key", () => {
  let isEmpty = true;
  let version = 1;
  const rules = {
    isEmpty: () => isEmpty,
    version: () => version,
    mayRead: () => isEmpty,
    mayChange: () => isEmpty,
    mayExecute: () => isEmpty,
    shown: asItIs,
  };
  const ruled = createAccessGate({ rolesOf: ({ roles }) => roles, rules });
  const record = { id: "shell:1", kind: "shell" };
  const change: Change = { op: "create", record } as never;
  expect(ruled.classOf(person("viewer"))).toBe(ruled.classOf({ ...person("viewer"), id: "q" }));
  expect([ruled.mayRead(person("viewer"), record), ruled.mayRead(person(), record)]).toEqual([true, false]);
  isEmpty = false;
  expect([ruled.mayRead(person("viewer"), record), ruled.mayRead(person("administrator"), record)]).toEqual([false, true]);
  expect(ruled.mayRead({ ...person("viewer"), scope: { covers: () => true, version: () => 1 } }, record)).toBe(true);
  expect(ruled.mayChange(person("engineer"), LIVE, change)).toMatchObject({ allowed: false, why: { code: "trust.noRulePermits" } });
  expect(ruled.mayChange(person("administrator"), LIVE, change).allowed).toBe(true);
  const classes = [ruled.classOf(person("viewer")), ruled.classOf({ ...person("viewer"), id: "q" })];
  version++;
  expect(new Set([...classes, ruled.classOf(person("viewer"))]).size).toBe(3);
  const rule: Change = { op: "create", record: { id: "accessRules:1", kind: "accessRules" } } as never;
  expect(ruled.mayChange(person("engineer"), LIVE, rule).allowed).toBe(false);
});

test("[T13] a command of something needs the right to execute it; without a subject roles alone decide", () => {
  const rules = { isEmpty: () => false, version: () => 1, mayRead: () => true, mayChange: () => true, shown: asItIs };
  const ruled = createAccessGate({ rolesOf: ({ roles }) => roles, rules: { ...rules, mayExecute: (_, __, id) => id === "signal:mine" } });
  const may = (role: string, ...subject: readonly string[]): boolean => ruled.decide(person(role), "command", LIVE, ...subject).allowed;
  expect([may("operator"), may("operator", "signal:mine"), may("operator", "signal:other")]).toEqual([true, true, false]);
  expect([may("administrator", "signal:other"), may("viewer", "signal:mine")]).toEqual([true, false]);
});

describe("roles at places", () => {
  let [isEmpty, isStrict] = [false, true];
  const at = (subject: unknown): string => (typeof subject === "string" ? subject : String((subject as { place?: string }).place));
  const places: PlaceRoleSource = {
    isEmpty: () => isEmpty,
    isStrict: () => isStrict,
    isOf: (action) => action === "edit" || action === "command" || action === "approve",
    decide: (_, __, where) =>
      where === "anywhere" || (where !== "everywhere" && at(where.subject) === "here")
        ? { allowed: true, role: "planner", place: "here" }
        : { allowed: false, roles: ["planner"], places: where !== "everywhere" && at(where.subject) === "nowhere" ? [] : ["there"] },
  };
  const placed = createAccessGate({ rolesOf: ({ roles }) => roles, places });
  const engineer = person("engineer");
  const before = { id: "shell:1", kind: "shell", place: "here" };
  const move = (from: string, to: string): Change => ({ op: "update", id: "shell:1", fields: { place: { from, to } } });
  beforeEach(() => void ([isEmpty, isStrict] = [false, true]));

  test("[T15] a strict one forbids, on live, what is done at a place, and not administrators; a move is one from and one to", () => {
    expect(placed.decide(engineer, "command", LIVE, "here").allowed).toBe(true);
    expect(placed.decide(engineer, "command", LIVE, "there")).toMatchObject({
      why: { code: "trust.noRoleAtPlace", params: { places: "there" } },
    });
    expect(placed.decide(engineer, "command", LIVE, "nowhere")).toMatchObject({ why: { code: "trust.noRoleInWorld" } });
    for (const [who, action, branch] of [
      [person("administrator"), "command", LIVE],
      [engineer, "command", "branch:1"],
      [engineer, "read", LIVE],
    ] as const)
      expect(placed.decide(who, action, branch, "there").allowed, `${action} ${branch}`).toBe(true);
    expect(placed.mayChange(engineer, LIVE, move("here", "there"), false, before).allowed).toBe(false);
    expect(placed.mayChange(engineer, LIVE, move("there", "here"), false, { ...before, place: "there" }).allowed).toBe(false);
    expect(placed.mayChange(engineer, LIVE, move("here", "here"), false, before).allowed).toBe(true);
    expect(placed.mayChange(engineer, "branch:1", move("here", "there"), false, before).allowed).toBe(true);
    isStrict = false;
    expect(placed.decide(engineer, "command", LIVE, "there").allowed).toBe(true);
    isEmpty = true;
    expect(placed.decide(engineer, "command", LIVE, "there").allowed).toBe(true);
  });

  test("[T15] they give what no role of the server does, where it is done to something: not to who may not read, a key, or a machine that would answer for it", () => {
    const viewer = person("viewer");
    for (const strict of [true, false]) {
      isStrict = strict;
      expect(placed.decide(viewer, "command", LIVE, "here").allowed).toBe(true);
      expect(placed.decide(viewer, "command", LIVE, "there")).toMatchObject({ why: { code: "trust.noRoleAtPlace" } });
      // somewhere is not everywhere
      expect(placed.decide(viewer, "command", LIVE)).toMatchObject({ why: { code: "trust.notAllowed" } });
      expect(placed.mayAnywhere!(viewer, "command", LIVE).allowed).toBe(true);
      expect(placed.decide(viewer, "command", "branch:1", "here").allowed).toBe(false);
      expect(placed.decide(viewer, "administer", LIVE, "here").allowed).toBe(false);
      expect(placed.mayChange(viewer, LIVE, move("here", "here"), false, before).allowed).toBe(true);
      expect(placed.mayChange(viewer, LIVE, move("here", "there"), false, before).allowed).toBe(false);
      const connection = { id: "connection:1", kind: "connection", place: "here" };
      expect(placed.mayChange(viewer, LIVE, { op: "create", record: connection }).allowed).toBe(false);
    }
    expect(placed.decide(person(), "command", LIVE, "here").allowed).toBe(false);
    expect(placed.decide({ ...viewer, scope: { covers: () => true, version: () => 1 } }, "command", LIVE, "here").allowed).toBe(false);
    expect(placed.decide({ ...viewer, machine: true }, "approve", LIVE, "here").allowed).toBe(false);
    expect(placed.decide({ ...viewer, machine: true }, "command", LIVE, "here").allowed).toBe(true);
    const barred = createAccessGate({ rolesOf: ({ roles }) => roles, places, mayDo: (_, action) => action !== "command" });
    expect(barred.decide(viewer, "command", LIVE, "here").allowed).toBe(false);
    isEmpty = true;
    expect(placed.decide(viewer, "command", LIVE, "here").allowed).toBe(false);
  });

  test("[T15] what a place gives is held to access rules", () => {
    const rules = {
      isEmpty: () => false,
      version: () => 1,
      mayRead: () => true,
      mayChange: () => false,
      shown: asItIs,
      mayExecute: () => false,
    };
    const ruled = createAccessGate({ rolesOf: ({ roles }) => roles, places, rules });
    expect(ruled.decide(person("viewer"), "command", LIVE, "here")).toMatchObject({ why: { code: "trust.noRulePermits" } });
    expect(ruled.mayChange(person("viewer"), LIVE, move("here", "here"), false, before)).toMatchObject({
      why: { code: "trust.noRulePermits" },
    });
  });
});

describe("roles", () => {
  test("[T4] the table of four roles, on live and on forks", () => {
    expect(allowed("viewer", LIVE)).toEqual(["read", "comment"]);
    expect(allowed("operator", LIVE)).toEqual(["read", "fork", "run", "propose", "comment", "acknowledge", "command", "enter"]);
    expect(allowed("operator", "branch:1")).toEqual([
      "read",
      "edit",
      "fork",
      "run",
      "propose",
      "comment",
      "acknowledge",
      "command",
      "enter",
    ]);
    expect(allowed("engineer", LIVE)).toEqual(actions.filter((action) => action !== "administer"));
    expect(allowed("administrator", LIVE)).toEqual(actions);
    expect(Object.keys(roleTable)).toEqual(["viewer", "operator", "engineer", "administrator"]);
  });

  test("[T5] what is not in the table is denied with a reason: no role, unknown roles, unknown actions", () => {
    expect(gate.decide(person(), "read", LIVE)).toMatchObject({ allowed: false, why: { code: "trust.notAllowedWithoutRole" } });
    for (const role of ["Administrator", "constructor", "__proto__", "toString", ""]) expect(allowed(role, LIVE)).toEqual([]);
    expect(gate.decide(person("administrator"), "fly" as Action, LIVE).allowed).toBe(false);
    expect(gate.decide(person("administrator"), "constructor" as Action, LIVE).allowed).toBe(false);
    expect(gate.mayRead(person("nobody"), { id: "note:1", kind: "note" })).toBe(false);
  });

  test("[T5] a role taken away is gone at once", () => {
    let roles = ["engineer"];
    const changing = createAccessGate({ rolesOf: () => roles });
    expect(changing.decide(person(), "edit", LIVE).allowed).toBe(true);
    roles = [];
    expect(changing.decide(person("engineer"), "edit", LIVE).allowed).toBe(false);
  });

  test("[T6] a record with readers is read by those roles and administrators, and only administrators say who", () => {
    const secret = { id: "note:1", kind: "note", readers: ["engineer"] };
    expect(["viewer", "operator", "engineer", "administrator"].map((role) => gate.mayRead(person(role), secret))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(gate.mayRead(person("viewer"), { ...secret, readers: [] })).toBe(false);
    expect(gate.mayRead(person("viewer"), { ...secret, readers: "viewer" })).toBe(false);
    const opened: Change = { op: "update", id: "note:1", fields: { readers: { from: ["engineer"], to: undefined } } };
    for (const change of [opened, { op: "create", record: secret } as const, { op: "delete", record: secret } as const])
      expect([
        gate.mayChange(person("engineer"), LIVE, change).allowed,
        gate.mayChange(person("administrator"), LIVE, change).allowed,
      ]).toEqual([false, true]);
  });

  test("[T9] what a command may reach, and when, is decided by administrators, on forks too", () => {
    const safe = { id: "signal:1", kind: "signal", name: "Guard", safety: true };
    const changes: readonly Change[] = [
      { op: "update", id: "signal:1", fields: { safety: { from: true, to: undefined } } },
      { op: "update", id: "signal:1", fields: { commandWhen: { from: undefined, to: [] } } },
      { op: "create", record: safe },
      { op: "delete", record: safe },
    ];
    for (const branch of [LIVE, "branch:1"])
      for (const change of changes)
        expect([
          gate.mayChange(person("engineer"), branch, change).allowed,
          gate.mayChange(person("administrator"), branch, change).allowed,
        ]).toEqual([false, true]);
    const renamed: Change = { op: "update", id: "signal:1", fields: { name: { from: "Guard", to: "Gate" } } };
    expect(gate.mayChange(person("engineer"), LIVE, renamed).allowed).toBe(true);
  });

  test("[T7] a further rule can only forbid", () => {
    const strict = createAccessGate({ rolesOf: ({ roles }) => roles, mayRead: (_principal, record) => record.kind !== "recipe" });
    const open = createAccessGate({ rolesOf: ({ roles }) => roles, mayRead: () => true });
    expect(strict.mayRead(person("administrator"), { id: "recipe:1", kind: "recipe" })).toBe(false);
    expect(open.mayRead(person(), { id: "note:1", kind: "note" })).toBe(false);
    const onOne = createAccessGate({ rolesOf: ({ roles }) => roles, mayDo: (_principal, _action, branch) => branch === "branch:1" });
    expect(["branch:1", "branch:2", LIVE].map((branch) => onOne.decide(person("engineer"), "edit", branch).allowed)).toEqual([
      true,
      false,
      false,
    ]);
    expect(onOne.decide(person("viewer"), "edit", "branch:1").allowed).toBe(false);
  });

  test("[T8] the kind of a record says which action a change is", () => {
    const create = (kind: string): Change => ({ op: "create", record: { id: `${kind}:1`, kind } });
    const may = (role: string, kind: string): boolean => gate.mayChange(person(role), LIVE, create(kind)).allowed;
    expect([
      may("viewer", "comment"),
      may("viewer", "mergeRequest"),
      may("operator", "mergeRequest"),
      may("operator", "element"),
      may("engineer", "element"),
    ]).toEqual([true, false, true, false, true]);
    expect([may("engineer", "connection"), may("administrator", "connection")]).toEqual([false, true]);
  });

  test("[T10] a principal with a scope reads on live what the scope covers, and does nothing else", () => {
    let [covered, version] = ["note:1", 1];
    const scope = { covers: ({ id }: { readonly id: string }) => id === covered, version: () => version };
    const guest: Principal = { ...person("administrator"), scope };
    const [own, other] = [
      { id: "note:1", kind: "note" },
      { id: "note:2", kind: "note" },
    ];
    expect(actions.filter((action) => gate.decide(guest, action, LIVE).allowed)).toEqual(["read"]);
    expect(actions.filter((action) => gate.decide(guest, action, "branch:1").allowed)).toEqual([]);
    expect([gate.mayRead(guest, own), gate.mayRead(guest, other), gate.mayReadAll(guest)]).toEqual([true, false, false]);
    expect(gate.mayRead(guest, { ...own, readers: [] })).toBe(true);
    expect(gate.mayRead({ ...person(), scope }, own)).toBe(false);
    expect(gate.mayChange(guest, LIVE, { op: "create", record: own }).allowed).toBe(false);
    const before = gate.classOf(guest);
    [covered, version] = ["note:2", 2];
    expect([gate.mayRead(guest, own), gate.mayRead(guest, other)]).toEqual([false, true]);
    expect(new Set([before, gate.classOf(guest), gate.classOf(person("administrator"))]).size).toBe(3);
  });

  test("[T11] a record of another world is written by the server alone", () => {
    const linked = { id: "shell:1", kind: "shell", linked: { link: "link:1" } };
    const own: Principal = { ...person("administrator"), id: "system" };
    const renamed: Change = { op: "update", id: "shell:1", fields: { idShort: { from: "a", to: "b" } } };
    const freed: Change = { op: "update", id: "shell:1", fields: { linked: { from: linked.linked, to: undefined } } };
    for (const change of [freed, { op: "create", record: linked } as const, { op: "delete", record: linked } as const])
      expect([person("administrator"), own].map((one) => gate.mayChange(one, LIVE, change).allowed)).toEqual([false, true]);
    for (const branch of [LIVE, "branch:1"])
      expect([person("administrator"), own].map((one) => gate.mayChange(one, branch, renamed, true).allowed)).toEqual([false, true]);
    expect(gate.mayChange(person("administrator"), LIVE, renamed).allowed).toBe(true);
  });
});
