import type { Principal } from "@doppelwerk/world";
import type { Releases } from "../releases/releases.ts";
import type { ForwardingState } from "../security-log/log-forwarder.ts";
import type { ClockWatch } from "../clock-watch/clock-watch.ts";
import type { ScannerState } from "../uploads/scanner.ts";
import type { Telemetry } from "../telemetry/span-sink.ts";
import type { Outside } from "../outside-proof/outside-handlers.ts";
import type { Certificates } from "../certificates/certificates.ts";
import type { WorldRegistry } from "../worlds/world-registry.ts";
import type { HostedWorld } from "./hosted-world.ts";

/** A line of the log of the process at `warn` or above. */
export interface LogLine {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly level: "warn" | "error" | "fatal";
  readonly text: string;
}

/** The worlds of one server, as its routes hold them. */
export interface HostedWorlds {
  /** Data folder of the server, which holds its packs; undefined where a world is served without one. */
  readonly data?: string;
  /** The last lines of its log; undefined where nobody keeps them. */
  readonly log?: { list(): readonly LogLine[] } | undefined;
  /** Where spans go; undefined where that is nowhere. */
  readonly telemetry?: Telemetry | undefined;
  /** Proof of the transparency log by others, and for others; undefined where there is no log. */
  readonly outside?: Outside | undefined;
  /** Sends the security log to a receiver; undefined where none is given. */
  readonly forwarder?: { readonly state: ForwardingState } | undefined;
  /** Judges files before they are stored; undefined where none is given. */
  readonly scanner?: { readonly state: ScannerState } | undefined;
  /** Compares the clock with a server of time; undefined where none is given. */
  readonly clockWatch?: Pick<ClockWatch, "state" | "close"> | undefined;
  /** Failed sign-ins of an hour that need attention; undefined for the default. */
  readonly signInsAlert?: number | undefined;
  /** How often a backup of the data folder is expected. */
  readonly backupEveryHours?: number | undefined;
  /** Whether there is a newer release; undefined where no list is read. */
  readonly releases?: Releases | undefined;
  /** What its authorities sign; undefined where it has none. */
  readonly certificates?: Certificates | undefined;
  /** Of the short addresses. */
  readonly home: HostedWorld;
  readonly registry: Pick<
    WorldRegistry<HostedWorld>,
    "open" | "enter" | "list" | "find" | "content" | "create" | "rename" | "retitle" | "archive" | "restore" | "remove"
  >;
  /** Who may not enter a world is answered as if there were none of that name. */
  mayEnter(principal: Principal, world: string): boolean;
  /** Called with each world that is open, and with those that open later, before anybody enters. */
  whenOpen(use: (world: HostedWorld) => void): void;
}
