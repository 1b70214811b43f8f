/** A connection of Doppelwerk as an installer would describe it: body of `POST /connections`. */
export interface PlantConnection {
  readonly name: string;
  readonly url: string;
  readonly protocol: "http" | "mqtt" | "csv" | "push";
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A source of orders of Doppelwerk, likewise: `fields` of the body of `POST /order-sources`. */
export interface OrderSource {
  readonly name: string;
  readonly kind: "rest";
  readonly allowPrivate: true;
  readonly [setting: string]: unknown;
}

/** A folder with rosters, likewise: `fields` of the body of `POST /roster-sources`. */
export interface RosterSource {
  readonly name: string;
  readonly path: string;
}

/** A program of stores, likewise: `fields` of the body of `POST /stores-sources`. */
export interface StoresSource {
  readonly name: string;
  readonly parts: string;
  readonly movements: string;
  readonly allowPrivate: true;
}

/**
 * An element of ISO 22400-2 that an installer assigns to a station or line of Doppelwerk. In the formula `{NAME}` is the signal of that name, or whose address ends
 * with it: it is written as its id.
 */
export interface PlantInput {
  readonly symbol: string;
  readonly place: string;
  readonly formula: string;
}

/** A meter that an installer assigns to a line, by a part of the address of its signal. */
export interface PlantMeter {
  readonly address: string;
  /** Id of the line. */
  readonly line: string;
  readonly unit: string;
}
