import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { vi } from "vitest";
import { need } from "../../../../scripts/services.ts";

export interface Rsyslog {
  readonly port: number;
  /** Messages as they came, in order. */
  raw(): readonly string[];
  /** As rsyslog took them apart: code, priority, structured data, text. */
  parsed(): readonly (readonly string[])[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface RsyslogOptions {
  readonly folder: string;
  readonly transport: "tls" | "tcp" | "udp";
  /** PEM files; senders have to show a certificate of the authority. */
  readonly tls?: { readonly authority: string; readonly certificate: string; readonly key: string };
  /** The port of one that ran before; default any free one. UDP needs it. */
  readonly port?: number;
}

/** A real receiver; what it got before it was stopped stays in its files. */
export async function startRsyslog({ folder, transport, tls, port = 0 }: RsyslogOptions): Promise<Rsyslog> {
  const program = need("rsyslog");
  mkdirSync(folder, { recursive: true });
  const [ports, raw, parsed, pid] = ["port", "raw", "parsed", "pid"].map((name) => join(folder, name)) as [string, string, string, string];
  rmSync(ports, { force: true });
  const trust =
    tls === undefined
      ? ""
      : `DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="${tls.authority}" DefaultNetstreamDriverCertFile="${tls.certificate}" DefaultNetstreamDriverKeyFile="${tls.key}"`;
  const driver = tls === undefined ? "" : 'StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid"';
  const module = transport === "udp" ? "imudp" : "imtcp";
  const input =
    transport === "udp"
      ? `input(type="imudp" address="127.0.0.1" port="${port}")`
      : `input(type="imtcp" address="127.0.0.1" port="${port}" listenPortFileName="${ports}")`;
  writeFileSync(
    join(folder, "rsyslog.conf"),
    `global(workDirectory="${folder}" maxMessageSize="64k" ${trust})
module(load="${module}" ${driver})
template(name="raw" type="string" string="%rawmsg%\\n")
template(name="parsed" type="string" string="%msgid%|%pri%|%structured-data%|%msg%\\n")
${input}
action(type="omfile" file="${raw}" template="raw")
action(type="omfile" file="${parsed}" template="parsed")
`,
  );
  const child: ChildProcess = spawn(program, ["-n", "-f", join(folder, "rsyslog.conf"), "-i", pid], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr!.on("data", (chunk: Buffer) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // it tells a port alone that it chose
  const told = (): number => (port > 0 ? port : existsSync(ports) ? Number(readFileSync(ports, "utf8")) : 0);
  const isThere = async (): Promise<boolean> => existsSync(pid) && told() > 0 && (transport === "udp" || (await isOpen(told())));
  try {
    await vi.waitUntil(isThere, { timeout: 30_000, interval: 50 });
  } catch {
    child.kill("SIGKILL");
    throw new Error(`rsyslogd did not start: ${said}`);
  }
  const lines = (file: string): readonly string[] => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
  return {
    port: told(),
    raw: () => lines(raw),
    parsed: () => lines(parsed).map((line) => line.split("|")),
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
