import { textOf } from "@doppelwerk/messages";
import { reasonOf } from "@doppelwerk/world";
import { listPacks, readInstalled } from "./pack-store.ts";

/** Packs of a data folder that are not as they were added, each with its place in the folder and the first file that differs. Changes nothing. */
export function damagedPacks(data: string): readonly { readonly file: string; readonly message: string }[] {
  const reading = <Result>(file: string, read: () => Result): Result | { readonly file: string; readonly message: string } => {
    try {
      return read();
    } catch (error) {
      return { file, message: textOf(reasonOf(error)) };
    }
  };
  const packs = reading("packs/packs.json", () => listPacks(data));
  if ("message" in packs) return [packs];
  return packs.flatMap((pack) => {
    const read = reading(`packs/${pack.name}/${pack.version}`, () => readInstalled(data, pack));
    return "message" in read ? [read] : [];
  });
}
