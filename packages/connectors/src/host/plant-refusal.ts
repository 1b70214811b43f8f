import type { Message } from "@doppelwerk/messages";

/** Why the connectors' process could not do what was asked; `told` where that is a sentence of ours and not the plant's or a library's. */
export class PlantRefusal extends Error {
  readonly told: Message | undefined;
  constructor(reason: string, told: Message | undefined) {
    super(reason);
    this.name = "PlantRefusal";
    this.told = told;
  }
}
