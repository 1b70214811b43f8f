import { port } from "./token.ts";

/** What `serve` asks for: the twin as an OPC UA server. */
export interface ShowRequest {
  readonly port: number;
  readonly host: string;
  readonly settings?: unknown;
}

/** What `serve` asks for: live values and changes on an MQTT broker. */
export interface PublishRequest {
  readonly url: string;
  readonly settings?: unknown;
  /** Name of a secret in the store of the connections. */
  readonly secret?: string;
  /** URL of this server, as others reach it. */
  readonly serverUrl: string;
}

/** What informs others by itself, without being asked, until the feature closes. */
export interface Outlets {
  /** Returns the URL of the OPC UA server. Errors: DW_UNAVAILABLE where the port cannot be listened on, DW_INVALID for a bad setting. */
  show(request: ShowRequest): Promise<string>;
  /** A broker that is not there is waited for. Errors: DW_INVALID for a bad request, DW_NOT_FOUND for a secret that is not there. */
  publish(request: PublishRequest): Promise<void>;
}

export const outlets = port<Outlets>("publish.outlets", 1);
