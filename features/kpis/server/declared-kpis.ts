import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { KpiQuestion, KpiSource, LivePlaces } from "@doppelwerk/ports";
import { LIVE, type RecordId } from "@doppelwerk/world";
import type { DeclaredKpi } from "../contract.ts";
import type {} from "../message-codes.ts";

/** What packs declare, with what each is over a span. */
export async function declaredKpisOf(sources: readonly KpiSource[], question: KpiQuestion): Promise<DeclaredKpi[]> {
  const found = await Promise.all(
    sources.map(async ({ feature, pack, kpis, values }) => {
      const known = new Map((await values(question)).map((value) => [value.id, value]));
      return kpis.flatMap((kpi): DeclaredKpi[] => {
        const value = known.get(kpi.id);
        return value === undefined ? [] : [{ ...kpi, feature, pack, ...value }];
      });
    }),
  );
  return found.flat();
}

/** AAS ids of the shells of a place and of all in it. Errors: DW_NOT_FOUND where there is no such place, or it may not be read. */
export function shellsWithin(view: PlantView, places: LivePlaces | undefined, place: RecordId): ReadonlySet<string> {
  const reader = view.documents.reader(LIVE);
  const shells = (places?.within(place) ?? []).flatMap((id) => {
    const aasId = reader.get(id)?.["aasId"];
    return typeof aasId === "string" ? [aasId] : [];
  });
  if (shells.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.noSuchPlace", { id: place.slice(0, 200) }));
  return new Set(shells);
}
