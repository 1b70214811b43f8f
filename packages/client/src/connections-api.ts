/** A plant to connect to. */
export interface ConnectionRequest {
  readonly url: string;
  /** Only where the address does not say it: `sparkplug` on a broker, `http` or `mtconnect`. */
  readonly protocol?: string;
  /** How it is spoken to; the shape is the protocol's (docs/guide/connectors.md). Never a secret. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of a secret that was put before. */
  readonly secret?: string;
  /** Seconds to listen where a plant speaks by itself. */
  readonly listenS?: number;
}
