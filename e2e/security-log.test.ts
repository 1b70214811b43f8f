import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { startRsyslog } from "../packages/server/src/security-log/rsyslog.fixture.ts";
import { ask, command, cookieOf, invitationOf, serveReached } from "./reached-server.ts";

const API = "/api/doppelwerk/v1";
const AMPLE_MS = 240_000;
const WAIT = { timeout: 90_000, interval: 250 };
const root = mkdtempSync(join(tmpdir(), "doppelwerk-siem-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test(
  "[E176] a server sends its security log to rsyslogd: who came in and who was refused, by codes and without names; the state says how it stands, and an attack is an event that needs attention",
  async () => {
    const receiver = await startRsyslog({ folder: join(root, "rsyslog"), transport: "tcp" });
    const address = `tcp://127.0.0.1:${receiver.port}`;
    const data = join(root, "data");
    const invitation = invitationOf(data, "marker-login", "administrator");
    const server = await serveReached(data, "--syslog", address, "--alert-sign-ins", "2");
    const codes = (): readonly string[] => receiver.parsed().map(([code]) => code!);
    try {
      const joined = await ask(server, "POST", `${API}/session/join`, { body: { token: invitation, password: "marker-password seven" } });
      const cookie = cookieOf(joined);
      for (const login of ["marker-login", "marker-nobody"])
        await ask(server, "POST", `${API}/session`, { body: { login, password: "marker-wrong" } });
      await vi.waitUntil(
        () => ["DW-START", "DW-SIGN-IN", "DW-SIGN-IN-REFUSED", "DW-ATTENTION"].every((code) => codes().includes(code)),
        WAIT,
      );
      const attention = receiver.raw().find((line) => line.includes(" DW-ATTENTION "))!;
      expect(attention).toContain('code="server.attentionSignIns"');
      const state = await ask(server, "GET", `${API}/server`, { cookie });
      expect(state.body["forwarding"]).toMatchObject({ address });
      expect(JSON.stringify(state.body["attention"])).toContain("server.attentionSignIns");
      await receiver.stop();
      await ask(server, "DELETE", `${API}/session`, { cookie });
    } finally {
      await server.stop();
    }
    // what the receiver did not get waits in the folder
    const again = await startRsyslog({ folder: join(root, "rsyslog"), transport: "tcp", port: receiver.port });
    try {
      const next = await serveReached(data, "--syslog", address);
      await vi.waitUntil(() => codes().filter((code) => code === "DW-START").length === 2, WAIT);
      await next.stop();
      const entries = receiver.raw().map((line) => Number(/ entry="(\d+)"/.exec(line)![1]));
      // segments are no events; everything else came, and in order
      expect(codes()).toContain("DW-SIGN-OUT");
      expect([...new Set(entries)]).toEqual([...new Set(entries)].toSorted((a, b) => a - b));
      expect(receiver.raw().join("\n")).not.toMatch(/marker|127\.0\.0\.1/);
    } finally {
      await again.stop();
    }
  },
  AMPLE_MS,
);

test(
  "[E176] an address that is none, and files without one, end the start in one line",
  () => {
    const data = join(root, "refused");
    const serve = (...words: string[]) => command(["serve", "--data", data, "--port", "0", ...words]);
    expect(serve("--syslog", "siem:6514")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^[^\n]*siem:6514 is no receiver of syslog[^\n]*\n$/),
    });
    for (const words of [
      ["--syslog-authority", "a.pem"],
      ["--syslog", "tcp://siem", "--syslog-authority", "a.pem"],
      ["--syslog", "tls://siem", "--syslog-key", "a.pem"],
    ])
      expect(serve(...words)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/--syslog-authority, --syslog-certificate and --syslog-key/),
      });
    expect(serve("--syslog", "tls://siem", "--syslog-authority", join(root, "none.pem")).stderr).toMatch(
      /^[^\n]*cannot read [^\n]*none\.pem[^\n]*\n$/,
    );
  },
  AMPLE_MS,
);
