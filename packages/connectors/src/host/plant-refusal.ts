import type { Told } from "@doppelwerk/world";

/** Why the connectors' process could not do what was asked; `told` where that is a sentence of ours and not the plant's or a library's. */
export class PlantRefusal extends Error {
  readonly told: Told | undefined;
  constructor(reason: string, told: Told | undefined) {
    super(reason);
    this.name = "PlantRefusal";
    this.told = told;
  }
}
