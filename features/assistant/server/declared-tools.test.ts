import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@doppelwerk/client";
import { endpoint, z } from "@doppelwerk/kit";
import { SYSTEM } from "@doppelwerk/server/site";
import { LIVE, type Principal } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { declaredTools, type ApiDocument } from "./declared-tools.ts";
import type { Reach, Tool } from "./tool.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-tools-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[MCP6] an operation is a tool where its contract declares it: by the input of the contract, with the rights of who asks", async () => {
  const site = await openProduct(folder);
  const record = { id: "connection:book", kind: "connection", name: "book", protocol: "entered", url: "entered:book", enabled: false };
  const secret = { ...record, id: "connection:recipe", name: "recipe", readers: ["engineer"] };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "two", changes: [record, secret].map((each) => ({ op: "create", record: each })) });
  const as = async (...roles: string[]) => {
    const principal: Principal = { id: "person:a", name: "A", verified: true, roles };
    const { origin, close } = await serveAs(site, principal);
    const document = (await (await fetch(`${origin}/openapi.json`)).json()) as ApiDocument;
    const client = createClient({
      baseUrl: origin,
      person: { id: "a-secret", name: "A" },
      fetch: (url, init) => fetch(url, init as RequestInit),
    });
    const tools = new Map(declaredTools(document).map((tool) => [tool.name, tool]));
    const run = (name: string, input: object): Promise<unknown> => {
      const tool = tools.get(name) as Tool;
      return tool.run(tool.input.parse(input) as never, { client } as unknown as Reach);
    };
    return { run, tools, close };
  };
  const [viewer, engineer, nobody] = [await as("viewer"), await as("engineer"), await as()];
  expect([...viewer.tools.values()].filter(({ readOnly }) => !readOnly)).toEqual([]);
  expect([...viewer.tools.keys()].toSorted()).toEqual(
    expect.arrayContaining(["alarms", "alarms_ahead", "branches", "commands", "connections", "entries", "log"]),
  );
  expect(await viewer.run("alarms", {})).toEqual([]);
  await expect(viewer.run("alarms_ahead", { branch: LIVE })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  await expect(nobody.run("alarms", {})).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  const names = async (of: typeof viewer) => ((await of.run("connections", {})) as { name: string }[]).map(({ name }) => name).toSorted();
  await expect.poll(() => names(engineer)).toEqual(["book", "recipe"]);
  expect(await names(viewer)).toEqual(["book"]);
  expect(await viewer.run("log", { limit: 1 })).toMatchObject([{ at: expect.stringMatching(/^20\d\d-/) }]);
  await expect(nobody.run("branches", {})).rejects.toMatchObject({ code: "DW_FORBIDDEN" });
  expect(viewer.tools.get("log")!.input.safeParse({ limit: 0 }).success).toBe(false);
  expect(viewer.tools.get("log")!.input.safeParse({ other: 1 }).success).toBe(false);
  for (const each of [viewer, engineer, nobody]) await each.close();
  await site.close();
});

test("[MCP6] what approves, commands, enters, administers or edits live is no tool", () => {
  const declare = (action: "read" | "edit" | "approve" | "command" | "enter" | "administer" | "import", effect: "read" | "write") => () =>
    endpoint({
      id: "a.b",
      route: "POST /b",
      summary: "b",
      action,
      answer: z.object({}),
      tool: { name: "b", effect, description: "b" },
    });
  for (const action of ["approve", "command", "enter", "administer", "import"] as const)
    expect(declare(action, "write"), action).toThrow("no tool of an assistant");
  expect(declare("edit", "write")).toThrow("it edits live");
  expect(declare("edit", "read")).toThrow("no tool of an assistant");
  expect(declare("read", "read")).not.toThrow();
});
