import type { Job } from "@doppelwerk/world";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { followRequests } from "./follow-requests.ts";
import type { RecordedSpan } from "./span-sink.ts";
import { newTraceparent, traceContextOf } from "./trace-context.ts";
import { WorkSpans } from "./work-spans.ts";

const AT = 1_800_000_000_000_000;

function opened() {
  const spans: RecordedSpan[] = [];
  const sink = { record: (span: RecordedSpan) => void spans.push(span) };
  const work = new WorkSpans(sink);
  const app = Fastify();
  followRequests(app, { spans: sink, now: () => AT, isKnown: ({ headers }) => headers["x-known"] === "yes" });
  app.get("/things/:id", async () => ({}));
  app.post("/commands", async () => {
    // asked for later in the same request
    await new Promise((resolve) => setTimeout(resolve, 5));
    work.recorded("commands", { id: "command:1", state: "requested", requestedAt: AT } as never);
    work.asked("job:1");
    return {};
  });
  app.get("/fails", async () => {
    throw new Error("inside");
  });
  return { spans, work, app };
}

test("[SV312] a request is a span by the template of its route; nothing that it says is in it", async () => {
  const { spans, app } = opened();
  await app.inject({
    method: "GET",
    url: "/things/Mara?person=Mara",
    headers: { "user-agent": "Mara", cookie: "Mara", "doppelwerk-name": "Mara" },
  });
  await app.inject({ method: "GET", url: "/nothing/Mara" });
  await app.inject({ method: "GET", url: "/fails" });
  expect(spans.map(({ name, isServer, isFailed }) => [name, isServer, isFailed])).toEqual([
    ["GET /things/:id", true, false],
    ["GET", true, false],
    ["GET /fails", true, true],
  ]);
  expect(spans[0]!.attributes).toEqual({ "http.request.method": "GET", "http.route": "/things/:id", "http.response.status_code": 200 });
  expect(spans.every(({ from, to, parent }) => from <= to && to === AT && parent === undefined)).toBe(true);
  expect(JSON.stringify(spans)).not.toContain("Mara");
});

test("[SV312] a trace is taken up of who is known alone; one that is not followed there is not followed here; what is no trace context is none", async () => {
  const { spans, app } = opened();
  const parent = newTraceparent();
  const { traceId, spanId } = traceContextOf(parent)!;
  const ask = (traceparent: string, known = "yes") =>
    app.inject({ method: "GET", url: "/things/1", headers: { traceparent, "x-known": known } });
  await ask(parent);
  expect(spans.at(-1)).toMatchObject({ parent });
  expect(traceContextOf(spans.at(-1)!.context)!.traceId).toBe(traceId);
  await ask(parent, "no");
  expect(spans.at(-1)!.parent).toBeUndefined();
  expect(spans.at(-1)!.context).not.toContain(traceId);
  for (const text of [
    "",
    "x",
    `01-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `${parent}-more`,
    parent.toUpperCase(),
  ]) {
    await ask(text);
    expect(spans.at(-1)!.parent, text).toBeUndefined();
  }
  const count = spans.length;
  await ask(`00-${traceId}-${spanId}-00`);
  expect(spans).toHaveLength(count);
});

test("[SV313] a command from its request to its end, and a job from the queue to its end, are parts of the trace of the request that asked for them", async () => {
  const { spans, work, app } = opened();
  await app.inject({ method: "POST", url: "/commands" });
  const [request] = spans;
  const { traceId } = traceContextOf(request!.context)!;
  work.recorded("commands", {
    id: "command:1",
    state: "done",
    reason: "Mara asked",
    requestedBy: "person:mara",
    requestedAt: AT,
    confirmedAt: AT + 10,
    endedAt: AT + 30,
  } as never);
  const job = {
    id: "job:1",
    kind: "simulate.run",
    state: "failed",
    by: "person:mara",
    message: "Mara",
    enqueuedAt: AT,
    startedAt: AT + 5,
    finishedAt: AT + 9,
  };
  work.jobEnded(job as unknown as Job);
  const shown = spans.slice(1).map(({ name, from, to, isFailed, attributes }) => [name, from - AT, to - AT, isFailed ?? false, attributes]);
  expect(shown).toEqual([
    ["command", 0, 30, false, { "doppelwerk.command.kind": "write", "doppelwerk.command.state": "done" }],
    ["command.confirm", 0, 10, false, undefined],
    ["command.carry_out", 10, 30, false, undefined],
    ["job", 0, 9, true, { "doppelwerk.job.kind": "simulate.run", "doppelwerk.job.state": "failed" }],
    ["job.wait", 0, 5, false, undefined],
    ["job.run", 5, 9, false, undefined],
  ]);
  const [command, confirm] = [spans[1]!, spans[2]!];
  expect(command.parent).toBe(request!.context);
  expect(confirm.parent).toBe(command.context);
  for (const span of spans) for (const text of [span.context, span.parent]) if (text !== undefined) expect(text).toContain(traceId);
  expect(JSON.stringify(spans)).not.toMatch(/Mara|mara|command:1|job:1/);
});

test("[SV313] what nobody asked for here, or long ago, has a trace of its own; what is remembered of requests is bounded", () => {
  const { spans, work } = opened();
  work.jobEnded({ id: "job:2", kind: "k", state: "cancelled", enqueuedAt: AT, finishedAt: AT + 1 } as unknown as Job);
  expect(spans.map(({ name, parent }) => [name, parent === undefined])).toEqual([
    ["job", true],
    ["job.wait", false],
  ]);
  work.recorded("entries", { id: "command:3", state: "done", requestedAt: AT, endedAt: AT } as never);
  work.recorded("commands", { id: "command:3", state: "requested", requestedAt: AT } as never);
  expect(spans).toHaveLength(2);
});
