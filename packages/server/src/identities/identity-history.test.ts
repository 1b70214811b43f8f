import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ADDRESSES_KEPT_MS } from "../accounts/ending.ts";
import { endedMachine, endedSession } from "./ended-identities.ts";
import { IdentityHistory, type EndedIdentity } from "./identity-history.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-identities-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const START = Date.parse("2026-11-30T10:00:00Z");

function history() {
  const path = join(mkdtempSync(join(root, "data-")), "identities.jsonl");
  const clock = { ms: START };
  const faults: unknown[] = [];
  const open = () => new IdentityHistory({ path, now: () => clock.ms, onFault: (error) => faults.push(error) });
  return { path, clock, faults, open };
}

const session = {
  id: "s1",
  account: "person:1",
  begun: START - 3_600_000,
  seen: START - 60_000,
  proved: START,
  agent: "Firefox 140",
  address: "192.0.2.7",
  proof: "passkey",
} as const;

function ended(more: Partial<EndedIdentity> = {}): EndedIdentity {
  return { ...endedSession(session, { why: "administrator", by: "person:2" }, { roles: ["operator"], nowMs: START }), ...more };
}

test("[SV291] what ended is there after a restart, in a file of its user alone, the newest first", () => {
  const { path, open } = history();
  const first = open();
  first.add(ended());
  const machine = {
    id: "machine:1",
    name: "Press",
    roles: ["viewer"],
    created: "2026-11-01T00:00:00Z",
    token: { hash: "x", since: "2026-11-01T00:00:00Z" },
  } as const;
  first.add(endedMachine(machine, undefined, START));
  expect(statSync(path).mode & 0o077).toBe(0);
  const again = open();
  expect(again.list()).toEqual(first.list());
  expect(again.list()).toMatchObject([
    { id: "machine:1", kind: "machine", proof: "token", ended: { why: "administrator" } },
    {
      id: "session:s1",
      kind: "session",
      person: "person:1",
      proof: "passkey",
      seen: { address: "192.0.2.7" },
      ended: { by: "person:2", at: "2026-11-30T10:00:00.000Z" },
    },
  ]);
  expect(readFileSync(path, "utf8")).not.toContain("hash");
});

test("[SV291] a session that was over while the server did not run ended when its time was over", () => {
  const late = endedSession(
    { ...session, terminal: { id: "terminal:1", idleMs: 120_000 } },
    { why: "expired" },
    { roles: [], nowMs: START + 9e6 },
  );
  expect(late.ended).toEqual({ at: "2026-11-30T10:01:00.000Z", why: "expired" });
  expect(late.place).toBe("terminal:1");
});

test("[SV291] address and browser go after thirty days, and everything of a person who is erased", () => {
  const { path, clock, open } = history();
  const kept = open();
  kept.add(ended());
  kept.add(ended({ id: "session:s2", person: "person:3", agent: "Chrome 150" }));
  clock.ms += ADDRESSES_KEPT_MS + 1;
  kept.add(ended({ id: "session:s3", ended: { at: new Date(clock.ms).toISOString(), why: "left" } }));
  kept.tidy();
  const text = readFileSync(path, "utf8");
  expect(text.match(/192\.0\.2\.7/g)).toHaveLength(1);
  expect(text).not.toContain("Chrome 150");
  expect(
    open()
      .list()
      .map(({ id, seen }) => [id, seen?.address]),
  ).toEqual([
    ["session:s3", "192.0.2.7"],
    ["session:s2", undefined],
    ["session:s1", undefined],
  ]);
  kept.forget("person:1");
  expect(readFileSync(path, "utf8")).not.toContain("person:1");
  expect(kept.list().map(({ id }) => id)).toEqual(["session:s2"]);
});

test("[SV291] a line that a power loss cut off is left out, any other that cannot be read is refused, and a disk that refuses is told of", () => {
  const { path, open, faults } = history();
  open().add(ended());
  appendFileSync(path, '{"id":"session:cut');
  const after = open();
  expect(after.list().length).toBe(1);
  after.add(ended({ id: "session:s2" }));
  expect(
    open()
      .list()
      .map(({ id }) => id),
  ).toEqual(["session:s2", "session:s1"]);
  writeFileSync(path, `{"id":\n${JSON.stringify(ended())}\n`);
  expect(open).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  rmSync(path);
  const lost = open();
  rmSync(join(path, ".."), { recursive: true });
  lost.add(ended());
  expect([lost.list().length, faults.length]).toEqual([1, 1]);
});
