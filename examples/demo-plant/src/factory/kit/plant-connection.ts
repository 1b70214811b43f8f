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
