import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startSite, type RunningSite } from "../../e2e/running-site.ts";

// An assistant as it is: another program's client of the Model Context Protocol, our command, a running plant.
let site: RunningSite;
let assistant: Client;
beforeAll(async () => {
  site = await startSite({ minimal: true });
  assistant = new Client({ name: "test", version: "1" });
  await assistant.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [fileURLToPath(new URL("../../apps/doppelwerk/src/main.ts", import.meta.url)), "mcp", "--server", site.url, "--as", "Helper"],
      stderr: "inherit",
    }),
  );
});
afterAll(async () => {
  await assistant?.close();
  await site?.stop();
});

async function call(name: string, input: Readonly<Record<string, unknown>> = {}) {
  const { content, isError } = await assistant.callTool({ name, arguments: input });
  const [first] = content as unknown as readonly { readonly text: string }[];
  const { text } = first!;
  return isError === true ? { error: text } : JSON.parse(text);
}

test("[MCP1] [MCP5] an assistant reads the plant, forks it, changes the fork, runs it, compares, and opens a merge request", async () => {
  await eventually(async () => ((await site.client("Ada").world()).backfill.done ? true : undefined), "the past is read");
  const { line, now } = await call("describe_plant");
  expect(line.stations.length).toBeGreaterThan(2);
  expect((await call("state_at")).stations).toHaveLength(line.stations.length);
  expect((await call("state_at", { at: "1999-01-01T00:00:00Z" })).error).toMatch(/no data at 1999-.*: the history begins at 20/);
  expect((await call("shifts", { last: 3 })).shifts).toBeInstanceOf(Array);
  const [signal] = await call("find_signals", { text: line.constraint });
  expect(signal).toMatchObject({ role: expect.stringContaining(line.constraint), name: expect.any(String) });
  const trend = await call("trend", {
    signal: signal.signal,
    from: new Date(Date.parse(now) - 600_000).toISOString(),
    to: now,
    points: 10,
  });
  expect(trend.mean.length).toBe(trend.min.length);
  expect((await call("read_aas", { path: "/shells?limit=2" })).result).toHaveLength(2);
  const named = { $contains: [{ $field: "$sm#idShort" }, { $strVal: "Nameplate" }] };
  expect((await call("query_aas", { of: "submodels", condition: named })).result.length).toBeGreaterThan(0);

  const { id } = await call("fork", { name: "what if" });
  const factor = (await call("factors", { branch: id })).find(({ key }: { key: string }) => key === `${line.constraint}/NumberOfPlaces`);
  expect(await call("set_factor", { branch: id, key: factor.key, value: factor.value + 1, reason: "one more place" })).toMatchObject({
    value: factor.value + 1,
  });
  const result = await call("run", { branch: id, kind: "forecast", replications: 10 });
  expect(result.kpis.map(({ key }: { key: string }) => key)).toContain("throughput");
  expect((await call("compare", { branch: id })).diff).toHaveLength(1);
  // searched on a fork of its own, a few replications only: the winner is judged on fresh seeds, or nothing better is said
  const other = await call("fork", { name: "search" });
  const found = await call("optimise", { branch: other.id, factors: [{ key: factor.key, max: factor.value + 1 }], replications: 20 });
  expect(found.state).toBe("done");
  expect(found.inSearch.length).toBe(1);
  expect(found.verdict).toMatch(/better|worse|no evidence/);
  expect((await call("optimise", { branch: "live", factors: [{ key: factor.key }] })).error).toContain("never changes live");
  const request = await call("propose", {
    branch: id,
    title: "One more place",
    owner: "Maintenance",
    effectiveFrom: "2026-12-01",
    action: "Install it",
  });
  expect(request).toMatchObject({ status: "open", author: { name: "Helper" } });
  // Live is as it was.
  expect((await site.client("Ada").factors("live")).find(({ key }) => key === factor.key)!.value).toBe(factor.value);
});

test("[MCP2] nothing it has changes live, approves, merges or commands, and what is wrong is said in one sentence", async () => {
  const { tools } = await assistant.listTools();
  const writing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name);
  expect(writing.sort()).toEqual(["choose_optimum", "fork", "optimise", "propose", "run", "set_factor"]);
  expect(tools.every(({ annotations }) => annotations?.destructiveHint === false)).toBe(true);
  for (const [name, input] of [
    ["set_factor", { branch: "live", key: "x", value: 1, reason: "r" }],
    ["run", { branch: "live", kind: "study" }],
    ["propose", { branch: "live", title: "t", owner: "o", effectiveFrom: "2026-12-01", action: "a" }],
  ] as const)
    expect(await call(name, input)).toEqual({ error: expect.stringMatching(/never changes live/) });
  expect(await call("read_aas", { path: "/../doppelwerk/v1/world" })).toEqual({ error: expect.stringMatching(/leads out/) });
  expect(await call("read_aas", { path: "/%2e%2e/%2e%2e/metrics" })).toHaveProperty("error");
  expect(await call("compare", { branch: "branch:none" })).toEqual({ error: expect.stringMatching(/no such branch/) });
  expect(await call("kpis", { from: "yesterday", to: "today" })).toHaveProperty("error");
});
