import { materials } from "../../site/warehouse/warehouse-table.ts";

/** The company prefix of the plant, as in examples of GS1. */
const PREFIX = "4012345";

/** Asset of a station, as the engineering file names it: what is configured in the readers. */
export const readPoint = (station: string): string => `urn:doppelwerk:demo-plant:asset:${station}`;

const products = ["WM7", "WM8", "WM9", "WD8", "TD7", "TD8", "TD9", "TC7", "TUB"];

/** `WM7-1234`: the item and its serial. */
export function serialName(serial: string): string {
  const [product = ""] = serial.split("-");
  const item = products.indexOf(product);
  return `urn:epc:id:sgtin:${PREFIX}.0${String(100 + (item < 0 ? products.length - 1 : item)).padStart(5, "0")}.${serial}`;
}

export function lotName(material: string, lot: string): string {
  const item = materials.findIndex(({ id }) => id === material);
  return `urn:epc:class:lgtin:${PREFIX}.0${String(200 + item).padStart(5, "0")}.${lot}`;
}

/** The number of a pallet of a line. */
export function palletName(line: string, number: number): string {
  return `urn:epc:id:sscc:${PREFIX}.${line === "Line3" ? 3 : 4}${String(number).padStart(9, "0")}`;
}
