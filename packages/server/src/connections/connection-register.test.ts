import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { didOfKey } from "../machines/machine-key.ts";
import { ConnectionRegister, connectionsPath, keyOfConnection, type EndedConnection, type NewConnection } from "./connection-register.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-connection-register-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const press: NewConnection = {
  kind: "connector",
  world: "default",
  worldTitle: "Werk 1",
  of: "connection:press",
  name: "Press",
  protocol: "opcua",
  address: "192.0.2.7:4840",
  proof: "none",
  enrolledBy: "person:1",
};
const ID = "connection:default/connection:press";

function register() {
  const path = connectionsPath(mkdtempSync(join(root, "data-")));
  const clock = { ms: Date.parse("2026-11-30T10:00:00Z") };
  const ended: EndedConnection[] = [];
  const open = () => new ConnectionRegister({ path, now: () => clock.ms, ended: (identity) => ended.push(identity) });
  return { path, clock, ended, open };
}

test("[SV338] a connection has the DID of a key of its own, the same over restarts and other names, in a file of the server's user alone", () => {
  const { path, open } = register();
  const born = open().meet(press);
  expect(born.did).toBe(didOfKey(keyOfConnection(born)));
  expect(statSync(path).mode & 0o077).toBe(0);
  const again = open();
  expect(again.list()).toEqual([born]);
  const renamed = again.meet({ ...press, name: "Press 2", enrolledBy: "person:2" });
  expect(renamed).toEqual({ ...born, name: "Press 2" });
  expect(open().meet({ ...press, of: "connection:saw" }).did).not.toBe(born.did);
});

test("[SV338] ended, removed and replaced keys stand in the history with who did it, each once, and what was ended stays so over a restart", () => {
  const { clock, ended, open } = register();
  const known = open();
  const { did } = known.meet(press);
  known.saw([
    [ID, clock.ms - 1_000],
    ["connection:default/other", clock.ms],
  ]);
  known.end(ID, "person:2");
  known.end(ID, "person:3");
  expect(ended).toMatchObject([
    {
      id: ID,
      did,
      enrolledBy: "person:1",
      place: "Werk 1",
      seen: { time: "2026-11-30T09:59:59.000Z", address: "192.0.2.7:4840" },
      ended: { why: "administrator", by: "person:2" },
    },
  ]);
  expect(open().byId(ID)?.ended).toEqual({ at: "2026-11-30T10:00:00.000Z", by: "person:2" });
  known.reopen(ID);
  expect(open().byId(ID)).toMatchObject({ did });
  expect(open().byId(ID)?.ended).toBeUndefined();

  const first = known.keyToCertify(ID)!;
  expect(keyOfConnection({ key: first })).toEqual(keyOfConnection(known.byId(ID)!));
  expect([known.byId(ID)!.did, ended.length]).toEqual([did, 1]);
  known.keyToCertify(ID);
  expect(known.byId(ID)!.did).not.toBe(did);
  expect(ended[1]).toMatchObject({ did, ended: { why: "replaced" } });
  const other = known.meet({ ...press, of: "connection:saw" });
  known.meet({ ...press, identity: { did: other.did, privateKey: other.key } });
  expect([known.byId(ID)!.did, ended.length]).toEqual([other.did, 3]);
  known.remove(ID, "person:1");
  expect(ended[3]).toMatchObject({ ended: { why: "removed", by: "person:1" } });
  expect([open().byId(ID), known.keyToCertify(ID)]).toEqual([undefined, undefined]);
});

test("[SV338] connections that cannot be read, or were written by a newer program, are refused and never taken for none", () => {
  const { path, open } = register();
  for (const [text, code] of [
    ["{", "DW_DAMAGED"],
    [JSON.stringify({ version: 1, connections: 3 }), "DW_DAMAGED"],
    [JSON.stringify({ version: 2, connections: [] }), "DW_FORMAT_NEWER"],
  ] as const) {
    writeFileSync(path, text);
    expect(open, text).toThrow(expect.objectContaining({ code }));
    expect(readFileSync(path, "utf8")).toBe(text);
  }
});
