import { readFileSync } from "node:fs";
import { createWallClock } from "@doppelwerk/connectors";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Logger } from "pino";
import { timeServer } from "../clock-watch/ask-time.ts";
import type { OpenIdentitiesOptions } from "../compose/open-identities.ts";
import type { WorldsOptions } from "../compose/open-worlds.ts";
import type { ForwardedTo } from "../security-log/log-forwarder.ts";
import { receiverAddress } from "../security-log/receiver-address.ts";
import { scannerAddress } from "../uploads/clamd.ts";
import { quotasOf } from "../uploads/quotas.ts";
import { Scanner } from "../uploads/scanner.ts";

/** Of a session that nobody uses: no longer than without the option. */
const MAX_IDLE_MINUTES = 720;

/** What protects a server beside who may do what: where its security log goes, what files have to pass, and what it warns of. */
export interface ProtectionOptions {
  /** Server of time that the clock is compared with. */
  readonly ntp?: string;
  /** Minutes without a request after which a session is over. */
  readonly idleMinutes?: number;
  /** Administrators show a second factor. */
  readonly secondFactor?: boolean;
  /** Address of a list of releases. */
  readonly releases?: string;
  /** Hosts that administrators may have witness, stamp and anchor the transparency log. */
  readonly proofHost?: readonly string[];
  /** Hours after which the last backup is too old. */
  readonly backupEvery?: number;
  /** Receiver of the security log: tls://host:6514. */
  readonly syslog?: string;
  /** PEM files. */
  readonly syslogAuthority?: string;
  readonly syslogCertificate?: string;
  readonly syslogKey?: string;
  /** Failed sign-ins of an hour that need attention. */
  readonly alertSignIns?: number;
  /** Malware scanner of files that come in: clamd://host:3310. */
  readonly scanner?: string;
  /** Files are stored also where it does not answer. */
  readonly scannerOptional?: boolean;
  readonly quota?: readonly string[];
}

/** Errors: DW_INVALID. */
export function protectionOf(
  options: ProtectionOptions,
  logger: Logger,
): Pick<WorldsOptions, "forwardTo" | "uploads" | "signInsAlert" | "timeServer" | "backupEveryHours" | "releases" | "proofHosts"> {
  const { alertSignIns: signInsAlert, backupEvery, releases, proofHost } = options;
  return {
    forwardTo: receiverOf(options),
    uploads: uploadsOf(options, logger),
    signInsAlert,
    timeServer: options.ntp === undefined ? undefined : timeServer(options.ntp),
    releases,
    ...(proofHost !== undefined && { proofHosts: proofHost }),
    ...(backupEvery !== undefined && { backupEveryHours: backupEvery }),
  };
}

function uploadsOf({ scanner, scannerOptional: isOptional = false, quota }: ProtectionOptions, logger: Logger): WorldsOptions["uploads"] {
  const quotas = quotasOf(quota);
  if (scanner === undefined) {
    if (isOptional) throw new DoppelwerkError("DW_INVALID", message("server.scannerOptionalAlone"));
    return { quotas };
  }
  const clock = createWallClock();
  return { quotas, scanner: new Scanner({ address: scannerAddress(scanner), isOptional, now: () => clock.now(), logger }) };
}

function receiverOf({ syslog, syslogAuthority, syslogCertificate, syslogKey }: ProtectionOptions): ForwardedTo | undefined {
  const isTrusted = syslogAuthority !== undefined || syslogCertificate !== undefined || syslogKey !== undefined;
  if (syslog === undefined) {
    if (isTrusted) throw new DoppelwerkError("DW_INVALID", message("server.syslogTrustAlone"));
    return undefined;
  }
  const address = receiverAddress(syslog);
  if ((isTrusted && address.transport !== "tls") || (syslogCertificate === undefined) !== (syslogKey === undefined))
    throw new DoppelwerkError("DW_INVALID", message("server.syslogTrustAlone"));
  const [authority, certificate, key] = [syslogAuthority, syslogCertificate, syslogKey].map((file) => file && pemOf(file));
  return { address, trust: { authority, certificate, key } };
}

function pemOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", message("server.fileNotRead", { path: file, reason: (error as Error).message }));
  }
}

/** How long sessions last, and what administrators have to show. Errors: DW_INVALID. */
export function sessionsOf({ idleMinutes, secondFactor }: ProtectionOptions): Pick<OpenIdentitiesOptions, "idleMs" | "needsSecondFactor"> {
  if (idleMinutes !== undefined && !(idleMinutes >= 1 && idleMinutes <= MAX_IDLE_MINUTES))
    throw new DoppelwerkError("DW_INVALID", message("server.idleMinutes", { max: MAX_IDLE_MINUTES }));
  return { idleMs: idleMinutes === undefined ? undefined : idleMinutes * 60_000, needsSecondFactor: secondFactor };
}
