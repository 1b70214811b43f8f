import type { Principal } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { lockedOut } from "./locks-out.ts";

const person = (id: string, ...roles: readonly string[]): Principal => ({ id, name: id, verified: true, roles });
const mara = person("mara", "administrator");
const noor = person("noor", "administrator");
const ida = person("ida", "engineer");
const none = (): readonly string[] => [];

const access = {
  covers: [{ kind: "propertyClass" }],
  propose: [],
  approve: ["administrator"],
  approvers: 1,
  directWrites: false,
  enabled: true,
};

test("[SV324] a class that covers property classes needs people who can approve a change of it beside its author", () => {
  expect(lockedOut(access, [mara, ida], none)).toBe(0);
  expect(lockedOut(access, [mara, noor], none)).toBeUndefined();
  expect(lockedOut({ ...access, approvers: 2 }, [mara, noor, ida], none)).toBe(1);
  expect(lockedOut({ ...access, approve: ["engineer"] }, [mara, ida], none)).toBeUndefined();
  // whoever may approve: engineers and administrators
  expect(lockedOut({ ...access, approve: [], approvers: 2 }, [mara, noor, ida], none)).toBeUndefined();
  expect(lockedOut({ ...access, approve: [] }, [mara, person("otto", "operator")], none)).toBe(0);
  // nobody may propose it
  expect(lockedOut({ ...access, propose: ["quality lead"] }, [mara, noor], none)).toBe(0);
  const leads = ({ id }: Principal): readonly string[] => (id === "ida" ? ["quality lead"] : []);
  expect(lockedOut({ ...access, approve: ["quality lead"] }, [mara, ida], leads)).toBeUndefined();
  // a machine approves nothing
  expect(lockedOut(access, [mara, { ...noor, machine: true }], none)).toBe(0);
  for (const harmless of [
    { ...access, enabled: false },
    { ...access, directWrites: true },
    { ...access, covers: [{ kind: "alarmRule" }, { path: "A.B" }] },
  ])
    expect(lockedOut(harmless, [], none)).toBeUndefined();
});
