import { elementAt } from "@doppelwerk/aas/id-short-path";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { external, list, property, toShell } from "../element.ts";

/** Semantic id of the submodel in which a place (functional location) says which asset, by its serial, stands there and stood there before (P12). */
export const INSTALLATION = "urn:doppelwerk:submodel:installation:1:0";

/** An asset stood in a place: the id of its shell, and from when to when, in µs since the epoch; `to` undefined = it stands there now. */
export interface Installed {
  readonly shell: string;
  readonly from: number;
  readonly to?: number;
}

/** Who stood in a place, in the order of the submodel; what cannot be read of it is left out. */
export function readInstallation(submodel: Submodel): readonly Installed[] {
  const periods = elementAt(submodel, "Periods");
  if (periods?.modelType !== "SubmodelElementList") return [];
  return (periods.value ?? []).flatMap((period): Installed[] => {
    if (period.modelType !== "SubmodelElementCollection") return [];
    const named = (idShort: string): SubmodelElement | undefined => period.value?.find((element) => element.idShort === idShort);
    const asset = named("Asset");
    const shell = asset?.modelType === "ReferenceElement" ? asset.value?.keys.at(-1)?.value : undefined;
    const [from, to] = [instantOf(named("From")), instantOf(named("To"))];
    return shell === undefined || from === undefined ? [] : [{ shell, from, ...(to !== undefined && { to }) }];
  });
}

function instantOf(element: SubmodelElement | undefined): number | undefined {
  const at = element?.modelType === "Property" ? Date.parse(element.value ?? "") : Number.NaN;
  return Number.isNaN(at) ? undefined : at * 1_000;
}

/** The submodel of a place with these periods. */
export function installationSubmodel(id: string, periods: readonly Installed[]): Submodel {
  return {
    modelType: "Submodel",
    id,
    idShort: "Installation",
    semanticId: external(INSTALLATION),
    submodelElements: [
      list(
        "Periods",
        periods.map(({ shell, from, to }) => [
          { modelType: "ReferenceElement", idShort: "Asset", value: toShell(shell) },
          property("From", "xs:dateTime", timeText(from)),
          ...(to === undefined ? [] : [property("To", "xs:dateTime", timeText(to))]),
        ]),
      ),
    ],
  };
}

function timeText(at: number): string {
  return new Date(at / 1_000).toISOString();
}

/** The periods after an asset was put in the place, or taken out of it (`undefined`), at an instant: who stood there until then stood there to then. */
export function swapped(periods: readonly Installed[], shell: string | undefined, at: number): readonly Installed[] {
  const ended = periods.map((period) => (period.to === undefined ? { ...period, to: Math.max(period.from, at) } : period));
  return shell === undefined ? ended : [...ended, { shell, from: at }];
}

/** How long an asset stood in a place in all, in µs up to an instant: what wears by time wears with the serial, wherever it stands. */
export function stoodFor(periods: readonly Installed[], shell: string, now: number): number {
  return periods.reduce((sum, { shell: of, from, to = now }) => sum + (of === shell ? Math.max(0, to - from) : 0), 0);
}
