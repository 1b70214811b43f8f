import { LIVE } from "@doppelwerk/world";
import type { RecordId } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { ENGINEER, startTestServer } from "../../../packages/aas-server/src/api/test-server.fixture.ts";
import { inEffectSince } from "./in-effect-since.ts";

test("[SV60] a change is in effect when the last of what was planned is confirmed, never before", async () => {
  const server = await startTestServer({
    submodels: [
      {
        modelType: "Submodel",
        id: "urn:sm",
        submodelElements: ["Places", "Buffer"].map((idShort) => ({
          modelType: "Property" as const,
          idShort,
          valueType: "xs:int" as const,
          value: "6",
        })),
      },
    ],
  });
  const view = server.world.view(ENGINEER);
  const other = server.world.view({ ...ENGINEER, id: "person:other" });
  const elements = view.reader(LIVE).query({ kind: "element" });
  const branch = await view.fork({ name: "b", parent: LIVE, instant: server.now(), reason: "try" });
  await view.apply({
    branch: branch.id,
    reason: "try",
    changes: elements.map(({ id }) => ({ op: "update" as const, id, fields: { value: { from: "6", to: "7" } } })),
  });
  const request = await view.requests.open({
    branch: branch.id,
    title: "t",
    text: "",
    planned: { owner: "o", effectiveFrom: "2026-12-01", action: "a" },
    resultHash: "",
  });
  const { plan } = view.requests.state(request.id);
  await other.requests.approve(request.id, { diffHash: plan!.diffHash, resultHash: "" });
  await other.requests.merge(request.id);
  const ids: readonly RecordId[] = view.diff(branch.id).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  expect(inEffectSince(view, request.id, ids)).toBeUndefined();
  await view.confirm(ids[0]!, "done");
  expect(inEffectSince(view, request.id, ids)).toBeUndefined();
  const { entry } = await view.confirm(ids[1]!, "done");
  expect(inEffectSince(view, request.id, ids)).toBe(entry.time);
  await server.close();
});
