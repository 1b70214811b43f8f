import type { Message } from "@doppelwerk/messages";
import type { ConnectionStatus } from "@doppelwerk/sync";
import type { ConnectionProtocol, ConnectionTarget, FoundPlant, Instant, Json, PresentValue, RecordId } from "@doppelwerk/world";
import type { ConnectionIdentity } from "./own-certificates.ts";
import { port } from "./token.ts";

/** A value that is brought to a connection; null = nothing is known from this time on. */
export interface BroughtValue {
  readonly address: string;
  readonly value: number | boolean | string | null;
  readonly time?: Instant;
}

/** A plant to be looked at, as a person names it. */
export interface PlantRequest {
  readonly url: string;
  /** Only where the address does not say it. */
  readonly protocol?: ConnectionProtocol | undefined;
  readonly settings?: Readonly<Record<string, Json>> | undefined;
  /** Name of a secret. */
  readonly secret?: string | undefined;
  /** Seconds to listen where a plant speaks by itself. */
  readonly listenS?: number | undefined;
}

/** The connections of a world to its plants. */
export interface Connections {
  /** Every connection with its state now. */
  list(): Promise<readonly ConnectionStatus[]>;
  /** When each last brought something, since the server started. */
  heard(): ReadonlyMap<RecordId, Instant>;
  /** Whom its certificate says it is, where its secret has one and is of it alone. */
  identityOf(connection: RecordId): Pick<ConnectionIdentity, "did" | "privateKey"> | undefined;
  /** Certificates of others that connections count on: of servers that somebody trusts, and those that somebody stored as a secret. Milliseconds since 1970. */
  certificates(): readonly { readonly of: "plant" | "given"; readonly name: string; readonly untilMs: number }[];
  /** Resolves once one that was switched off is closed; at once for any other. */
  closed(connection: RecordId): Promise<void>;
  /** Brings values to a connection that takes them; on disk when it resolves. Errors: DW_NOT_FOUND where it is not open, DW_UNAVAILABLE where the disk refuses. */
  bring(
    connection: RecordId,
    values: readonly BroughtValue[],
  ): Promise<{
    readonly accepted: number;
    readonly refused: readonly { readonly address: string; readonly why: string; readonly message: Message }[];
  }>;
  /** What an address offers; nothing is taken. Errors: DW_INVALID for a bad address or settings, DW_UNAVAILABLE with the plant's reason where it does not answer. */
  browse(plant: PlantRequest): Promise<FoundPlant>;
  /** What stands at addresses of a plant now, in their order; undefined where it cannot be asked. */
  look(plant: ConnectionTarget, addresses: readonly string[]): Promise<readonly (PresentValue | undefined)[] | undefined>;
}

export const connections = port<Connections>("connections.list", 1);
