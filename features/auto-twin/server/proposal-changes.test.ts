import { propose, type Offered } from "@doppelwerk/operations";
import { createMemoryChangeLog, createMemoryRecordStore } from "@doppelwerk/storage/memory";
import { createAccessGate, createSeal } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld, type Change, type ShellRecord, type SignalRecord, type WorldView } from "@doppelwerk/world";
import { expect, test } from "vitest";
import type { FoundPlant } from "@doppelwerk/world";
import { offeredOfBrowse } from "./offered-of-browse.ts";
import { proposalChanges } from "./proposal-changes.ts";

const source = "proposal connection:plant";
const connection = "connection:plant";

function plantOf(machines: readonly string[], unit = "kN"): FoundPlant {
  return {
    target: { protocol: "opcua", url: "opc.tcp://plant:4840" },
    found: {
      serverName: "",
      namespaces: [],
      skipped: [],
      truncated: false,
      objects: machines.map((id) => ({
        path: ["Machines", id, "Identification"],
        type: { namespace: "http://opcfoundation.org/UA/Machinery/", name: "MachineIdentificationType" },
        properties: { Manufacturer: "Maker" },
      })),
      drafts: machines.flatMap((id) => [
        {
          name: "Good",
          path: ["Machines", id, "Good"],
          address: `nsu=urn:p;s=${id}.Good`,
          valueType: "integer" as const,
          writable: false,
          hasHistory: true,
        },
        {
          name: "Force",
          path: ["Machines", id, "Force"],
          address: `nsu=urn:p;s=${id}.Force`,
          valueType: "double" as const,
          unit,
          writable: false,
          hasHistory: true,
        },
      ]),
    },
  };
}

async function aSite(): Promise<{
  view: WorldView;
  run(plant: FoundPlant, truncated?: boolean): Promise<ReturnType<typeof proposalChanges>>;
  apply(...changes: Change[]): Promise<unknown>;
  signal(address: string): SignalRecord;
  shell(idShort: string): ShellRecord | undefined;
}> {
  let now = 1;
  let id = 0;
  const world = await openWorld({
    store: createMemoryRecordStore(coreKinds),
    log: createMemoryChangeLog(),
    leaseEpoch: 0,
    clock: { now: () => now++ },
    ids: { next: (kind) => `${kind}:${id++}` },
    seal: createSeal((text) => text.slice(-64)),
    kinds: coreKinds,
    gate: createAccessGate({ rolesOf: ({ roles }) => roles }),
  });
  const view = world.view({ id: "ann", name: "Ann", verified: false, roles: ["administrator"] });
  const apply = (...changes: Change[]) => view.apply({ branch: LIVE, reason: "test", changes });
  return {
    view,
    apply,
    async run(plant, truncated = false) {
      const offered: Offered = {
        ...offeredOfBrowse("opcua", plant.found, { source, name: "Plant", described: new Set(), samples: new Map() }),
        truncated,
      };
      const result = proposalChanges(view.reader(LIVE), propose(offered), {
        source,
        name: "Plant",
        plant: { found: plant, connection },
        truncated,
      });
      if (result.changes.length > 0) await apply(...result.changes);
      return result;
    },
    signal: (address) =>
      view.reader(LIVE).query({ kind: "signal", index: { name: "address", value: `nsu=urn:p;s=${address}` } })[0] as SignalRecord,
    shell: (idShort) =>
      view.reader(LIVE).query({ kind: "shell", index: { name: "idShort", value: idShort } })[0] as ShellRecord | undefined,
  };
}

test("[SV40] a proposal brings connection, shells and signals that are the value of their property; again it brings nothing", async () => {
  const site = await aSite();
  await site.run(plantOf(["M1", "M2"]));
  const signal = site.signal("M1.Good");
  expect(signal).toMatchObject({
    connection,
    role: "Good",
    shell: site.shell("M1")!.aasId,
    name: "M1.Good",
    counter: { type: "totaliser" },
  });
  expect(site.view.reader(LIVE).get(signal.element!)).toMatchObject({ idShort: "Good", signal: signal.id });
  expect(site.view.reader(LIVE).get(connection)).toMatchObject({ protocol: "opcua", url: "opc.tcp://plant:4840" });
  expect(await site.run(plantOf(["M1", "M2"]))).toEqual({ changes: [], conflicts: [] });
});

