import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { endpoint, z, type EndpointOptions } from "@doppelwerk/kit";
import type { CallOf, PlantView } from "@doppelwerk/kit/server";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { createApp } from "../http/app.ts";
import { openApiDocument } from "../http/openapi.ts";
import { mountEndpoint } from "./mount-contract.ts";

const app = createApp(pino({ level: "silent" }));
afterAll(() => app.close());

const view = {
  documents: {
    may: (action: string, on: string) =>
      action === "edit" || on === "branch:hidden" || (action === "run" && on === "branch:theirs")
        ? { allowed: false, why: verbatim("not allowed with viewer") }
        : { allowed: true },
  },
  hides: (_branch: string, id: string) => id === "secret",
} as unknown as PlantView;
/** A record is of the branch of its own name. */
function branchOf(kind: string, id: string): string {
  if (kind !== "thing" || id === "none") throw new DoppelwerkError("DW_NOT_FOUND", verbatim("no thing"));
  return `branch:${id}`;
}
const mount = (described: EndpointOptions, handler: (call: never) => Promise<unknown>) =>
  mountEndpoint(app, described, {
    person: () => ({}) as never,
    view: () => view,
    handler: () => handler as never,
    branchOf,
    presence: (_, maxAgeS) => {
      if (maxAgeS < 300) throw new DoppelwerkError("DW_PRESENCE", verbatim("prove it"), { maxAgeS });
    },
    checkAnswers: true,
  });

const body = z.object({ limit: z.number().max(10) });
const read = endpoint({
  id: "things.read",
  route: "GET /things/:id",
  summary: "A thing",
  action: "read",
  subject: "params.id",
  query: z.object({ depth: z.coerce.number().int().default(1) }),
  answer: z.object({ id: z.string(), depth: z.int() }),
  deprecated: { since: "2026-11-28", removedIn: "0.2", use: "GET /objects/{id}" },
});
const write = endpoint({ id: "things.write", route: "PUT /things/:id", summary: "Write", action: "edit", body, answer: undefined });
const limit = endpoint({
  id: "things.limit",
  route: "POST /limits",
  summary: "Limit",
  action: "run",
  body,
  answer: z.object({ limit: z.number() }),
  status: 201,
});
const resume = endpoint({
  id: "things.resume",
  route: "POST /things/:id/resume",
  summary: "Resume",
  action: "run",
  branch: "record.thing",
  body,
  answer: z.object({ branch: z.string() }).optional(),
});
const file = endpoint({ id: "things.file", route: "GET /file", summary: "File", action: "read", answer: { octets: "text/csv" } });
mount(read, async ({ params, query }: { params: { id: string }; query: { depth: number } }) => {
  if (params.id === "none") throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id: params.id }));
  return { id: params.id, depth: query.depth };
});
mount(write, async () => undefined);
mount(limit, async ({ body: given }: { body: { limit: number } }) => (given.limit === 7 ? { limit: "seven" } : given));
mount(resume, async ({ branch, params, answerWith }: CallOf<typeof resume>) => (params.id === "empty" ? answerWith(204) : { branch }));
mount(file, async () => ({ body: new TextEncoder().encode("a;b\n"), headers: { "x-rows": "1" } }));

const ask = (method: "GET" | "PUT" | "POST", url: string, payload?: object) =>
  app.inject({ method, url, headers: { host: "127.0.0.1" }, ...(payload && { payload }) });

const put = (id: string, action: "run" | "edit", presence?: number) =>
  endpoint({
    id: `things.${id}`,
    route: `PUT /${id}`,
    summary: id,
    action,
    answer: undefined,
    ...(presence !== undefined && { presence }),
  });
const done = async () => {};
mount(put("fresh", "run", 60), done);
mount(put("older", "run", 300), done);
mount(put("forbidden", "edit", 60), done);
mount(put("depends", "run"), async ({ requirePresence }: CallOf<EndpointOptions>) => requirePresence(30));

