/** A connection of Doppelwerk as an installer would describe it: body of `POST /connections`. */
export interface PlantConnection {
  readonly name: string;
  readonly url: string;
  readonly protocol: "http" | "mqtt" | "csv" | "push";
  readonly settings: Readonly<Record<string, unknown>>;
}