test("[SV42] the plant changes beside an edit: the edit stays, what both changed is a conflict, the rest follows", async () => {
  const site = await aSite();
  await site.run(plantOf(["M1", "M2"]));
  const force = site.signal("M1.Force");
  const shell = site.shell("M2")!;
  const body = { ...(shell["body"] as object), displayName: [{ language: "en", text: "The old press" }] };
  await site.apply(
    { op: "update", id: force.id, fields: { unit: { from: "kN", to: "N" }, name: { from: force.name, to: "My force" } } },
    { op: "update", id: shell.id, fields: { body: { from: shell["body"], to: body } } },
  );
  const { conflicts } = await site.run(plantOf(["M1", "M2", "M3"], "MN"));
  expect(conflicts.filter(({ id }) => id === force.id)).toMatchObject([{ field: "unit", reason: "edit/edit", ours: "N", theirs: "MN" }]);
  expect(site.signal("M1.Force")).toMatchObject({ unit: "N", name: "My force" });
  expect(site.signal("M2.Force")).toMatchObject({ unit: "MN" });
  expect(site.shell("M2")!["body"]).toMatchObject({ displayName: [{ text: "The old press" }] });
  expect(site.shell("M3")).toBeDefined();
  // the conflict stays visible until one side gives in
  expect((await site.run(plantOf(["M1", "M2", "M3"], "MN"))).conflicts.filter(({ id }) => id === force.id)).toHaveLength(1);
});

test("[SV42] names of numbers follow the plant, also into signals that had none; a plant that gives none now keeps them", async () => {
  const site = await aSite();
  const named = (...names: readonly string[]): FoundPlant => {
    const plant = plantOf(["M1", "M2"]);
    const enumeration = names.map((name, value) => ({ value, name }));
    const drafts = plant.found.drafts.map((draft) => (draft.name === "Good" && names.length > 0 ? { ...draft, enumeration } : draft));
    return { ...plant, found: { ...plant.found, drafts } };
  };
  const names = () => site.signal("M1.Good").enumeration?.map(({ name }) => name);
  await site.run(named());
  expect(names()).toBeUndefined();
  await site.run(named("Paro", "Marcha"));
  expect(names()).toEqual(["Paro", "Marcha"]);
  expect((await site.run(named("Paro", "Marcha"))).changes).toEqual([]);
  await site.run(named("Paro", "Marcha lenta"));
  expect(names()).toEqual(["Paro", "Marcha lenta"]);
  expect((await site.run(named())).conflicts).toEqual([]);
  expect(names()).toEqual(["Paro", "Marcha lenta"]);
});

test("[SV43] a machine that is gone goes, its signals keep their record; after a look that was cut short nothing goes", async () => {
  const site = await aSite();
  await site.run(plantOf(["M1", "M2"]));
  const { id } = site.signal("M2.Good");
  const shell = String(site.shell("M2")!.aasId);
  await site.run(plantOf(["M1"]), true);
  expect([site.shell("M2"), site.signal("M2.Good").shell]).toEqual([expect.anything(), expect.anything()]);
  const gone = await site.run(plantOf(["M1"]));
  // nobody worked on it: that its properties show signals was the proposal's own doing
  expect(gone.conflicts).toEqual([]);
  expect(site.shell("M2")).toBeUndefined();
  expect(JSON.stringify(site.view.reader(LIVE).query({ kind: "submodel" }))).not.toContain(shell);
  expect(site.signal("M2.Good")).toMatchObject({ id, connection });
  expect(site.signal("M2.Good").shell).toBeUndefined();
  // what was deleted does not come back by itself: it is told, and no signal speaks of a shell that is not there
  const { conflicts } = await site.run(plantOf(["M1", "M2"]));
  expect(conflicts.some(({ reason }) => reason === "delete/edit")).toBe(true);
  expect([site.shell("M2"), site.signal("M2.Good").shell]).toEqual([undefined, undefined]);
});

test("[SV42] a value type that the plant corrected is corrected when it is proposed again, in the signal and in its property", async () => {
  const site = await aSite();
  const typed = (valueType: "integer" | "double"): FoundPlant => {
    const plant = plantOf(["M1", "M2"]);
    const drafts = plant.found.drafts.map((draft) => (draft.name === "Force" ? { ...draft, valueType } : draft));
    return { ...plant, found: { ...plant.found, drafts } };
  };
  const types = () => {
    const signal = site.signal("M1.Force");
    const element = site.view.reader(LIVE).get(signal.element!);
    return [signal.valueType, (element?.["body"] as { readonly valueType?: string } | undefined)?.valueType];
  };
  await site.run(typed("integer"));
  expect(types()).toEqual(["integer", "xs:long"]);
  expect((await site.run(typed("double"))).conflicts).toEqual([]);
  expect(types()).toEqual(["double", "xs:double"]);
  expect((await site.run(typed("double"))).changes).toEqual([]);
});
