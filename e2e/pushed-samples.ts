import { createHash } from "node:crypto";
import { expect } from "vitest";

const TOKEN = "push-token";
const BATCH = 500;

/** A connection that samples are pushed to, and what of it was acknowledged. */
export interface Pushing {
  readonly id: string;
  /** Of each answer: the last source time in microseconds, when it came (ms since 1970), how many samples, and how long it took. */
  readonly acknowledged: { readonly upTo: number; readonly atMs: number; readonly rows: number; readonly answerMs: number }[];
  stop(): Promise<void>;
}

const request = (url: string, method: string, path: string, body: unknown): Promise<Response> =>
  fetch(`${url}/api/doppelwerk/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(body),
  });

/** Connects signals that samples are pushed to. */
export async function connectPush(url: string, signals: number): Promise<string> {
  const addresses = Array.from({ length: signals }, (_, n) => `s${n}`);
  expect((await request(url, "PUT", "/secrets/push", { token: TOKEN })).ok).toBe(true);
  const made = await request(url, "POST", "/connections", {
    url: "push:a",
    name: "push",
    protocol: "push",
    secret: "push",
    settings: { signals: addresses.map((address) => ({ address, valueType: "integer" })) },
  });
  expect(made.status, await made.clone().text()).toBe(201);
  return ((await made.json()) as { readonly id: string }).id;
}

/** Pushes batches, so many samples a second as the server takes up to `perSecond`, until it is stopped or the server is gone. */
export function pushSamples(url: string, id: string, signals: number, perSecond: number): Pushing {
  let isStopped = false;
  const acknowledged: { readonly upTo: number; readonly atMs: number; readonly rows: number; readonly answerMs: number }[] = [];
  const run = async (): Promise<void> => {
    const began = performance.now();
    let value = 0;
    while (!isStopped) {
      const time = Date.now() * 1_000;
      const values = Array.from({ length: BATCH }, (_, n) => ({ address: `s${n % signals}`, value: value++, time: time + n }));
      const asked = performance.now();
      try {
        const answer = await request(url, "POST", `/connections/${encodeURIComponent(id)}/samples`, { values, judged: true });
        if (answer.status !== 202) continue;
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
      acknowledged.push({ upTo: time + BATCH, atMs: Date.now(), rows: BATCH, answerMs: performance.now() - asked });
      const early = (value / perSecond) * 1_000 - (performance.now() - began);
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    }
  };
  const running = run();
  return {
    id,
    acknowledged,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Number and SHA-256 of all samples of a connection with a source time before `before` (microseconds). */
export async function samplesDigest(
  url: string,
  id: string,
  from: number,
  before: number,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const listed = await fetch(`${url}/api/doppelwerk/v1/connections/${encodeURIComponent(id)}/signals?limit=1000`);
  const { signals } = (await listed.json()) as { readonly signals: readonly { readonly id: string; readonly address: string }[] };
  const hash = createHash("sha256");
  let rows = 0;
  for (const { id: signal } of signals.toSorted((a, b) => a.address.localeCompare(b.address, "en", { numeric: true }))) {
    const answer = await fetch(`${url}/api/doppelwerk/v1/export/samples?signals=${encodeURIComponent(signal)}&from=${from}&to=${before}`);
    expect(answer.ok, await answer.clone().text()).toBe(true);
    const text = await answer.text();
    hash.update(text);
    rows += text.trim().split("\r\n").length - 1;
  }
  return { rows, sha256: hash.digest("hex") };
}
