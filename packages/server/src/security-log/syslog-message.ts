import { Buffer } from "node:buffer";
import type { Instant } from "@doppelwerk/world";
import { EVENT_CODES, SEVERITIES, type EventCode } from "./event-codes.ts";

/** Log audit (RFC 5424, 6.2.1). */
const FACILITY = 13;
/** Of documentation (RFC 5612): the product has no number of its own. */
const ENTERPRISE = 32473;
const MAX_VALUE = 500;

export interface SyslogEvent {
  readonly code: EventCode;
  readonly time: Instant;
  readonly values: Readonly<Record<string, string | number | undefined>>;
}

export interface SyslogSource {
  /** Name of the machine, as it is told. */
  readonly host: string;
  readonly version: string;
  readonly process: number;
}

/** A message of RFC 5424. Everything in it is printable ASCII but the values, which are UTF-8; no value is cut within a character. */
export function syslogMessage({ code, time, values }: SyslogEvent, { host, version, process }: SyslogSource): Buffer {
  const priority = FACILITY * 8 + SEVERITIES[EVENT_CODES[code]];
  const given = Object.entries(values).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  const data = given.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
  const origin = `[origin software="Doppelwerk" swVersion="${escaped(version)}"]`;
  const text = [code, ...["operation", "status", "kind", "state"].flatMap((name) => values[name] ?? [])].join(" ");
  return Buffer.from(
    `<${priority}>1 ${timestamp(time)} ${word(host, 255)} doppelwerk ${process} ${code} ${origin}[doppelwerk@${ENTERPRISE}${data}] ${oneLine(text)}`,
  );
}

/** As RFC 5425 and RFC 6587 (3.4.1) tell messages on a stream apart: by their length before them. */
export function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function timestamp(time: Instant): string {
  const seconds = new Date(Math.floor(time / 1_000)).toISOString().slice(0, 19);
  return `${seconds}.${String(((time % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, "0")}Z`;
}

/** A header field: printable, without spaces, or nil. */
function word(text: string, max: number): string {
  return text.replace(/[^\x21-\x7e]/g, "").slice(0, max) || "-";
}

function escaped(text: string): string {
  return oneLine([...text].slice(0, MAX_VALUE).join("")).replace(/["\\\]]/g, String.raw`\$&`);
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
