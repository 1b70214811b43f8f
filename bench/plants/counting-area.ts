// An area without a flow beside the lines of a plant. Its signals count up, so that a value that is seen somewhere says when it was written.
import type { Environment } from "@doppelwerk/aas";
import { hierarchy } from "../../examples/demo-plant/src/engineering-file/hierarchy.ts";
import { interfacesDescription, type PlantEndpoints } from "../../examples/demo-plant/src/engineering-file/interfaces.ts";
import { assetId, below, ShellBook, submodelId } from "../../examples/demo-plant/src/engineering-file/shell-book.ts";
import { namespaceUri } from "../../examples/demo-plant/src/signals/signal-list.ts";
import type { PlantSignal } from "../../examples/demo-plant/src/signals/signal.ts";

const ASSET = "AirMain";
const ROLES = ["Pressure", "Flow", "FlowLine3"] as const;

/** @param first index of the first of them */
export function countingSignals(first: number): readonly PlantSignal[] {
  return ROLES.map((role, at): PlantSignal => {
    const name = `Utilities.${ASSET}.${role}`;
    return {
      index: first + at,
      name,
      asset: ASSET,
      role,
      title: { en: role, zh: role },
      type: "Double",
      recording: "change",
      address: { kind: "opcua", nodeId: `nsu=${namespaceUri};s=${name}` },
      unit: "1",
      low: 0,
      high: 1_000_000,
      resolution: 1,
    };
  });
}

export function withCountingArea(environment: Environment, signals: readonly PlantSignal[], endpoints: PlantEndpoints): Environment {
  const book = new ShellBook();
  const [area, hall] = ["Utilities", "Hall2"];
  book.add(area, { en: "Utilities", zh: "公用工程" }, [
    hierarchy(submodelId(area, "HierarchicalStructures"), { asset: assetId(area) }, below(ASSET), "UtilityNetwork"),
  ]);
  book.add(ASSET, { en: "Air network", zh: "压缩空气管网" }, [
    interfacesDescription(submodelId(ASSET, "AssetInterfacesDescription"), signals, endpoints, false),
  ]);
  const site = hierarchy(submodelId("Site", "HierarchicalStructures"), { asset: assetId("Site") }, below(hall, area));
  return {
    ...environment,
    assetAdministrationShells: [...(environment.assetAdministrationShells ?? []), ...book.shells],
    submodels: [...(environment.submodels ?? []).filter(({ id }) => id !== site.id), site, ...book.submodels],
  };
}