test("[FC1] access is decided before anything is parsed, and a hidden subject is not there", async () => {
  expect((await ask("PUT", "/things/a", { limit: "no number" })).statusCode).toBe(403);
  const [hidden, missing] = [await ask("GET", "/things/secret"), await ask("GET", "/things/none")];
  expect(hidden.statusCode).toBe(404);
  expect(hidden.body.replaceAll("secret", "none")).toBe(missing.body);
  expect((await ask("GET", "/things/a?depth=2")).json()).toEqual({ id: "a", depth: 2 });
});

test("[FC5] a record that a route names by its id is of the branch that its feature says, decided before the body is parsed", async () => {
  const resumed = async (id: string, payload: object = { limit: 1 }) => await ask("POST", `/things/${id}/resume`, payload);
  expect((await resumed("ours")).json()).toEqual({ branch: "branch:ours" });
  expect((await resumed("theirs", { limit: "no number" })).statusCode).toBe(403);
  const [hidden, none] = [await resumed("hidden", { limit: "no number" }), await resumed("none", { limit: "no number" })];
  expect([hidden.statusCode, hidden.body]).toEqual([404, none.body.replaceAll("none", "hidden")]);
  expect((await resumed("ours", { limit: "no number" })).statusCode).toBe(400);
});

test("[FC6] an operation that has nothing to answer answers 204 without a body", async () => {
  const empty = await ask("POST", "/things/empty/resume", { limit: 1 });
  expect([empty.statusCode, empty.body]).toEqual([204, ""]);
});

test("[FC2] a refusal names operation, field and reason", async () => {
  const refused = await ask("POST", "/limits", { limit: 11 });
  expect([refused.statusCode, (refused.json() as { error: { message: string } }).error.message]).toEqual([
    400,
    expect.stringMatching(/things\.limit.*limit: /),
  ]);
});

test("[FC3] an answer that is not what the contract says is a bug", async () => {
  expect((await ask("POST", "/limits", { limit: 5 })).statusCode).toBe(201);
  expect((await ask("POST", "/limits", { limit: 7 })).statusCode).toBe(500);
});

test("[FC4] the description has request and answer schemas; what is deprecated is marked", async () => {
  expect((await ask("GET", "/things/a")).headers).toMatchObject({ deprecation: "@1795824000", "doppelwerk-use": "GET /objects/{id}" });
  const csv = await ask("GET", "/file");
  expect([csv.headers["content-type"], csv.headers["x-rows"], csv.body]).toEqual(["text/csv", "1", "a;b\n"]);
  const { paths } = openApiDocument("0", "/v1", [read, write, limit, file]) as { paths: Record<string, Record<string, unknown>> };
  expect(paths["/v1/things/{id}"]!["get"]).toMatchObject({
    operationId: "things.read",
    deprecated: true,
    parameters: [
      { name: "id", in: "path" },
      { name: "depth", required: false },
    ],
    responses: { 200: { content: { "application/json": { schema: { required: ["id", "depth"] } } } } },
  });
  expect(paths["/v1/limits"]!["post"]).toMatchObject({ requestBody: { required: true }, responses: { 201: {} } });
  expect(paths["/v1/file"]!["get"]).toMatchObject({ responses: { 200: { content: { "text/csv": {} } } } });
});

test("[SV230] an operation asks for the presence that its contract states, of whom its action is permitted, and its handler where that depends", async () => {
  const status = async (id: string) => {
    const { statusCode, body: text } = await app.inject({ method: "PUT", url: `/${id}`, headers: { host: "localhost" } });
    return [statusCode, text === "" ? undefined : (JSON.parse(text) as { error: { code: string; details?: unknown } }).error];
  };
  expect(await status("fresh")).toEqual([403, expect.objectContaining({ code: "DW_PRESENCE", details: { maxAgeS: 60 } })]);
  expect(await status("older")).toEqual([204, undefined]);
  expect(await status("forbidden")).toEqual([403, expect.objectContaining({ code: "DW_FORBIDDEN" })]);
  expect(await status("depends")).toEqual([403, expect.objectContaining({ code: "DW_PRESENCE", details: { maxAgeS: 30 } })]);
});
