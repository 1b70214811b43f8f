import { printAnswer } from "@doppelwerk/kit/command";
import type { Language } from "@doppelwerk/messages";
import type { ListedFeature } from "../features/resolve.ts";
import { inventoryOf, inventoryReport, shownData } from "../privacy/inventory.ts";

export interface InventoryOptions {
  readonly language: Language;
  readonly json?: boolean;
}

/** The inventory of the product as it is installed; packs that a server was given are in that of the server. */
export function printInventory(options: InventoryOptions, features: readonly ListedFeature[]): void {
  const inventory = inventoryOf(features.map(({ feature }) => feature));
  const report = inventoryReport(inventory, options.language, new Date().toISOString());
  printAnswer(options, { data: inventory.map(shownData) }, report.trimEnd());
}
