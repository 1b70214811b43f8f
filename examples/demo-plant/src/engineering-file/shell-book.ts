import type { Shell, Submodel } from "@doppelwerk/aas";
import { languages, submodelReference } from "./element.ts";
import { installation, installedIn } from "./installation.ts";
import { nameplate, type NameplateData } from "./nameplate.ts";

const root = "urn:doppelwerk:demo-plant";

export interface Names {
  readonly en: string;
  readonly zh: string;
}

/** The shells of an engineering file as they are added, with their submodels. */
export class ShellBook {
  readonly shells: Shell[] = [];
  readonly submodels: Submodel[] = [];

  add(idShort: string, names: Names, parts: readonly (Submodel | undefined)[], asset = assetId(idShort)): void {
    const present = parts.filter((part) => part !== undefined);
    this.submodels.push(...present);
    this.shells.push({
      modelType: "AssetAdministrationShell",
      idShort,
      id: shellId(idShort),
      displayName: languages(names.en, names.zh),
      assetInformation: { assetKind: "Instance", globalAssetId: asset },
      submodels: present.map((part) => submodelReference(part.id)),
    });
  }

  /** A place and the machine that stands in it: its nameplate goes with the serial. */
  addWithMachine(place: string, names: Names, machine: NameplateData, parts: readonly (Submodel | undefined)[]): void {
    const serial = `SN_${machine.serialNumber}`;
    this.add(place, names, [...parts, installation(shellId(place), shellId(serial), installedIn(machine.year))]);
    const called = { en: `${machine.designation.en} ${machine.serialNumber}`, zh: `${machine.designation.zh} ${machine.serialNumber}` };
    this.add(serial, called, [nameplate(submodelId(serial, "Nameplate"), machine)], machine.instance);
  }
}

/** Entities of a hierarchy, by idShort of their shells. */
export function below(...ids: readonly string[]): readonly { readonly idShort: string; readonly asset: string }[] {
  return ids.map((idShort) => ({ idShort, asset: assetId(idShort) }));
}

export function shellId(idShort: string): string {
  return `${root}:shell:${idShort}`;
}

export function assetId(idShort: string): string {
  return `${root}:asset:${idShort}`;
}

export function submodelId(idShort: string, submodel: string): string {
  return `${root}:submodel:${idShort}:${submodel}`;
}
