import type { Clock, ConnectionRecord, ConnectionTarget, Instant, SampleSource, SignalRecord } from "@doppelwerk/world";
import type { BrowseResult, PresentValue } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";

export type { ConnectionTarget };

export interface DiscoverOptions {
  /** Folder of the connectors; certificates go below it. */
  readonly dataDir: string;
  readonly secret?: Secret;
  /** How long to listen where a plant speaks by itself, seconds. */
  readonly listenS?: number;
}

export interface ConnectorOptions extends DiscoverOptions {
  readonly clock: Clock;
  readonly backfillFrom?: Instant | Float64Array;
  /** Source times already said for each signal in an earlier life of this connection, NaN = none. */
  readonly lastTimes?: Float64Array;
  readonly graceMs?: number;
  readonly retryMs?: { readonly first: number; readonly most: number };
  readonly silenceMs?: number;
}

export type ConnectorSource = SampleSource & {
  backfill?(from: Instant, to: Instant): Promise<{ readonly samples: number }>;
};

/** One protocol. Both throw (or reject) with one clear line when the settings or the address are wrong. */
export interface Connector {
  open(connection: ConnectionRecord, signals: readonly SignalRecord[], options: ConnectorOptions): ConnectorSource;
  discover(connection: ConnectionTarget, options: DiscoverOptions): Promise<BrowseResult>;
  /** Present values at addresses, in their order; absent where a plant cannot be asked. */
  look?(
    connection: ConnectionTarget,
    addresses: readonly string[],
    options: DiscoverOptions,
  ): Promise<readonly (PresentValue | undefined)[]>;
}
