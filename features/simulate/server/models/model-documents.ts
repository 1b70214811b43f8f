import { childrenOf, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import type { ModelDocument } from "@doppelwerk/client";
import { recordOfAasId, submodelOf, type RecordReader, type ShellRecord, type SubmodelRecord } from "@doppelwerk/world";
import { fileRecord } from "@doppelwerk/aas-server";

const MAX_DOCUMENTS = 200;
const FMU = "application/x-fmu-sharedlibrary";

/** Files that the submodels of a shell name, manuals and drawings as well as those beside its models, in their order; not the models themselves. At most 200. */
export function documentsOf(reader: RecordReader, shell: ShellRecord): readonly ModelDocument[] {
  const found: ModelDocument[] = [];
  for (const id of shell.submodels) {
    if (found.length >= MAX_DOCUMENTS) break;
    const record = recordOfAasId(reader, "submodel", id) as SubmodelRecord | undefined;
    const submodel = record === undefined ? undefined : submodelOf(reader, record.id);
    if (submodel !== undefined) addFiles(found, reader, submodel, submodel, "");
  }
  return found.slice(0, MAX_DOCUMENTS);
}

function addFiles(
  found: ModelDocument[],
  reader: RecordReader,
  submodel: Submodel,
  parent: Submodel | SubmodelElement,
  above: string,
): void {
  const list = parent.modelType === "SubmodelElementList";
  childrenOf(parent).forEach((element, index) => {
    const path = list ? `${above}[${index}]` : `${above}${above === "" ? "" : "."}${element.idShort ?? ""}`;
    if (element.modelType === "File" && element.value !== undefined && element.value !== "" && element.contentType !== FMU) {
      const stored = fileRecord(reader, submodel.id, element.value);
      found.push({
        name: stored?.name ?? element.value.split("/").at(-1) ?? element.value,
        contentType: stored?.contentType ?? element.contentType ?? "",
        submodel: submodel.id,
        submodelName: submodel.idShort ?? submodel.id,
        path,
        ...(stored === undefined ? {} : { size: stored.size }),
      });
    }
    addFiles(found, reader, submodel, element, path);
  });
}
