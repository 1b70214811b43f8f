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

export const OUTLETS = ["opcua", "mqtt"] as const;
export type OutletName = (typeof OUTLETS)[number];

/** One that was asked for. */
export interface Outlet {
  readonly name: OutletName;
  /** Of the broker, or of the server. */
  readonly url: string;
  /** `waiting`: it is to be open, and what it goes to is not there. */
  readonly state: "open" | "waiting" | "closed";
  readonly hasSecret: boolean;
  /** When something it told was last acknowledged, since the server started; milliseconds since 1970. */
  readonly heardMs?: number;
}

/** What informs others by itself, without being asked, until the feature closes. */
export interface Outlets {
  /** Returns the URL of the OPC UA server. Errors: DW_UNAVAILABLE where the port cannot be listened on, DW_INVALID for a bad setting. */
  show(request: ShowRequest): Promise<string>;
  /** A broker that is not there is waited for. Errors: DW_INVALID for a bad request, DW_NOT_FOUND for a secret that is not there. */
  publish(request: PublishRequest): Promise<void>;
  /** As of `show` or `publish`, but it stays closed until somebody opens it. */
  hold(name: "opcua", request: ShowRequest): void;
  hold(name: "mqtt", request: PublishRequest): void;
  /** Those that were asked for. */
  list(): readonly Outlet[];
  /** Closes one, or opens it as it was asked for; resolves when it is closed or open. Errors: DW_NOT_FOUND where nobody asked for it, and those of opening. */
  turn(name: OutletName, open: boolean): Promise<void>;
}

export const outlets = port<Outlets>("publish.outlets", 1);
