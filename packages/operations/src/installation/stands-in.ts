import { recordOfAasId, submodelOf } from "@doppelwerk/world";
import type { RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import { INSTALLATION, readInstallation, type Installed } from "./installation.ts";

/** Which asset stands in the place of a shell (P12), now or at an instant in µs; undefined = the shell is of no place, or nothing stands there. */
export function standsIn(reader: RecordReader, place: ShellRecord, at?: number): Installed | undefined {
  for (const aasId of place.submodels) {
    const record = recordOfAasId(reader, "submodel", aasId) as SubmodelRecord | undefined;
    if (record?.semanticId !== INSTALLATION) continue;
    return readInstallation(submodelOf(reader, record.id)!).findLast(({ from, to }) =>
      at === undefined ? to === undefined : from <= at && (to === undefined || at < to),
    );
  }
  return undefined;
}
