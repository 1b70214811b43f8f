import type { Shell } from "@doppelwerk/aas";
import {
  assetIdsOfLink,
  gs1LinkOf,
  parseIdentification,
  type AssetIdChoice,
  type IdentificationLink,
} from "@doppelwerk/aas/identification";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Identified, IdentifiedShell } from "@doppelwerk/ports";
import { assetIdKey, LIVE, type RecordReader, type ShellRecord, type WorldView } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";

/** One label may be on the shells of a type and of its items. */
const MOST = 20;

/**
 * The shells of a code, as the view lets them be seen. As many look-ups in an index are made whether there is one, one that may not be read, or none, so that
 * neither the answer nor its time tells. Errors: DW_INVALID.
 */
export function identified(documents: Pick<WorldView, "reader">, link: string): Identified {
  const found = parseIdentification(link);
  if (found === undefined) throw new DoppelwerkError("DW_INVALID", message("assets.identifiesNothing"));
  const reader = documents.reader(LIVE);
  const { exact, wider } = assetIdsOfLink(found);
  const shells = [...shellsOf(reader, exact, true), ...shellsOf(reader, wider, false)];
  const once = shells.filter(({ id }, index) => shells.findIndex((each) => each.id === id) === index);
  return { kind: found.kind, canonical: canonicalOf(found), shells: once.slice(0, MOST) };
}

function shellsOf(reader: RecordReader, choices: readonly AssetIdChoice[], exact: boolean): readonly IdentifiedShell[] {
  return choices.flatMap((choice) => {
    const [first] = choice;
    const records = reader.query({
      kind: "shell",
      index: { name: "assetId", value: assetIdKey(first!.name, first!.value) },
    }) as readonly ShellRecord[];
    return records.filter((record) => hasAll(record, choice)).map((record) => shown(record, exact));
  });
}

function hasAll({ body }: ShellRecord, choice: AssetIdChoice): boolean {
  const { globalAssetId, specificAssetIds = [] } = assetOf(body);
  return choice.every(({ name, value }) =>
    name === "globalAssetId"
      ? globalAssetId === value
      : specificAssetIds.some((id) => assetIdKey(id.name, id.value) === assetIdKey(name, value)),
  );
}

function assetOf(body: ShellRecord["body"]): Shell["assetInformation"] {
  return (body as unknown as Pick<Shell, "assetInformation">).assetInformation;
}

function shown({ aasId: id, idShort, body }: ShellRecord, exact: boolean): IdentifiedShell {
  const { globalAssetId } = assetOf(body);
  return { id, idShort, exact, ...(globalAssetId !== undefined && { asset: globalAssetId }) };
}

function canonicalOf(found: IdentificationLink): string {
  if (found.kind === "gs1") return gs1LinkOf(found.gs1);
  return found.kind === "handle" ? `hdl:${found.handle.prefix}/${found.handle.suffix}` : found.link;
}
