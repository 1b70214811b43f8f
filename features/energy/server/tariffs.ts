import {
  documentChange,
  DoppelwerkError,
  faultsOf,
  hashedId,
  isSameJson,
  message,
  readDocument,
  textsOf,
  type Message,
} from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { BranchId, Change, Principal, RecordId } from "@doppelwerk/world";
import type { KnownTariff } from "../contract.ts";
import type {} from "../message-codes.ts";
import { bandsOfText, textOfBands } from "../model/tariff-text.ts";
import { MEDIA } from "../model/energy-units.ts";
import { energyTariff, TariffFields, TariffName, type StoredTariff } from "../model/tariff-kind.ts";

const documentId = (name: string): RecordId => hashedId("energyTariff", "name", name);

/** By medium, then by the day that each begins. */
export function tariffsOf(view: PlantView, branch: BranchId): readonly StoredTariff[] {
  return view.documents
    .reader(branch)
    .query({ kind: energyTariff.record })
    .flatMap((record) => readDocument(energyTariff, record) ?? [])
    .toSorted((a, b) => a.medium.localeCompare(b.medium) || (a.validFrom < b.validFrom ? -1 : 1));
}

export function listTariffs(view: PlantView, branch: BranchId): KnownTariff[] {
  return tariffsOf(view, branch).map(({ name, ...fields }) => ({ name, fields }));
}

/** Throws DW_CONFLICT where another one is stored than was expected (`null`: none). */
export async function storeTariff(
  view: PlantView,
  branch: BranchId,
  name: string,
  {
    fields,
    expected,
    reason,
  }: { readonly fields: TariffFields; readonly expected?: TariffFields | null | undefined; readonly reason?: string | undefined },
): Promise<KnownTariff> {
  const known = listTariffs(view, branch).find((each) => each.name === name);
  if (expected !== undefined && !isSameJson(known?.fields ?? null, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("energy.tariff.changed", { name }));
  const id = documentId(name);
  if (view.hides(branch, id)) throw new DoppelwerkError("DW_NOT_FOUND", message("energy.tariff.none", { name }));
  const change = documentChange(energyTariff, id, view.documents.reader(branch).get(id), { ...fields, name });
  if (change) await view.documents.apply({ branch, reason: reason || message("energy.tariff.stored", { name }), changes: [change] });
  return { name, fields };
}

/** Throws DW_NOT_FOUND. */
export async function removeTariff(view: PlantView, branch: BranchId, name: string, reason: string | undefined): Promise<void> {
  const record = view.documents.reader(branch).get(documentId(name));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("energy.tariff.none", { name: name.slice(0, 60) }));
  await view.documents.apply({
    branch,
    reason: reason || message("energy.tariff.removed", { name }),
    changes: [{ op: "delete", record }],
  });
}

const titleOf = (key: string) => textsOf(message(`energy.column.${key}` as "energy.column.name"));

const columnsOf = (): readonly ListColumn[] => [
  { key: "name", title: titleOf("name"), kind: "text", isRequired: true },
  { key: "title.en", title: titleOf("titleEn"), kind: "text", isRequired: true },
  { key: "title.zh", title: titleOf("titleZh"), kind: "text", isRequired: true },
  { key: "medium", title: titleOf("medium"), kind: "choice", choices: MEDIA, isRequired: true },
  { key: "currency", title: titleOf("currency"), kind: "text", isRequired: true },
  { key: "validFrom", title: titleOf("validFrom"), kind: "text", isRequired: true },
  { key: "validTo", title: titleOf("validTo"), kind: "text" },
  { key: "price", title: titleOf("price"), kind: "number", isRequired: true },
  { key: "bands", title: titleOf("bands"), kind: "text" },
  { key: "holidays", title: titleOf("holidays"), kind: "text" },
  { key: "demandCharge", title: titleOf("demandCharge"), kind: "number" },
];

/** Tariffs as a table of the lists, a row each; its bands are one text: `mon tue 08:00-10:00 0.27; sun 00:00-24:00 0.14`. */
export function tariffTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "energyTariffs",
    title: textsOf(message("energy.tariff.list")),
    columns: columnsOf(),
    key: "name",
    rows: async (principal, branch) => tariffsOf(viewOf(principal), branch).map(rowOf),
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, given] of rows.entries()) {
        const read = tariffOfRow(given);
        if ("fault" in read) {
          faults.push({ row, column: read.column, message: read.fault });
          continue;
        }
        const id = documentId(read.tariff.name);
        const change = documentChange(energyTariff, id, reader.get(id), read.tariff);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowOf({ name, title, medium, currency, validFrom, validTo, price, bands, holidays, demandCharge }: StoredTariff): ListRow {
  return {
    name,
    "title.en": title.en,
    "title.zh": title.zh,
    medium,
    currency,
    validFrom,
    ...(validTo !== undefined && { validTo }),
    price,
    ...(bands.length > 0 && { bands: textOfBands(bands) }),
    ...(holidays.length > 0 && { holidays: holidays.join(" ") }),
    ...(demandCharge !== undefined && { demandCharge }),
  };
}

function tariffOfRow(row: ListRow): { readonly tariff: StoredTariff } | { readonly fault: Message; readonly column: string } {
  const textOf = (key: string): string => String(row[key] ?? "").trim();
  const bands = bandsOfText(textOf("bands"));
  if (bands === undefined) return { fault: message("energy.fault.bands"), column: "bands" };
  const candidate = {
    name: textOf("name"),
    title: { en: textOf("title.en"), zh: textOf("title.zh") },
    medium: row["medium"],
    currency: textOf("currency"),
    validFrom: textOf("validFrom"),
    ...(textOf("validTo") !== "" && { validTo: textOf("validTo") }),
    price: row["price"],
    bands,
    holidays: textOf("holidays") === "" ? [] : textOf("holidays").split(/[\s,;]+/),
    ...(row["demandCharge"] !== undefined && { demandCharge: row["demandCharge"] }),
  };
  if (!TariffName.safeParse(candidate.name).success)
    return { fault: message("energy.fault.name", { name: candidate.name.slice(0, 60) }), column: "name" };
  const parsed = TariffFields.safeParse(candidate);
  if (parsed.success) return { tariff: { ...parsed.data, name: candidate.name } };
  const path = (parsed.error.issues[0]?.path ?? []).map(String);
  const column = columnsOf().find(({ key }) => key === path.slice(0, 2).join(".") || key === path[0])?.key ?? "name";
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column };
}
